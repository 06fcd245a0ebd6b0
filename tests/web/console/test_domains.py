"""Domains in the console: the review by one key each, the list, and a CRM's accounts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from nudger.domain.reasons import Reason
from nudger.store import audit, outside, people
from nudger.worker import outgoing
from tests.browser import open_browser, wait_for_focus
from tests.office import ANA
from tests.web.answer.test_page import DESKTOP, focused
from tests.web.answer.test_router import Fields
from tests.web.console.conftest import send, token_of
from tests.web.rep.test_page import carry_over

PATH, OURS = "/console/domains", "ourco.example"


@pytest.fixture
def busy(pages):
    """Two calls with ACME and one with Globex are ahead, and the dentist."""
    office = pages.office
    now = office.world.now()
    office.meet(title="ACME: pilot")
    office.meet("call2", title="ACME: proposal", start=now + timedelta(days=3))
    office.meet("call3", title="Globex intro", guests=[ANA, "sam@globex.example"],
                start=now + timedelta(days=4))  # fmt: skip
    office.meet("call4", title="Check-up", guests=[ANA, "p@zahnarzt-lang.example"],
                start=now + timedelta(days=5))  # fmt: skip
    outgoing(office.ctx)
    return pages


def listed(pages):
    """What is listed beside our own domain."""
    with pages.office.ctx.database.read() as tx:
        known = dict(people.list_domains(tx))
    assert known.pop(OURS) == "ours"
    return known


def review(client, **query):
    return Fields(client.get(PATH, params=query).text).text


def test_what_each_answer_would_change_is_shown(busy, kim):
    page = review(kim)
    assert "acme.example" in page
    assert "2 meetings, 2 ahead." in page
    assert "ACME: pilot" in page
    gone = "Would no longer be asked about: 2 meetings of 1 domain (acme.example)."
    assert page.count(gone) == 2
    assert "zahnarzt-lang.example" in page


def test_one_after_the_other_is_said(busy, kim):
    said = send(kim, f"{PATH}/say", PATH, domain="acme.example", said="customer")
    assert said.headers["location"] == f"{PATH}?said=acme.example"
    page = Fields(kim.get(said.headers["location"]).text).text
    assert "acme.example is customer." in page
    assert "globex.example" in page
    send(kim, f"{PATH}/say", PATH, domain="globex.example", said="later")
    send(kim, f"{PATH}/say", PATH, domain="zahnarzt-lang.example", said="never")
    assert listed(busy) == {"acme.example": "customer", "zahnarzt-lang.example": "never"}
    assert "No outside domain waits" in review(kim)


@pytest.mark.parametrize("said", ["partner", "later"])
def test_what_was_said_is_taken_back(busy, kim, said):
    send(kim, f"{PATH}/say", PATH, domain="acme.example", said=said)
    assert "Take back" in kim.get(PATH, params={"said": "acme.example"}).text
    send(kim, f"{PATH}/undo", PATH, domain="acme.example")
    assert listed(busy) == {}
    assert "2 meetings, 2 ahead." in review(kim)


def test_what_another_admin_said_meanwhile_stays(busy, kim):
    send(kim, f"{PATH}/say", PATH, domain="acme.example", said="customer")
    late = send(kim, f"{PATH}/say", PATH, domain="acme.example", said="never")
    assert listed(busy) == {"acme.example": "customer"}
    assert "was listed meanwhile" in kim.get(late.headers["location"]).text


@pytest.mark.parametrize("said", ["", "ours", "x"])
def test_nothing_else_can_be_said(busy, kim, said):
    send(kim, f"{PATH}/say", PATH, domain="acme.example", said=said)
    assert listed(busy) == {}


def test_a_link_says_nothing_that_is_not_so(busy, kim):
    for query in ({"said": "evil.example is ours"}, {"kept": "evil.example"}):
        assert "evil" not in kim.get(PATH, params=query).text


def test_the_trail_has_how_much_changed_and_who_did(busy, kim):
    send(kim, f"{PATH}/say", PATH, domain="acme.example", said="customer")
    with busy.office.ctx.database.read() as tx:
        last = audit.after(tx, 0)[-1].step
    assert last.reason is Reason.DOMAINS_CHANGED
    assert {"listed": 1, "forgotten": 0, "admin": 1}.items() <= last.detail.items()


def test_an_auditor_sees_what_waits_and_no_forms(busy, alex):
    page = alex.get(PATH).text
    assert "acme.example" in page
    assert f'action="{PATH}' not in page
    for path in (f"{PATH}/list", f"{PATH}/import"):
        assert 'method="post" action="/console/domains' not in alex.get(path).text


# The list


def change(client, entries, kind, **more):
    page = f"{PATH}/list"
    return send(client, page, page, entries=entries, kind=kind, **more)


def test_what_changes_nothing_is_done_at_once(busy, kim):
    assert change(kim, "Initech.example, hooli.example", "ours").status_code == 303
    assert listed(busy) == {"initech.example": "ours", "hooli.example": "ours"}


def test_what_would_stop_is_shown_first(busy, kim):
    asked = change(kim, "acme.example\nglobex.example", "never")
    assert asked.status_code == 200
    assert "no longer be asked about: 3 meetings of 2 domains" in asked.text
    assert listed(busy) == {}
    assert change(kim, "acme.example\nglobex.example", "never", sure="yes").status_code == 303
    assert listed(busy) == {"acme.example": "never", "globex.example": "never"}
    outgoing(busy.office.ctx)
    removed = change(kim, "acme.example", "forget")
    assert "asked about from now on: 2 meetings of 1 domain" in removed.text
    change(kim, "acme.example", "forget", sure="yes")
    assert listed(busy) == {"globex.example": "never"}


@pytest.mark.parametrize(
    ("entries", "kind", "says"),
    [
        ("", "never", "one domain or address at least"),
        ("co.uk", "never", "public suffix"),
        ("acme", "never", "neither a domain"),
        ("acme.example", "", "Say what they are"),
        ("a.example " * 5001, "never", "import them as a file"),
    ],
)
def test_what_is_wrong_is_said_and_stays_typed(kim, pages, entries, kind, says):
    answered = change(kim, entries, kind)
    assert (answered.status_code, says in answered.text) == (422, True)
    assert entries.strip() in answered.text
    assert listed(pages) == {}


def test_the_list_is_looked_through_a_page_at_a_time(pages, kim):
    names = [f"c{at:03}.example" for at in range(150)]
    with pages.office.ctx.database.begin() as tx:
        people.set_domains(tx, names, "customer", pages.office.ctx.clock())
    path = f"{PATH}/list"
    first = kim.get(path).text
    assert "151 entries in all" in first
    shown = re.findall(r"<strong>(c\d+\.example)", first)
    assert shown == names[:100]
    more = re.search(rf'href="({path}\?[^"]*after=[^"]+)"', first)[1].replace("&amp;", "&")
    assert re.findall(r"<strong>(c\d+\.example)", kim.get(more).text) == names[100:]
    assert "c007.example" in kim.get(path, params={"find": "C007"}).text
    assert "c007" not in kim.get(path, params={"kind": "ours"}).text


# A CRM's accounts

ACCOUNTS = (
    "Account Name;Website\nACME;https://www.acme.example/\nGlobex;globex.example\n"
    "Umbrella;\nHooli;not a domain\nOwn;ourco.example\n"
)


def upload(client, content, **fields):
    page = f"{PATH}/import"
    data = {"token": token_of(client, page), "kind": "customer", **fields}
    files = {"file": ("accounts.csv", content, "text/csv")}
    return client.post(page, data=data, files=files)


def hidden(text):
    return re.search(r'<textarea name="entries" hidden>([^<]*)', text)[1]


def test_a_file_is_looked_at_and_then_taken(busy, kim):
    looked = upload(kim, ACCOUNTS.encode())
    text = Fields(looked.text).text
    assert looked.status_code == 200, looked.text
    assert "5 accounts, by the column Website" in text
    assert "Line 5: not" in text
    assert "ourco.example" in text
    assert hidden(looked.text).split() == ["acme.example", "globex.example"]
    assert listed(busy) == {}
    data = {"entries": hidden(looked.text) + "\nourco.example", "kind": "customer"}
    assert send(kim, f"{PATH}/import-now", PATH, **data).status_code == 303
    assert listed(busy) == {"acme.example": "customer", "globex.example": "customer"}


def test_what_an_import_would_stop_is_shown(busy, kim):
    looked = upload(kim, b"acme.example\n", kind="never").text
    assert "no longer be asked about: 2 meetings" in looked


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Choose a file"),
        (b"PK\x03\x04 a workbook", "save the sheet as CSV"),
        (b"name\nAda\n", "no column holds domains"),
    ],
)
def test_what_is_no_list_is_said(kim, content, says):
    looked = upload(kim, content)
    assert (looked.status_code, says in looked.text) == (422, True)


def test_a_file_may_be_larger_than_a_form_and_has_an_end(kim):
    lines = b"".join(b"a-company-of-number-%d.example\n" % at for at in range(6_000))
    looked = upload(kim, lines)
    assert looked.status_code == 200
    parts = re.findall(r'<textarea name="entries" hidden>([^<]*)', looked.text)
    data = {"token": token_of(kim), "entries": parts, "kind": "customer"}
    assert kim.post(f"{PATH}/import-now", data=data).status_code == 303
    assert "6001 entries in all" in kim.get(f"{PATH}/list").text
    assert upload(kim, b"x" * 5_000_000).status_code == 413
    assert change(kim, "a.example " * 7000, "never").status_code == 413


# In a browser


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture
def page(browser, busy, kim):
    context = browser.new_context(viewport=DESKTOP)
    carry_over(kim, context, busy.url)
    opened = context.new_page()
    problems = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()
    assert problems == []


def test_domains_are_said_by_one_key_each(page, busy):
    page.goto(f"{busy.url}{PATH}")
    wait_for_focus(page, "acme.example")
    assert focused(page) == "current"
    expect(page.get_by_text("no longer be asked about: 2 meetings").first).to_be_visible()
    page.keyboard.press("c")
    page.get_by_role("heading", name="globex.example").wait_for()
    wait_for_focus(page, "globex.example")
    page.keyboard.press("n")
    page.get_by_role("heading", name="zahnarzt-lang.example").wait_for()
    wait_for_focus(page, "zahnarzt-lang.example")
    assert listed(busy) == {"acme.example": "customer", "globex.example": "never"}
    page.get_by_role("button", name="Take back").click()
    page.get_by_role("heading", name="globex.example").wait_for()
    wait_for_focus(page, "globex.example")
    page.keyboard.press("l")
    page.get_by_text("is shown again in a month").wait_for()
    with busy.office.ctx.database.read() as tx:
        assert outside.reviews(tx)["globex.example"].put_off_until is not None


def test_a_key_does_nothing_elsewhere(page, busy):
    page.goto(f"{busy.url}{PATH}")
    page.get_by_role("link", name="The list").focus()
    page.keyboard.press("c")
    page.keyboard.press("n")
    page.get_by_role("link", name="The list").press("Enter")
    page.get_by_label("Domains or addresses").fill("cnpl")
    assert listed(busy) == {}


def test_without_scripts_the_buttons_do_the_same(browser, busy, kim):
    context = browser.new_context(viewport=DESKTOP, java_script_enabled=False)
    carry_over(kim, context, busy.url)
    page = context.new_page()
    page.goto(f"{busy.url}{PATH}")
    page.get_by_role("button", name="Partner").click()
    page.get_by_role("heading", name="globex.example").wait_for()
    assert listed(busy) == {"acme.example": "partner"}
    context.close()


def test_a_list_with_a_bad_line_is_imported(page, busy):
    page.goto(f"{busy.url}{PATH}/import")
    file = {"name": "accounts.csv", "mimeType": "text/csv", "buffer": ACCOUNTS.encode()}
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_text("Line 5: not").wait_for()
    page.get_by_role("button", name="Import the rest: 2 domains").click()
    page.get_by_text("3 entries in all").wait_for()
    assert set(listed(busy)) == {"acme.example", "globex.example"}

"""Reps and teams in the console: how each stands, pauses, many at once, forgetting."""

from __future__ import annotations

import re

import pytest

from nudger.admin.rep_choices import ask_to_be_forgotten
from nudger.domain.reasons import Reason
from nudger.jobs.scan import scan
from nudger.store import audit, controls, people
from nudger.store.controls import read_controls
from tests.browser import open_browser
from tests.office import ANA
from tests.web.answer.test_page import DESKTOP
from tests.web.answer.test_router import Fields
from tests.web.console.conftest import send, token_of
from tests.web.rep.test_page import carry_over

PATH = "/console/reps"
LEA = "lea@ourco.example"


def found(pages, email):
    with pages.office.ctx.database.read() as tx:
        return people.find_rep(tx, email)


def own_page(pages, client, email=ANA):
    return Fields(client.get(f"{PATH}/{found(pages, email).id}").text).text


def text_of(client, path=PATH, **query):
    return Fields(client.get(path, params=query).text).text


def test_each_rep_is_told_with_what_holds_their_mails(pages, kim):
    assert "gets questions" in text_of(kim)
    rep = found(pages, ANA)
    with pages.office.ctx.database.begin() as tx:
        controls.give_up(tx, rep.id, pages.office.ctx.clock())
        people.set_state(tx, rep.id, rep.state.PAUSED, Reason.PAUSE.value)
    page = text_of(kim)
    assert Reason.UNREACHABLE.words in page
    assert Reason.PAUSE.words in page
    assert Reason.UNREACHABLE.words in own_page(pages, kim)


def test_a_rep_is_paused_and_resumed(pages, kim):
    for action, is_paused in (("pause", True), ("resume", False)):
        done = send(kim, f"{PATH}/{action}", email=ANA)
        assert done.headers["location"] == f"{PATH}/{found(pages, ANA).id}"
        with pages.office.ctx.database.read() as tx:
            assert bool(read_controls(tx).paused_reps) is is_paused
        assert (Reason.SENDING_PAUSED.words in own_page(pages, kim)) is is_paused
    assert send(kim, f"{PATH}/pause", email="nobody@ourco.example").status_code == 404


def test_what_waits_is_shown_with_why(pages, kim):
    pages.office.meet()
    scan(pages.office.ctx)
    page = own_page(pages, kim)
    assert Reason.BOOKED_LATE.words in page or Reason.DAY_BEFORE.words in page
    assert "call on " in page


def test_a_rep_is_added_and_changed(pages, kim):
    entry = {"email": "Lea@ourco.example", "name": "Léa", "provider": "google", "language": "fr"}
    added = send(kim, f"{PATH}/add", f"{PATH}/add", **entry)
    assert added.headers["location"] == f"{PATH}/{found(pages, LEA).id}"
    assert found(pages, LEA).language == "fr"
    send(kim, f"{PATH}/add", f"{PATH}/add", email=LEA, provider="google")
    assert found(pages, LEA).language is None
    with pages.office.ctx.database.read() as tx:
        last = audit.after(tx, 0)[-1].step
    assert last.reason is Reason.REPS_CHANGED
    assert {"added": 0, "changed": 1, "admin": 1}.items() <= last.detail.items()


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"email": "lea"}, "is not a mail address"),
        ({"email": LEA, "time_zone": "Mars"}, "is not a time zone"),
        ({"email": LEA, "team": "emea"}, "there are none yet"),
        ({"email": LEA, "manager": "boss@elsewhere.example"}, "within your own domains"),
        ({"email": LEA, "manager": LEA}, "their own manager"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(pages, kim, entry, says):
    answered = send(kim, f"{PATH}/add", f"{PATH}/add", **entry)
    assert (answered.status_code, says in Fields(answered.text).text) == (422, True)
    assert found(pages, LEA) is None


def upload(client, content):
    page = f"{PATH}/import"
    files = {"file": ("team.csv", content, "text/csv")}
    return client.post(page, data={"token": token_of(client, page)}, files=files)


def hidden(text):
    import html

    return html.unescape(re.search(r'<textarea name="content" hidden>\n([^<]*)', text)[1])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_file_is_looked_at_and_then_saved(pages, kim, encoding):
    content = f'email;name;language\n{LEA};"Léa; <b>";fr\n{ANA};Ana;\n'.encode(encoding)
    looked = upload(kim, content)
    assert "1 new, 1 known." in Fields(looked.text).text
    assert found(pages, LEA) is None
    saved = send(kim, f"{PATH}/import-now", content=hidden(looked.text))
    assert saved.headers["location"] == PATH
    assert (found(pages, LEA).name, found(pages, LEA).language) == ("Léa; <b>", "fr")


def test_each_wrong_line_is_said_and_nothing_can_be_saved(pages, kim):
    content = f"email,time_zone\n{LEA},Europe/Paris\nnobody,\nben@ourco.example,Mars\n".encode()
    looked = upload(kim, content)
    text = Fields(looked.text).text
    assert "Line 3" in text
    assert "'Mars' is not a time zone" in text
    assert "import-now" not in looked.text
    assert send(kim, f"{PATH}/import-now", content=content.decode()).status_code == 422
    assert found(pages, LEA) is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Choose a file"),
        (b"mail\nx@y.com\n", "the first line must name columns"),
        (b"email,team\nlea@ourco.example,emea\n", "there are none yet"),
    ],
)
def test_what_is_no_list_of_reps_is_said(kim, content, says):
    looked = upload(kim, content)
    assert (looked.status_code, says in looked.text) == (422, True)


def test_who_asked_to_be_forgotten_is_shown_and_forgotten(asked, kim):
    rep = found(asked, ANA)
    with asked.office.ctx.database.begin() as tx:
        ask_to_be_forgotten(asked.office.ctx, tx, rep)
    assert "They asked to be forgotten" in own_page(asked, kim)
    path = f"{PATH}/{rep.id}/forget"
    assert "1 coming ones emptied" in text_of(kim, path) or "1 meeting" in text_of(kim, path)
    refused = send(kim, path, again="ben@ourco.example")
    assert (refused.status_code, "once more" in refused.text) == (422, True)
    assert found(asked, ANA) is not None
    done = send(kim, path, again=ANA.upper())
    assert (done.status_code, "is watched no more" in done.text) == (200, True)
    assert found(asked, ANA) is None
    assert kim.get(f"{PATH}/{rep.id}").status_code == 404


def test_teams_are_told_with_their_reps(pages, kim):
    with pages.office.ctx.database.begin() as tx:
        rep = people.find_rep(tx, ANA)
        entered = people.as_entered(rep)
        people.add_rep(tx, type(entered)(**{**_fields(entered), "team": "gone"}),
                       pages.office.ctx.clock())  # fmt: skip
    assert "Teams: gone 1" in text_of(kim)
    assert "Not in the file" in text_of(kim, f"{PATH}/teams")
    assert "No rep fits" in text_of(kim, team="another")


def _fields(entered):
    return {name: getattr(entered, name) for name in entered.__slots__}


def test_an_auditor_sees_reps_and_no_forms(pages, alex):
    rep = found(pages, ANA)
    for path in (PATH, f"{PATH}/add", f"{PATH}/import", f"{PATH}/{rep.id}",
                 f"{PATH}/{rep.id}/forget"):  # fmt: skip
        page = alex.get(path)
        assert page.status_code == 200, path
        assert 'method="post" action="/console/reps' not in page.text, path


@pytest.mark.parametrize("number", ["999", "2147483648", "9" * 30])
def test_a_rep_who_is_none_is_not_there(kim, number):
    assert kim.get(f"{PATH}/{number}").status_code == 404


def test_a_file_with_a_bad_line_is_mended_and_saved(pages, kim):
    with open_browser() as browser:
        context = browser.new_context(viewport=DESKTOP)
        carry_over(kim, context, pages.url)
        page = context.new_page()
        page.goto(f"{pages.url}{PATH}/import")
        for content in ("email\nnobody\n", f"email\n{LEA}\n"):
            file = {"name": "t.csv", "mimeType": "text/csv", "buffer": content.encode()}
            page.get_by_label("File").set_input_files(file)
            page.get_by_role("button", name="Look at it").click()
            if "nobody" in content:
                page.get_by_text("'nobody' is not a mail address").wait_for()
                page.get_by_role("link", name="Choose another file").click()
        page.get_by_role("button", name="Save 1 rep").click()
        page.get_by_role("link", name=LEA).wait_for()
        context.close()

"""The templates in the console: looked at while they are typed, judged, saved, mailed, taken back."""

from __future__ import annotations

import html
import os
import re

import pytest
from playwright.sync_api import expect

from nudger.domain.reasons import Reason
from nudger.mail.inbound import parse_mail
from nudger.store import audit
from nudger.web.console.previews import MOST_KEPT, Previews
from nudger.web.console.template_editor import MOST_MAILS
from tests.browser import open_browser
from tests.office import ANA, run_once
from tests.web.answer.test_page import DESKTOP
from tests.web.answer.test_router import Fields
from tests.web.console.conftest import KIM, token_of
from tests.web.rep.test_page import carry_over

PATH = "/console/templates"
FILE = "en/question.txt.j2"
OWN = "{% include '_top.txt.j2' %}\nHello from Ourco: {{ title }}\n"


@pytest.fixture
def office(office):
    (office.folder / "own").mkdir()
    office.configure('templates = "own"\n')
    return office


def file_of(pages, path=FILE):
    return pages.office.folder / "own" / path


def shown(response):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.text)).split())


def editor(client, path=FILE):
    return client.get(f"{PATH}/edit", params={"file": path})


def send(client, button, text=OWN, path=FILE, **more):
    hidden = Fields(editor(client, path).text).hidden
    data = {**hidden, "text": text.replace("\n", "\r\n"), "button": button, **more}
    return client.post(f"{PATH}/edit", data=data)


def frame(client, response):
    return client.get(re.search(rf'src="({PATH}/look/\w+)"', response.text)[1])


def changed(pages):
    with pages.office.ctx.database.read() as tx:
        return [one.step.detail for one in audit.latest(tx, Reason.TEMPLATE_CHANGED, 9)]


def test_a_text_is_saved_and_the_next_question_says_it(pages, kim):
    assert "as shipped" in shown(kim.get(PATH))
    saved = send(kim, "save")
    assert (saved.status_code, file_of(pages).read_text()) == (303, OWN)
    assert "yours: Plain text" in shown(kim.get(PATH))
    pages.office.meet()
    run_once(pages.office.ctx)
    (mail,) = pages.office.inbox(ANA)
    assert "Hello from Ourco: ACME: pilot review" in str(parse_mail(mail.raw).plain)
    (detail,) = changed(pages)
    assert (detail["template"], detail["change"]) == (FILE, "saved")
    assert "Ourco" not in str(detail)
    assert KIM in shown(editor(kim))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a\n{{ nosuch }}", "en/question.txt.j2, line 2: 'nosuch' is undefined"),
        ("a\nb\n{{ title | safe }}", "line 3: there is no filter 'safe' for mails"),
        ("{{ ''.__class__ }}", "line 1: access to attribute '__class__' is unsafe"),
        ("{% if %}", "line 1"),
        ("{% include 'nosuch.j2' %}", "no template nosuch.j2"),
        ("\n\n", "line 1: it says nothing"),
        ("x" * 200_001, "at most 200000 characters"),
    ],
)
def test_what_makes_no_mail_is_refused_with_its_line_and_stays_typed(pages, kim, text, says):
    for button, status in (("save", 422), ("look", 200), ("mail", 422)):
        answered = send(kim, button, text)
        assert (answered.status_code, says in shown(answered)) == (status, True), button
        assert (
            html.escape(text.strip(), quote=True)[:20].replace("&#x27;", "&#39;") in answered.text
        )
    assert not file_of(pages).exists()
    assert changed(pages) == []


def test_looking_writes_nothing_and_the_frame_runs_nothing(pages, kim):
    path = "en/question.html.j2"
    typed = "<p style='color:red'>{{ title }}</p><script>alert(1)</script>"
    looked = {}

    def look():
        looked["page"] = send(kim, "look", typed, path)
        looked["frame"] = frame(kim, looked["page"])

    written = [one for one in pages.office.statements(look) if not one.startswith("SELECT")]
    assert [one for one in written if re.match("INSERT|UPDATE|DELETE", one)] == []
    assert not file_of(pages, path).exists()
    page, framed = looked["page"], looked["frame"]
    assert page.text.count("<iframe sandbox title=") == 2
    assert "unsafe" not in page.headers["content-security-policy"]
    policy = framed.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "; sandbox" in policy
    assert "script-src" not in policy
    assert "ACME: pilot review" in framed.text
    assert "Not saved yet" in page.text


def test_a_look_is_of_one_session_and_of_the_latest(kim, come_in, pages):
    address = re.search(rf'src="({PATH}/look/\w+)"', editor(kim).text)[1]
    assert kim.get(address).status_code == 200
    assert come_in(KIM).get(address).status_code == 404
    previews = Previews()
    names = [previews.keep("s", str(at)) for at in range(MOST_KEPT + 1)]
    assert previews.show("s", names[0]).status_code == 404
    assert previews.show("s", names[-1]).status_code == 200


def test_of_two_who_save_neither_loses_a_text(pages, kim):
    hidden = Fields(editor(kim).text).hidden
    send(kim, "save", "Theirs: {{ title }}\n")
    mine = {**hidden, "text": "Mine: {{ title }}\n", "button": "save"}
    refused = kim.post(f"{PATH}/edit", data=mine)
    assert refused.status_code == 422
    for text in ("Somebody else changed it", "Theirs: {{ title }}", "Mine: {{ title }}"):
        assert text in shown(refused)
    assert file_of(pages).read_text() == "Theirs: {{ title }}\n"
    again = {**mine, "seen": Fields(refused.text).hidden["seen"]}
    assert kim.post(f"{PATH}/edit", data=again).status_code == 303
    assert file_of(pages).read_text() == "Mine: {{ title }}\n"
    assert file_of(pages).with_name("question.txt.j2.old").read_text() == "Theirs: {{ title }}\n"


def test_the_shipped_one_is_taken_again_and_the_own_text_is_kept(pages, kim):
    send(kim, "save")
    asked = kim.get(f"{PATH}/reset", params={"file": FILE})
    assert "Hello from Ourco" in shown(asked)
    hidden = Fields(asked.text).hidden
    assert kim.post(f"{PATH}/reset", data=hidden).status_code == 303
    assert not file_of(pages).exists()
    assert file_of(pages).with_name("question.txt.j2.old").read_text() == OWN
    assert "the shipped one again" in shown(kim.get(PATH))
    assert kim.post(f"{PATH}/reset", data=hidden).status_code == 422


def test_the_shipped_text_saved_is_no_text_of_ones_own(pages, kim):
    shipped = html.unescape(
        re.search(r"<textarea[^>]*>\n(.*?)</textarea>", editor(kim).text, re.S)[1]
    )
    assert "Nothing was changed" in shown(send(kim, "save", shipped))
    send(kim, "save")
    assert send(kim, "save", shipped).status_code == 303
    assert not file_of(pages).exists()


def test_a_language_has_a_text_of_its_own(pages, kim):
    assert send(kim, "save", "Guten Tag: {{ title }}", "de/question.txt.j2").status_code == 303
    assert "Guten Tag" not in shown(editor(kim))
    assert "Guten Tag: ACME" in shown(editor(kim, "de/question.txt.j2"))


def test_a_sample_is_mailed_to_the_admin_alone_and_not_too_often(pages, kim):
    with pages.office.world.lock:
        pages.office.world.mailboxes.of(KIM)
    for _ in range(MOST_MAILS):
        assert f"It was mailed to {KIM}" in shown(send(kim, "mail"))
    assert "are enough" in shown(send(kim, "mail"))
    mails = pages.office.inbox(KIM)
    assert len(mails) == MOST_MAILS
    read = parse_mail(mails[0].raw)
    assert read.subject.startswith("[Sample] ACME: pilot review")
    assert "Hello from Ourco" in str(read.plain)
    assert pages.office.inbox(ANA) == []
    assert not file_of(pages).exists()


def test_nobody_is_mailed_who_has_no_address_and_the_note_never(pages, kim, come_in):
    assert "no address is known" in shown(send(come_in(None), "mail"))
    assert "The note is never mailed" in shown(send(kim, "mail", "x", "en/note.txt.j2"))


def test_where_nothing_can_be_saved_it_says_what_to_do(pages, kim, monkeypatch):
    monkeypatch.setattr("nudger.admin.template_files.os.access", lambda _, mode: mode == os.F_OK)
    assert "cannot be written by this process" in shown(editor(kim))
    refused = send(kim, "save")
    assert (refused.status_code, file_of(pages).exists()) == (422, False)
    assert "Hello from Ourco" in shown(refused)


def test_what_the_disk_refuses_is_said(pages, kim, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nudger.admin.template_files.replace", full)
    assert "No space left on device" in shown(send(kim, "save"))
    assert changed(pages) == []


def test_an_auditor_reads_and_has_no_form(pages, alex):
    page = editor(alex)
    assert "<textarea" not in page.text
    assert frame(alex, page).status_code == 200
    data = {"token": token_of(alex), "file": FILE, "text": "x", "button": "look"}
    assert alex.post(f"{PATH}/edit", data=data).status_code == 403


@pytest.mark.parametrize("path", ["", "en/", "en/nosuch.txt.j2", "../own/x", "xx/question.txt.j2",
                                  "en/../en/question.txt.j2", "en/report.html.j2"])  # fmt: skip
def test_there_are_no_other_templates(kim, path):
    assert editor(kim, path).status_code == 404


def test_it_is_written_looked_at_refused_and_saved_in_a_browser(pages, kim):
    with open_browser() as browser:
        context = browser.new_context(viewport=DESKTOP)
        carry_over(kim, context, pages.url)
        page = context.new_page()
        page.goto(f"{pages.url}{PATH}/edit?file=en/question.html.j2")
        text, phone = page.locator("#text"), page.frame_locator(".phone iframe")
        expect(phone.get_by_text("ACME: pilot review")).to_be_visible()
        text.fill("<p>Hello {{ nosuch }}</p>")
        expect(page.get_by_role("alert")).to_contain_text("line 1: 'nosuch' is undefined")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert")).to_contain_text("line 1")
        expect(text).to_have_value("<p>Hello {{ nosuch }}</p>\n")
        page.wait_for_load_state()  # before that nobody looks at what is typed
        text.fill("<p>Hello {{ title }}</p>")
        expect(phone.get_by_text("Hello ACME: pilot review")).to_be_visible()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved: the next mail")).to_be_visible()
        context.close()
    assert file_of(pages, "en/question.html.j2").read_text() == "<p>Hello {{ title }}</p>\n"


def test_a_part_is_judged_in_the_languages_that_have_files_of_their_own(pages, kim):
    part = "en/_commands.txt.j2"
    assert send(kim, "save", "As {{ colleague }}", part).status_code == 303
    file_of(pages, "de").mkdir()
    file_of(pages, "de/weekly.txt.j2").write_text("{% include '_commands.txt.j2' %}")
    refused = send(kim, "save", "Is {{ colleague }}", part)
    assert (refused.status_code, "'colleague' is undefined" in shown(refused)) == (422, True)

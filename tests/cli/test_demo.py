"""The demonstration plays to its end and keeps its promises."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from queue import Empty, Queue
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import expect
from typer.testing import CliRunner

from nudger.cli import app
from nudger.sandbox.scenario import HTML_AGENDA, JOIN_LINES, TEAMS_BLOCK
from tests.browser import open_browser, visit
from tests.waiting import PATIENCE, wait_for

INBOX, CALENDAR = "/inbox/ana%40ourco.example", "/calendar/ana%40ourco.example"
QUESTION = "what will they agree to?"
PHONE = {"width": 390, "height": 844}
HARDLY_EVER = {"NUDGER_LISTEN_EVERY_SECONDS": "86400"}
"""How often the mailbox is listened to by itself where it is to be heard of at once what came."""


def play(*options):
    result = CliRunner().invoke(app, ["demo", "--auto", "--json", *options])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def played():
    return play()


@pytest.mark.parametrize("provider", ["microsoft", "both"])
def test_other_companies_keep_the_same_promises(provider):
    played = play("--provider", provider)
    assert played["guest_mails"] == 0
    assert len(played["asked"]) == 7
    assert len(played["written"]) == 7


def test_where_outlook_may_mail_guests_the_join_block_stays_byte_for_byte():
    played = play("--provider", "microsoft", "--outlook-may-notify-guests")
    written = {one["event_id"]: one for one in played["written"] if one["where"] == "meeting"}
    blocks = [
        one["description"].partition('<div style="width:100%">')[2] for one in written.values()
    ]
    expected = TEAMS_BLOCK.partition('<div style="width:100%">')[2]
    assert [block for block in blocks if block] == [expected] * 5
    assert played["guest_mails"] >= 5, "one for each write"


def test_no_guest_is_mailed(played):
    assert played["guest_mails"] == 0


def test_every_question_is_answered_and_written(played):
    assert len(played["asked"]) == 7
    assert 2 < played["replies"] <= 10, "one reply may answer several questions"
    assert {one["where"] for one in played["written"]} == {"meeting", "private"}


def test_the_better_answer_stands_after_the_coach_asked_back(played):
    (note,) = [n["description"] for n in played["written"] if n["event_id"] == "globexfirst"]
    assert "Mia agrees to a needs analysis" in note
    assert "stays interested" not in note


def test_what_a_description_held_is_still_there(played):
    by_id = {one["event_id"]: one["description"] for one in played["written"]}
    assert by_id["acmereview"].endswith(HTML_AGENDA)
    assert by_id["globexfirst"].endswith(JOIN_LINES)


def test_reasons_are_given_for_what_is_skipped(played):
    reasons = {one["reason"] for one in played["skipped"]}
    assert reasons >= {"no_customer", "private", "all_day", "declined", "title_word"}


def test_scripts_are_told_each_address(played):
    assert list(played["pages"]) == [
        "start", "inbox", "calendar", "answer", "rep", "manager", "console",
    ]  # fmt: skip
    assert all(address.startswith("http://") for address in played["pages"].values())


def test_calls_are_counted(played):
    assert played["api_calls"]["gmail.drafts.send"] >= len(played["asked"])


def test_a_port_in_use_is_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = subprocess.run(
            [sys.executable, "-m", "nudger", "demo", "--auto", "--port", port],
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    assert run.returncode == 1
    assert run.stderr.startswith(f"error: Port {port} cannot be used")


def test_json_is_for_scripts_alone():
    result = CliRunner().invoke(app, ["demo", "--json"])
    assert result.exit_code == 2
    assert "nudger demo --auto --json" in result.stderr


BEGINS_NO_FURTHER = """
from nudger.cli import main
from nudger.demo import stage

def waits(stop, look=stage.go_on_unless):
    stop.wait()
    look(stop)

stage.go_on_unless = waits
main()
"""
"""`nudger` whose demonstration, once it has a folder and nothing else, goes on when it is stopped."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("options", [(), ("--auto",)])
def test_stopped_before_it_has_begun_it_leaves_nothing_behind(tmp_path, number, options):
    run = subprocess.Popen(
        [sys.executable, "-c", BEGINS_NO_FURTHER, "demo", "--port", "0", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    wait_for(lambda: list(tmp_path.glob("nudger-demo-*")) or run.poll() is not None)
    run.send_signal(number)
    said, complaint = run.communicate(timeout=PATIENCE)
    assert (run.returncode, said) == (130, "")
    assert complaint == "Stopped before it had begun; nothing is left behind.\n"
    assert list(tmp_path.iterdir()) == []
    wait_for(lambda: not is_any_left_of(run.pid))


def is_any_left_of(group):
    """Whether a process of this group is still there, be it one that has ended and that nobody has
    taken note of yet."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


class Live:
    """A demonstration that somebody watches: its address, and the lines that it has printed."""

    def __init__(self, process):
        self.process = process
        self.lines = []
        self._coming = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._coming.put(line)

    def said(self, pattern):
        """What the pattern finds in a line, when that comes."""
        for line in self.lines:
            if found := re.search(pattern, line):
                return found[0]
        while True:
            try:
                self.lines.append(self._coming.get(timeout=PATIENCE))
            except Empty:
                raise AssertionError(f"not said: {pattern}\n{''.join(self.lines)}") from None
            if found := re.search(pattern, self.lines[-1]):
                return found[0]


@contextmanager
def live(*options):
    """A running demonstration, which ends as Ctrl-C ends it and says nothing on standard error."""
    process = subprocess.Popen(
        [sys.executable, "-m", "nudger", "demo", "--port", "0", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **HARDLY_EVER},
    )  # fmt: skip
    try:
        yield Live(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert process.stderr.read() == ""
    finally:
        process.kill()


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


def is_written(url, words):
    """Whether the words are in a green event."""
    with httpx.Client(base_url=url, timeout=PATIENCE) as client:
        green = re.findall(r'class="event noted[^"]*" href="([^"]+)"', client.get(CALENDAR).text)
        return any(words in client.get(event).text for event in green)


@pytest.fixture(scope="module", params=["google", "microsoft", "both"])
def demo(request):
    """One that runs for all that a visitor tries of it."""
    with live("--provider", request.param) as running:
        yield running


def sandbox_of(demo):
    return demo.said(r"http://127\.0\.0\.1:\d+(?=/$)")


def test_a_visitor_answers_by_mail_and_on_the_page(browser, demo):
    url = sandbox_of(demo)
    for path in (INBOX, CALENDAR):
        demo.said(re.escape(url + path))
    link = demo.said(r"http://127\.0\.0\.1:\d+/answer/[a-z2-7]{32}")
    page = browser.new_page(viewport=PHONE)
    visit(page, url)
    assert page.get_by_role("link", name="the answer page").get_attribute("href") == link
    visit(page, url + INBOX)
    page.locator(".list a", has_text=QUESTION).last.click()
    page.get_by_label("Your reply").fill("B: Dana agrees to a pilot by Monday")
    page.get_by_role("button", name="Send the reply").click()
    page.get_by_role("status").wait_for()
    wait_for(lambda: is_written(url, "Dana agrees to a pilot by Monday"))
    visit(page, url + INBOX)
    page.locator(".list a", has_text=QUESTION).last.click()
    with page.expect_popup() as opened:
        page.frame_locator("iframe").get_by_role("link", name="Answer on a page").click()
    answer_page = opened.value
    answer_page.get_by_role("link", name="ACME: pilot review").click()
    answer_page.get_by_label("By the end of this call").fill("Joe agrees to a test by Friday")
    answer_page.get_by_role("button", name="Save").click()
    wait_for(lambda: is_written(url, "Joe agrees to a test by Friday"))
    answer_page.close()
    page.close()


SIX_DIGITS = re.compile(r"\b(\d{3})\s+(\d{3})\b")


def signs_in(page, url, address):
    """Asks for a code, and types the one that the mail in the sandbox's inbox has."""
    page.get_by_label("Your mail address at work").fill(address)
    page.get_by_role("button", name="Mail me a code").click()
    inbox = page.context.new_page()
    visit(inbox, f"{url}/inbox/{quote(address)}")
    inbox.locator(".list a", has_text="Sign in to your Nudger page").first.click()
    body = inbox.frame_locator("iframe").locator("body")
    expect(body, "it is empty at first").to_contain_text(SIX_DIGITS)
    digits = SIX_DIGITS.search(body.inner_text())
    inbox.close()
    page.get_by_label("The six digits").fill("".join(digits.groups()))
    page.get_by_role("button", name="Come in").click()


def test_a_visitor_is_the_rep_and_at_the_same_time_the_manager(browser, demo):
    url = sandbox_of(demo)
    context = browser.new_context(viewport=PHONE)
    rep, manager = context.new_page(), context.new_page()
    visit(rep, demo.said(r"http://127\.0\.0\.1:\d+/me\b"))
    signs_in(rep, url, "ana@ourco.example")
    rep.get_by_role("heading", name="Your coming customer calls").wait_for()
    visit(manager, demo.said(r"http://localhost:\d+/team\b"))
    signs_in(manager, url, "lea@ourco.example")
    manager.get_by_text("ACME: pilot review").wait_for()
    expect(manager.get_by_text("Ben Okafor"), "he did not open his calls").to_be_visible()
    assert manager.get_by_text("Globex: security questions").count() == 0
    rep.reload()
    rep.get_by_role("heading", name="Your coming customer calls").wait_for()
    context.close()


def test_a_visitor_enters_the_console_with_the_code_that_was_printed(browser, demo):
    context = browser.new_context()
    page = context.new_page()
    visit(page, demo.said(r"http://127\.0\.0\.1:\d+/console\b"))
    page.get_by_label("Code").fill(demo.said(r"\b([A-Z2-9]{4}-){2}[A-Z2-9]{4}\b"))
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("heading", name="Overview").wait_for()
    context.close()


def test_a_visitor_signs_in_to_the_console_with_the_managers_account(browser, demo):
    context = browser.new_context()
    page = context.new_page()
    visit(page, demo.said(r"http://127\.0\.0\.1:\d+/console\b"))
    page.get_by_role("link", name="Sign in with").click()
    page.get_by_role("button", name="lea@ourco.example").click()
    page.get_by_role("heading", name="Overview").wait_for()
    context.close()

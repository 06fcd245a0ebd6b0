"""The pages, in a real browser: read the mail, reply, see the event change."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from tests.browser import open_browser

ANA = "ana@ourco.example"


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture
def page(browser) -> Page:
    opened = browser.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    opened.close()
    assert problems == []


def test_a_visitor_replies_and_sees_the_event_change(office, page):
    office.meet()
    scan(office.ctx)
    ask(office.ctx)
    page.goto(f"{office.server.url}/inbox/{quote(ANA)}")
    page.get_by_text("what will they agree to?").click()
    frame = page.frame_locator("iframe")
    assert frame.get_by_text("By the end of this call").last.is_visible()
    page.get_by_label("Your reply").fill("Dana agrees to a pilot\n2")
    page.get_by_role("button", name="Send the reply").click()
    assert page.get_by_role("status").is_visible()
    office.later(minutes=2)
    listen(office.ctx)
    understand(office.ctx)
    write(office.ctx)
    page.goto(f"{office.server.url}/calendar/{quote(ANA)}/call1")
    assert page.get_by_text("C.O.: Dana agrees to a pilot").is_visible()


def test_what_strangers_write_does_not_run(office, page):
    attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    office.meet(title=attack, description=attack)
    raw = (
        f"From: {attack} <eve@evil.example>\r\nTo: {ANA}\r\nSubject: {attack}\r\n"
        f"Content-Type: text/html\r\n\r\n{attack}\r\n"
    )
    office.world.mailboxes.receive(raw.encode())
    for path in (
        f"/inbox/{quote(ANA)}",
        f"/calendar/{quote(ANA)}",
        f"/calendar/{quote(ANA)}/call1",
    ):
        page.goto(office.server.url + path)
        page.wait_for_timeout(100)
        assert page.title() != "owned"
    page.goto(f"{office.server.url}/inbox/{quote(ANA)}")
    page.locator(".list a").first.click()
    page.wait_for_timeout(100)
    assert page.title() != "owned"


def test_a_click_lets_a_night_pass(office, page):
    page.goto(office.server.url)
    page.get_by_role("button", name="Go to the next morning").click()
    assert page.get_by_text("Tuesday, 24 November 2026, 09:05").is_visible()

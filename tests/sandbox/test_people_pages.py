"""The pages, in a real browser: read the mail, reply, see the event change."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Page, expect

from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.sandbox.doors import Doors
from nudger.sandbox.entries import Guest
from tests.browser import open_browser, visit
from tests.office import run_once

ANA = "ana@ourco.example"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
EVERY_SIZE = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
EVERY_SCHEME = pytest.mark.parametrize("scheme", ["light", "dark"])


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
    visit(page, f"{office.server.url}/inbox/{quote(ANA)}")
    page.get_by_text("what will they agree to?").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("By the end of this call").last).to_be_visible()
    page.get_by_label("Your reply").fill("Dana agrees to a pilot\n2")
    page.get_by_role("button", name="Send the reply").click()
    expect(page.get_by_role("status")).to_be_visible()
    office.later(minutes=2)
    listen(office.ctx)
    understand(office.ctx)
    write(office.ctx)
    visit(page, f"{office.server.url}/calendar/{quote(ANA)}/call1")
    expect(page.get_by_text("C.O.: Dana agrees to a pilot")).to_be_visible()


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
        visit(page, office.server.url + path)
        page.wait_for_timeout(100)
        assert page.title() != "owned"
    visit(page, f"{office.server.url}/inbox/{quote(ANA)}")
    page.locator(".list a").first.click()
    page.wait_for_timeout(100)
    assert page.title() != "owned"


def test_a_calendar_turns_its_weeks(office, page):
    office.meet(start=office.world.now() + timedelta(days=9))
    visit(page, f"{office.server.url}/calendar/{quote(ANA)}?week=2026-11-25")
    expect(page.get_by_text("Week of 23 November")).to_be_visible()
    expect(page.locator(".event")).to_have_count(0)
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_text("Week of 30 November")).to_be_visible()
    page.locator(".event").click()
    expect(page.get_by_text("Week of 30 November")).to_be_visible()
    expect(page.get_by_label("The event")).to_be_visible()
    page.get_by_role("link", name="Earlier").click()
    expect(page.get_by_text("Week of 23 November")).to_be_visible()


def test_who_follows_a_link_is_not_called_back(office, page):
    """Though something has changed before the next page comes, and the page opens itself anew then."""
    visit(page, f"{office.server.url}/calendar/{quote(ANA)}?week=2026-11-25")
    held = []

    def hold(route):
        held.append(route)

    page.route("**/calendar/*?week=*", hold)
    page.get_by_role("link", name="Later").click(no_wait_after=True)
    office.meet()
    for _ in range(2):
        with page.expect_response("**/version"):
            pass
    for one in held:
        one.continue_()
    expect(page.get_by_text("Week of 30 November")).to_be_visible()


@pytest.mark.parametrize(
    "week", ["", "soon", "2026-13-01", "0001-01-01", "9999-12-31", "9998-12-31"]
)
def test_no_week_is_an_error(office, week):
    address = f"{office.server.url}/calendar/{quote(ANA)}"
    shown = httpx.get(address, params={"week": week}, timeout=30)
    assert shown.status_code == 200


def test_a_click_lets_a_night_pass(office, page):
    visit(page, office.server.url)
    page.get_by_role("button", name="Next morning").click()
    expect(page.get_by_text("Tue 24 Nov, 09:05")).to_be_visible()


def test_a_click_lets_an_hour_pass_where_one_is(office, page):
    visit(page, f"{office.server.url}/calendar/{quote(ANA)}")
    page.get_by_role("button", name="An hour passes").click()
    expect(page.get_by_text("Mon 23 Nov, 10:05")).to_be_visible()
    assert page.url.endswith(f"/calendar/{quote(ANA)}")


def test_what_was_put_off_for_two_hours_is_asked_again_after_them(office, page):
    office.meet()
    run_once(office.ctx)
    open_newest(office, page)
    page.get_by_label("Your reply").fill("later 2h")
    page.get_by_role("button", name="Send the reply").click()
    run_once(office.ctx)
    before = len(office.inbox(ANA))
    visit(page, page.url)  # it would open anew by itself, under a click too
    for _ in range(2):
        page.get_by_role("button", name="An hour passes").click()
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == before + 1


def open_newest(office, page):
    visit(page, f"{office.server.url}/inbox/{quote(ANA)}")
    page.locator(".list a").first.click()
    page.wait_for_load_state()


def test_what_was_not_opened_is_marked(office, page):
    office.meet()
    run_once(office.ctx)
    visit(page, f"{office.server.url}/inbox/{quote(ANA)}")
    assert page.locator(".list .unread").count() == 1
    expect(page.get_by_role("link", name="Inbox 1 unread")).to_be_visible()
    page.locator(".list a").first.click()
    page.get_by_label("Your reply").wait_for()
    assert page.locator(".list .unread").count() == 0
    expect(page.get_by_role("link", name="Inbox", exact=True)).to_be_visible()


def test_the_empty_box_suggests_what_fits(office, page):
    office.meet(guests=[ANA, Guest("dana@acme.example", "Dana Reyes", "accepted")])
    run_once(office.ctx)
    open_newest(office, page)
    hint = page.get_by_label("Your reply").get_attribute("placeholder")
    assert hint.startswith("Dana agrees to ")
    assert hint.endswith("\n3")


def test_every_day_begins_at_the_same_height_also_where_one_has_a_whole_day(office, page):
    office.meet()
    day = office.world.now().replace(hour=0, minute=0)
    office.meet("fair", title="Trade fair", start=day, end=day + timedelta(days=1), all_day=True)
    visit(page, f"{office.server.url}/calendar/{quote(ANA)}")
    page.get_by_role("link", name="Trade fair").wait_for()
    tops = page.locator(".day, .hours").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().top)"
    )
    assert (len(tops), len(set(tops))) == (6, 1)


def test_a_button_to_reply_fills_the_box(office, page):
    raw = (
        f"From: nudger@ourco.example\r\nTo: {ANA}\r\nSubject: Did they agree?\r\n"
        "Content-Type: text/html\r\n\r\n"
        '<html><head></head><a href="mailto:nudger@ourco.example?body=A:%20yes">yes</a>\r\n'
    )
    office.world.mailboxes.receive(raw.encode())
    open_newest(office, page)
    page.frame_locator("iframe").get_by_role("link", name="yes").click()
    assert page.get_by_label("Your reply").input_value() == "A: yes"


def test_the_link_in_a_mail_opens_beside_it(office, page):
    target = f"{office.server.url}/version"
    raw = (
        f"From: nudger@ourco.example\r\nTo: {ANA}\r\nSubject: A call\r\n"
        f'Content-Type: text/html\r\n\r\n<p><a href="{target}">Answer on a page</a>\r\n'
    )
    office.world.mailboxes.receive(raw.encode())
    open_newest(office, page)
    with page.expect_popup() as opened:
        page.frame_locator("iframe").get_by_role("link", name="Answer on a page").click()
    opened.value.wait_for_load_state()
    assert opened.value.url == target
    opened.value.close()


def test_the_overview_says_where_to_start(office, page):
    office.meet()
    office.world.doors = doors()
    visit(page, office.server.url)
    expect(page.get_by_role("heading", name="Start here")).to_be_visible()
    assert page.get_by_role("link", name="the answer page").count() == 0, "nobody was asked yet"
    link = "http://127.0.0.1:1/answer/abcd2345"
    raw = f"From: nudger@ourco.example\r\nTo: {ANA}\r\nSubject: A call\r\n\r\nOr: {link}\r\n"
    office.world.mailboxes.receive(raw.encode())
    visit(page, office.server.url)
    assert page.get_by_role("link", name="the answer page").get_attribute("href") == link


def doors():
    codes = iter(("K7QF-2M9X-PW4D", "ABCD-EFGH-JKLM"))
    url = "http://127.0.0.1:1"
    addresses = (f"{url}/answer/", f"{url}/me", ANA, f"{url}/team", "lea@ourco.example")
    return Doors(*addresses, f"{url}/console", lambda: next(codes), bool)


def test_the_overview_leads_to_the_products_pages_and_makes_another_code(office, page):
    office.meet()
    visit(page, office.server.url)
    assert page.get_by_role("link", name="The console").count() == 0, "nothing runs here"
    office.world.doors = doors()
    visit(page, office.server.url)
    for name, path in (("rep's page", "/me"), ("manager's page", "/team"), ("console", "/console")):
        link = page.get_by_role("link", name=f"The {name}")
        assert link.get_attribute("href") == f"http://127.0.0.1:1{path}"
    expect(page.get_by_text("K7QF-2M9X-PW4D")).to_be_visible()
    page.get_by_role("button", name="Make another code").click()
    expect(page.get_by_text("ABCD-EFGH-JKLM")).to_be_visible()


@pytest.fixture
def pages_to_look_at(office):
    """Each page, with much on it: a digest, a note in a description with markup, an unbroken line."""
    office.meet(description="<b>Agenda</b><br>" + "x" * 200)
    office.meet("call2", title="Globex " * 9, start=office.world.now().replace(hour=15))
    run_once(office.ctx)
    office.reply("A: Dana agrees to a pilot by Monday\n2")
    office.later(minutes=2)
    run_once(office.ctx)
    office.later(hours=1)
    with office.world.lock:
        mails = list(office.world.mailboxes.of(ANA))
    paths = ("/", f"/inbox/{ANA}", f"/calendar/{ANA}", f"/calendar/{ANA}/call1")
    return [office.server.url + path for path in (*paths, *(f"/inbox/{ANA}/{m}" for m in mails))]


@EVERY_SCHEME
@EVERY_SIZE
def test_every_page_fits_and_is_as_dark_as_one_likes_it(
    browser, pages_to_look_at, viewport, scheme
):
    page = browser.new_page(viewport=viewport, color_scheme=scheme)
    for address in pages_to_look_at:
        visit(page, address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        assert is_dark(page.main_frame) is (scheme == "dark"), address
        for frame in page.frames[1:]:
            assert is_dark(frame) is (scheme == "dark"), address
            assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight"), address
    page.close()


def is_dark(frame):
    """Whether what is written here is lighter than half of white: read from the text's colour."""
    return frame.evaluate(
        "getComputedStyle(document.querySelector('.card') || document.body).color"
        ".match(/[0-9]+/g).slice(0, 3).every(part => part > 127)"
    )


@EVERY_SIZE
def test_the_head_of_a_page_leaves_room_for_the_page(office, page, viewport):
    page.set_viewport_size(viewport)
    visit(page, f"{office.server.url}/calendar/{quote(ANA)}")
    assert page.locator("main").bounding_box()["y"] <= 112


def test_on_a_phone_the_calendar_is_a_list_of_days(office, page):
    office.meet()
    office.meet("call2", start=office.world.now().replace(hour=15))
    page.set_viewport_size(PHONE)
    visit(page, f"{office.server.url}/calendar/{quote(ANA)}")
    boxes = [one.bounding_box() for one in page.locator(".event").all()]
    assert len(boxes) == 2
    assert boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"]
    assert all(box["width"] > 350 for box in boxes)
    page.set_viewport_size(DESKTOP)
    boxes = [one.bounding_box() for one in page.locator(".event").all()]
    assert boxes[1]["x"] > boxes[0]["x"] + boxes[0]["width"]

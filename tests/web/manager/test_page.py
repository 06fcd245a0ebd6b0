"""The manager's page in a real browser: on a phone, by keyboard alone, light and dark."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from nudger.store import controls
from tests.browser import open_browser
from tests.office import ANA, BEN, run_once
from tests.web.answer.test_page import DESKTOP, PHONE, focused
from tests.web.manager.conftest import MIA, find, tell
from tests.web.rep.test_page import _problems_of, carry_over
from tests.web.rep.test_router import answer, send


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture
def page(browser, opened, mia):
    """A phone in front of Mia's page; nothing goes wrong on it."""
    context = browser.new_context(viewport=PHONE)
    carry_over(mia, context, opened.url)
    tab = context.new_page()
    problems = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("console", lambda said: problems.append(said.text) if _is_fault(said) else None)
    tab.goto(f"{opened.url}/team")
    yield tab
    context.close()
    assert problems == []


def _is_fault(said):
    """Whether the page did something wrong; the browser also names each answer that refuses."""
    return said.type == "error" and not any(f"status of {n}" in said.text for n in (409, 422))


def test_by_keyboard_alone_the_focus_stays_where_it_was(page):
    while focused(page) != "text-1":
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Please write what you want to say.").wait_for()
    assert focused(page) == "send-1"
    field = page.get_by_label("Comment for Ana Weber before the call")
    assert field.get_attribute("aria-describedby") == "wrong-1"
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "text-1"
    page.keyboard.type("Ask who signs")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Goes out on Mon 23 Nov").wait_for()
    assert focused(page) == "send-1"
    assert field.input_value() == ""
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("And by when")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("And by when").wait_for()
    assert page.locator(".said").count() == 2


def test_what_is_refused_is_told_and_what_was_typed_stays(page, opened):
    page.get_by_label("Comment for Ana Weber before the call").fill("Ask who signs")
    with opened.office.ctx.database.begin() as tx:
        controls.pause(tx, find(opened).id, opened.office.ctx.clock())
    page.get_by_role("button", name="Send to Ana Weber").click()
    page.get_by_role("alert").wait_for()
    assert "Your admin has paused the mails" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Comment for Ana Weber").input_value() == "Ask who signs"


@pytest.fixture
def after_a_call(opened, ana, sign_in):
    """Ana answered and told what came of it, and has calls today and tomorrow; of one Mia spoke."""
    office = opened.office
    answer(ana, next_milestone="Decision", fallback="Joe agrees to send us the roll-out figures")
    office.later(days=1, hours=8)
    send(sign_in(ANA), "/me/calls/1/outcome", "/me/calls/1", outcome="yes")
    tell(opened, BEN)
    for day, number in ((25, "a"), (25, "b"), (26, "c")):
        start = office.world.now().replace(hour=12 + (number == "b"), day=day)
        office.meet(f"next{number}", start=start, title=f"ACME: next {number}")
    office.at(office.world.now().replace(day=25, hour=8))
    run_once(office.ctx)
    client = sign_in(ANA)
    answer(client, call=3, text="get a feeling for the budget")
    answer(client, call=4, text="Dana agrees to a pilot by Friday", place="private")
    return sign_in(MIA)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_stands_in_anybodys_way(browser, opened, after_a_call, viewport, scheme):
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    carry_over(after_a_call, context, opened.url)
    tab = context.new_page()
    tab.goto(f"{opened.url}/team")
    tab.get_by_label("Comment for Ana Weber").first.fill("Does Dana know who signs?")
    tab.get_by_role("button", name="Send to").first.click()
    tab.locator(".said").wait_for()
    found = [
        one for path in ("/team", "/team/customers") for one in _problems_of(tab, opened.url + path)
    ]
    if os.environ.get("SHOTS"):
        for path in ("/team", "/team/customers"):
            tab.goto(opened.url + path)
            tab.screenshot(
                path=f"{os.environ['SHOTS']}{path.replace('/', '_')}_{viewport['width']}_{scheme}.png",
                full_page=True,
            )
    context.close()
    assert found == []


def test_it_works_without_scripts(browser, opened, mia):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    carry_over(mia, context, opened.url)
    tab = context.new_page()
    tab.goto(f"{opened.url}/team")
    tab.get_by_label("Comment for Ana Weber").fill("Ask who signs")
    tab.get_by_role("button", name="Send to Ana Weber").click()
    expect(tab.get_by_text("Goes out on Mon 23 Nov")).to_be_visible()
    context.close()


def test_its_first_page_is_light_and_comes_from_us_alone(browser, opened, mia):
    context = browser.new_context(viewport=PHONE)
    carry_over(mia, context, opened.url)
    tab, sizes = context.new_page(), {}
    tab.on("response", lambda got: sizes.update({got.url: len(got.body())}))
    tab.goto(f"{opened.url}/team", wait_until="networkidle")
    context.close()
    assert sum(sizes.values()) <= 100_000, sizes
    assert all(url.startswith(opened.url) for url in sizes)

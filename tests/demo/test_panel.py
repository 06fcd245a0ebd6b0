"""The add-on in the side panel of the sandbox's calendar, in a real browser: on a computer, and as
narrow as a phone."""

from __future__ import annotations

import copy
import threading
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from nudger.admin.google_addon import deployment_of
from nudger.demo.play import watch
from nudger.demo.stage import stage
from nudger.sandbox.scenario import ANA
from nudger.worker import incoming, outgoing
from tests.browser import open_browser, visit
from tests.waiting import wait_for

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
EVERY_SIZE = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
COMMITMENT = "Dana agrees to bring the CFO to a 30-minute ROI review on 4 December"
EVENT = "initechdemo"


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def asked():
    """A demonstration whose clock stands still, where Ana was asked; each test answers a call of
    its own."""
    with stage() as on_stage:
        world = on_stage.server.world
        world.set_now(world.now())
        outgoing(on_stage.ctx)
        yield on_stage


def opened(browser, asked, viewport, event=EVENT, **more):
    page = browser.new_page(viewport=viewport, **more)
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.problems = problems
    visit(page, f"{asked.server.url}/calendar/{quote(ANA)}/{event}")
    page.locator(".panel h2").wait_for()
    return page


def panel(page):
    return page.get_by_role("complementary", name="Add-on")


@pytest.mark.parametrize(
    ("viewport", "event"),
    [(PHONE, "acmereview"), (DESKTOP, "globexfirst")],
    ids=["phone", "desktop"],
)
def test_an_answer_that_is_typed_in_the_panel_is_written_into_the_event(
    browser, asked, viewport, event
):
    page = opened(browser, asked, viewport, event)
    panel(page).get_by_label("Commitment Objective").fill(COMMITMENT)
    panel(page).get_by_label("And the next milestone?").select_option("Decision")
    panel(page).get_by_role("button", name="Save").click()
    page.get_by_text("Saved. It is being written into your calendar.").first.wait_for()
    incoming(asked.ctx)
    assert COMMITMENT in asked.server.world.reads(ANA)[event]
    panel(page).get_by_text("where the guests can read it").wait_for()
    assert panel(page).get_by_label("Commitment Objective").input_value() == COMMITMENT
    assert page.problems == []
    page.close()


def test_the_coach_speaks_and_nothing_typed_is_lost(browser, asked):
    page = opened(browser, asked, DESKTOP)
    panel(page).get_by_label("Commitment Objective").fill("get a feeling for the budget")
    panel(page).get_by_role("button", name="Look at it first").click()
    panel(page).get_by_text("who on their side does that").wait_for()
    field = panel(page).get_by_label("Commitment Objective")
    assert field.input_value() == "get a feeling for the budget"
    page.close()


def test_the_homepage_opens_a_call_and_leads_back(browser, asked):
    page = browser.new_page(viewport=DESKTOP)
    visit(page, f"{asked.server.url}/calendar/{quote(ANA)}")
    panel(page).get_by_text("Your coming customer calls").wait_for()
    panel(page).get_by_role("button", name="Umbrella supplier day").click()
    panel(page).get_by_role("button", name="Save").wait_for()
    panel(page).get_by_role("button", name="Back").click()
    expect(panel(page).get_by_text("Your coming customer calls")).to_be_visible()
    page.close()


def test_what_is_typed_outlasts_a_change_of_the_calendar(browser, asked):
    page = opened(browser, asked, DESKTOP)
    panel(page).get_by_label("Commitment Objective").fill("Dana agrees to")
    with asked.server.world.lock:
        entry = asked.server.world.calendars.find(ANA, EVENT)
        asked.server.world.calendars.change(entry, ANA, notify=False, location="Room Madrid")
    for _ in range(2):
        with page.expect_response("**/version"):
            pass
    assert panel(page).get_by_label("Commitment Objective").input_value() == "Dana agrees to"
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@EVERY_SIZE
def test_nothing_stands_in_anybodys_way(browser, asked, viewport, scheme):
    page = opened(browser, asked, viewport, color_scheme=scheme)
    for at in range(page.locator(".panel summary").count()):
        page.locator(".panel summary").nth(at).click()
    found = Axe().run(page, context=".panel")
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.close()


def test_a_broken_addon_is_said_to_be_broken(browser, asked):
    deployment = deployment_of(asked.ctx.settings)
    elsewhere = copy.deepcopy(deployment)
    elsewhere["addOns"]["calendar"]["eventOpenTrigger"]["runFunction"] += "/nowhere"
    asked.server.google.addons.install(elsewhere)
    page = browser.new_page(viewport=DESKTOP)
    visit(page, f"{asked.server.url}/calendar/{quote(ANA)}/{EVENT}")
    page.get_by_text("The add-on cannot be shown: the add-on answered 404").wait_for()
    page.close()
    asked.server.google.addons.install(deployment)


def test_the_demonstration_writes_what_is_saved_in_the_panel(browser):
    with stage() as on_stage:
        stop = threading.Event()
        watching = threading.Thread(target=watch, args=(on_stage, lambda _line: None, stop))
        watching.start()
        try:
            # Until then pages open themselves anew with each mail that goes out.
            wait_for(lambda: all(map(on_stage.ctx.rounds.last().get, ("outgoing", "incoming"))))
            page = browser.new_page(viewport=DESKTOP)
            visit(page, f"{on_stage.server.url}/calendar/{quote(ANA)}/{EVENT}")
            panel(page).get_by_label("Commitment Objective").fill(COMMITMENT)
            panel(page).get_by_role("button", name="Save").click()
            wait_for(lambda: COMMITMENT in on_stage.server.world.reads(ANA)[EVENT])
            page.close()
        finally:
            stop.set()
            watching.join()

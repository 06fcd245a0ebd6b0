"""The add-in's pane beside the sandbox's Outlook calendar, in a real browser, with the real MSAL.js:
on a computer, and as narrow as a phone."""

from __future__ import annotations

import threading
from datetime import timedelta
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from nudger.demo.company import Company
from nudger.demo.play import watch
from nudger.demo.stage import stage
from nudger.sandbox.scenario import ANA
from nudger.worker import incoming, outgoing
from tests.browser import open_browser, visit
from tests.waiting import wait_for

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
COMMITMENT = "Dana agrees to bring the CFO to a 30-minute ROI review on 4 December"
EVENT = "initechdemo"
OUTLOOK = Company("microsoft", may_notify_guests=True)


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def asked():
    with stage(company=OUTLOOK) as on_stage:
        world = on_stage.server.world
        world.set_now(world.now())
        outgoing(on_stage.ctx)
        yield on_stage


@pytest.fixture
def signs_in(asked):
    yield asked.server.microsoft.user_tokens
    asked.server.microsoft.user_tokens.signs_in = True


def opened(browser, asked, viewport=DESKTOP, event=EVENT, **more):
    page = browser.new_page(viewport=viewport, **more)
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on(
        "console", lambda told: "Security Policy" in told.text and page.problems.append(told.text)
    )
    visit(page, f"{asked.server.url}/calendar/{quote(ANA)}/{event}")
    return page, page.frame_locator("iframe.pane")


def alone(browser, asked, event=EVENT, **told):
    """The pane as its host frames it, with what else our Office.js is told."""
    entry = asked.server.world.calendars.find(ANA, event)
    frame = asked.server.microsoft.addins.frame(ANA, entry, **told)
    page = browser.new_page(viewport=DESKTOP)
    visit(page, f"{asked.server.url}/office/office.js")
    page.set_content(f"<iframe class=pane name='{frame.name}' src='{frame.src}'></iframe>")
    return page, page.frame_locator("iframe.pane")


def answer(pane, text=COMMITMENT):
    pane.locator("#commitment_objective").fill(text)
    pane.get_by_role("button", name="Save").click()


@pytest.mark.parametrize(
    ("viewport", "event"), [(PHONE, "acmereview"), (DESKTOP, "globexfirst")],
    ids=["phone", "desktop"],
)  # fmt: skip
def test_an_answer_that_is_typed_in_the_pane_is_written_into_the_event(
    browser, asked, viewport, event
):
    page, pane = opened(browser, asked, viewport, event)
    answer(pane)
    pane.get_by_text("Saved. It is being written into your calendar.").wait_for()
    incoming(asked.ctx)
    assert COMMITMENT in asked.server.world.reads(ANA)[event]
    assert page.problems == []
    page.close()


def test_the_coach_speaks_while_one_types(browser, asked):
    page, pane = opened(browser, asked)
    pane.locator("#commitment_objective").press_sequentially("get a feeling for the budget")
    pane.get_by_text("who on their side does that").wait_for()
    assert page.problems == []
    page.close()


def test_where_nobody_can_sign_in_the_reps_own_page_is_offered(browser, asked, signs_in):
    signs_in.signs_in = False
    page, pane = opened(browser, asked)
    link = pane.get_by_role("link", name="All my calls")
    link.wait_for()
    assert link.get_attribute("href") == "/me"
    page.close()


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"text": "<p>Agenda</p>"}, "Press Send"),
        ({"text": "<p>Agenda</p>", "fails": "silently"}, "did not take it into this text"),
        ({"permission": "ReadItem"}, "did not take it into this text"),
    ],
    ids=["taken", "taken by no word of it", "not allowed"],
)
def test_in_a_text_that_is_written_the_answer_is_put_and_read_back(browser, asked, told, says):
    page, pane = alone(browser, asked, isWritten=True, **told)
    answer(pane, f"{COMMITMENT}, and {len(told)} others {max(told)}")
    pane.get_by_text(says).wait_for()
    page.close()


def test_an_event_that_was_never_saved_is_said_to_be_new(browser, asked):
    page, pane = alone(browser, asked, isWritten=True, item="")
    pane.get_by_text("This event is new").wait_for()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_stands_in_anybodys_way(browser, asked, viewport, scheme):
    page, pane = opened(browser, asked, viewport, color_scheme=scheme)
    pane.locator("#commitment_objective").wait_for()
    found = Axe().run(next(one for one in page.frames if "/addin/outlook/" in one.url))
    assert found.violations_count == 0, found.generate_report()
    page.close()


def chooses(pane, label, says):
    """What is done beside answering, and what the pane says of it."""
    pane.get_by_text("Something else").click()
    pane.get_by_label("What should be done?").select_option(label)
    pane.get_by_role("button", name="Do it").click()
    expect(pane.get_by_text(says)).to_be_in_viewport()


def test_later_skip_undo_and_what_came_of_the_call_are_said_in_the_pane(browser, asked):
    event = "umbrellainvites"
    page, pane = opened(browser, asked, event=event)
    chooses(pane, "Ask me again in two hours", "You are asked again then.")
    chooses(pane, "No question about this call", "You wanted no question about this call.")
    chooses(pane, "Ask me about this call after all", "Taken back.")
    answer(pane)
    pane.get_by_text("Saved. It is being written into your calendar.").wait_for()
    chooses(pane, "Take my last answer back", "Taken back.")
    answer(pane)
    pane.get_by_text("Saved. It is being written into your calendar.").wait_for()
    before = asked.server.world.now()
    try:
        asked.server.world.set_now(before + timedelta(days=5))
        page.reload()
        pane.get_by_text("Did they agree?").wait_for()
        pane.get_by_role("button", name="Save").click()
        pane.get_by_text("Choose first").wait_for()
        pane.get_by_label("Your answer").select_option("yes")
        pane.get_by_role("button", name="Save").click()
        pane.get_by_text("So far you said: yes").wait_for()
    finally:
        asked.server.world.set_now(before)
    assert page.problems == []
    page.close()


def test_the_demonstration_writes_what_is_saved_in_the_pane(browser):
    with stage(company=OUTLOOK) as on_stage:
        stop = threading.Event()
        watching = threading.Thread(target=watch, args=(on_stage, lambda _line: None, stop))
        watching.start()
        try:
            # Until then pages open themselves anew with each mail that goes out.
            wait_for(lambda: all(map(on_stage.ctx.rounds.last().get, ("outgoing", "incoming"))))
            page, pane = opened(browser, on_stage)
            answer(pane)
            wait_for(lambda: COMMITMENT in on_stage.server.world.reads(ANA)[EVENT])
            page.close()
        finally:
            stop.set()
            watching.join()

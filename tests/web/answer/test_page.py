"""The answer page in a real browser: on a phone, by keyboard alone, and under a filter that clicks."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from nudger.admin.rep_choices import change_language
from nudger.store import people
from tests.browser import open_browser
from tests.office import ANA, DANA, run_once
from tests.web.answer.test_router import COMMITMENT, revisions, saved

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture
def page(browser, asked):
    """The answer page on a phone."""
    opened = browser.new_page(viewport=PHONE)
    problems = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda said: problems.append(said.text) if _is_fault(said) else None)
    opened.goto(asked.url + asked.link())
    yield opened
    opened.close()
    assert problems == []


def _is_fault(said):
    """Whether the page did something wrong; the browser also names each answer that refuses."""
    return said.type == "error" and "status of 422" not in said.text


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


def test_a_rep_answers_on_a_phone(page, asked):
    page.get_by_label("By the end of this call").fill(COMMITMENT)
    page.get_by_label("And the next milestone?").select_option("Decision")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It is being written into your calendar")).to_be_visible()
    run_once(asked.office.ctx)
    assert COMMITMENT in asked.office.description("call1", DANA)


def test_the_coach_speaks_while_one_types_and_the_keyboard_stays_where_it_was(page):
    page.get_by_label("By the end of this call").fill("get a feeling for the budget")
    page.locator("#look .hint").wait_for()
    assert "who on their side does that" in page.locator("#look").inner_text()
    assert "kept to you" in page.locator("#look").inner_text()
    assert focused(page) == "commitment_objective"
    page.get_by_label("By the end of this call").fill(COMMITMENT)
    page.locator("#look .good").wait_for()
    assert "can read:" in page.locator("#look").inner_text()
    assert focused(page) == "commitment_objective"


FITS = """of => {
    const shown = document.querySelector(of), style = getComputedStyle(shown)
    const pen = document.createElement("canvas").getContext("2d")
    pen.font = style.font
    const room = shown.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - ARROW
    return [...shown.options].filter(one => pen.measureText(one.text).width > room).map(one => one.text)
}""".replace("ARROW", "20")


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "nl", "pt"])
def test_who_may_read_it_is_not_cut_on_a_phone(browser, asked, language):
    ctx = asked.office.ctx
    with ctx.database.begin() as tx:
        change_language(ctx, tx, people.find_rep(tx, ANA), language)
    opened = browser.new_page(viewport=PHONE)
    opened.goto(asked.url + asked.link())
    assert opened.locator("html").get_attribute("lang") == language
    assert opened.locator("#place option").count() == 2
    assert opened.evaluate(FITS, "#place") == []
    opened.close()


def test_it_can_be_answered_by_keyboard_alone(page, asked):
    order = []
    for _ in range(8):
        page.keyboard.press("Tab")
        order.append(focused(page))
    wanted = ["commitment_objective", "next_milestone", "place", "Save"]
    assert [one for one in order if one in wanted] == wanted
    page.get_by_label("By the end of this call").focus()
    page.keyboard.type(COMMITMENT)
    while focused(page) != "Save":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("It is being written into your calendar").wait_for()
    assert revisions(asked) == 1


def test_what_is_wrong_is_told_to_who_cannot_see_it(page):
    page.get_by_role("button", name="Save").click()
    field = page.get_by_label("By the end of this call")
    assert field.get_attribute("aria-invalid") == "true"
    told_by = field.get_attribute("aria-describedby")
    assert "Write one line" in page.locator(f"#{told_by}").inner_text()


def test_a_filter_that_clicks_everything_changes_nothing(page, asked):
    before = saved(asked)[0].state
    for at in range(page.locator("summary").count()):
        page.locator("summary").nth(at).click()
    for at in range(page.locator("button:visible").count()):
        page.locator("button:visible").nth(at).click()
        page.goto(asked.url + asked.link())
        for detail in range(page.locator("summary").count()):
            page.locator("summary").nth(detail).click()
    assert revisions(asked) == 0
    assert saved(asked)[0].state is before
    page.get_by_label("By the end of this call").fill(COMMITMENT)
    page.get_by_role("button", name="Save").click()
    assert revisions(asked) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_stands_in_anybodys_way(browser, asked, viewport, scheme):
    page = browser.new_page(viewport=viewport, color_scheme=scheme)
    page.goto(asked.url + asked.link())
    page.get_by_label("By the end of this call").fill("get a feeling for the budget")
    page.locator("#look .hint").wait_for()
    for at in range(page.locator("summary").count()):
        page.locator("summary").nth(at).click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('input:not([type=hidden]),select,textarea,button')]"
        ".filter(e => e.getBoundingClientRect().height < 43"
        " || parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.outerHTML)"
    )
    assert small == []
    page.close()


def test_it_works_without_scripts(browser, asked):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(asked.url + asked.link())
    page.get_by_label("By the end of this call").fill(COMMITMENT)
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("can read:")).to_be_visible()
    assert revisions(asked) == 0
    page.get_by_role("button", name="Save").click()
    assert revisions(asked) == 1
    context.close()


def test_the_first_page_is_light_and_comes_from_us_alone(browser, asked):
    page = browser.new_page(viewport=PHONE)
    sizes = {}
    page.on("response", lambda got: sizes.update({got.url: len(got.body())}))
    page.goto(asked.url + asked.link(), wait_until="networkidle")
    assert sum(sizes.values()) <= 100_000, sizes
    assert all(url.startswith(asked.url) for url in sizes)
    page.close()


def test_its_colours_can_be_forced(browser, asked):
    page = browser.new_page(viewport=PHONE, forced_colors="active")
    page.goto(asked.url + asked.link())
    border = page.get_by_role("button", name="Save").evaluate(
        "e => getComputedStyle(e).borderTopStyle"
    )
    assert border == "solid"
    page.close()

"""The console in a real browser: signing in, by keyboard alone, at both widths, light and dark."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from nudger.domain.roles import Role
from nudger.sandbox.openid import CLIENT_ID, CLIENT_SECRET, ISSUERS
from nudger.web.console.navigation import SECTIONS
from tests.browser import PATIENCE, open_browser
from tests.office import BEN
from tests.web.answer.test_page import DESKTOP, PHONE, focused
from tests.web.conftest import Pages, Place
from tests.web.console.conftest import code_for, give_role
from tests.web.console.test_systems import HOOK
from tests.web.rep.test_page import carry_over

PATHS = [
    *(section.path for section in SECTIONS),
    "/console/parts",
    *("/console/meetings/1", "/console/meetings/find?event=tomorrow"),
    *("/console/domains/list", "/console/domains/import"),
    *("/console/reps/1", "/console/reps/1/forget", "/console/reps/add", "/console/reps/import"),
    *("/console/reps/teams", "/console/systems/receiver?name=crm"),
    *("/console/reps/team?name=emea", "/console/reps/team/setting?name=emea&key=ask.lead_hours"),
    "/console/milestones?which=trial",
    "/console/policy/setting?key=ask.working_days",
    *("/console/setup/milestones", "/console/setup/mailbox", "/console/setup/check"),
    *(
        "/console/templates/edit?file=en/question.html.j2",
        "/console/templates/reset?file=en/note.txt.j2",
    ),
]


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@contextmanager
def flawless(browser):
    """A desktop on which nothing goes wrong; to be left before its pages are served no more."""
    context = browser.new_context(viewport=DESKTOP)
    opened = context.new_page()
    problems = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()
    assert problems == []


@pytest.fixture
def page(browser, pages):
    with flawless(browser) as opened:
        yield opened


def test_an_admin_comes_in_by_a_code(page, pages):
    page.goto(f"{pages.url}/console")
    page.get_by_label("Code").fill(code_for(pages).lower())
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("heading", name="Overview").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="With a one-time code").wait_for()


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_an_admin_comes_in_with_an_account(browser, office, provider):
    place = Place()
    url = place.url
    office.configure(
        f'[web]\naddress = "{place.address}"\npublic_url = "{url}"\n'
        f'[console]\nprovider = "{provider}"\n'
        f'client_id = "{CLIENT_ID}"\nclient_secret = "{CLIENT_SECRET}"\n'
        f'issuer = "{office.server.url}{ISSUERS[provider]}"\n'
    )
    office.server.openid.redirect_uris.add(f"{url}/console/callback")
    give_role(Pages(office, url, None), BEN, Role.ADMIN)
    with place.serve(office.ctx), flawless(browser) as page:
        page.goto(f"{url}/console")
        page.get_by_role("link", name=f"Sign in with {provider.title()}").click()
        page.get_by_role("button", name=BEN).click()
        page.get_by_role("heading", name="Overview").wait_for()
        assert page.url == f"{url}/console"


def test_by_keyboard_alone(page, pages):
    page.goto(f"{pages.url}/console")
    while focused(page) != "code":
        page.keyboard.press("Tab")
    page.keyboard.type(code_for(pages))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Overview").wait_for()
    page.wait_for_load_state()  # its style hides what the keyboard then passes over
    page.keyboard.press("Tab")
    assert focused(page) == "Go to the content"
    for section in (one for one in SECTIONS if one.is_listed):
        page.keyboard.press("Tab")
        assert focused(page) == section.title
    page.keyboard.press("Tab")
    assert focused(page) == "Sign out"


def test_a_setting_is_changed_once_its_error_is_mended(browser, pages, kim):
    context = browser.new_context(viewport=DESKTOP)
    carry_over(kim, context, pages.url)
    page = context.new_page()
    page.goto(f"{pages.url}/console/policy")
    page.get_by_text("How calendars are read.").click()
    page.get_by_role("link", name="Change scan.every_seconds").click()
    page.get_by_label("Value").fill("1")
    with page.expect_response(lambda one: one.status == 422):
        page.get_by_role("button", name="Save").click()
    page.get_by_text("greater than or equal to 5").wait_for()
    page.get_by_label("Value").fill("90")
    page.keyboard.press("Enter")
    page.get_by_text("It stands in the file").wait_for()
    expect(page.locator("main")).to_contain_text("60 → 90")
    assert pages.office.file.read_text().count("every_seconds = 90") == 1
    context.close()


def test_the_menu_opens_on_a_phone(browser, pages, kim):
    context = browser.new_context(viewport=PHONE)
    carry_over(kim, context, pages.url)
    page = context.new_page()
    page.goto(f"{pages.url}/console/parts")
    expect(page.get_by_role("link", name="Overview")).to_be_hidden()
    page.locator(".menu summary").click()
    page.get_by_role("link", name="Overview").click()
    page.get_by_role("heading", name="Overview").wait_for()
    context.close()


def test_charts_are_drawn_from_their_tables(page, asked, kim):
    carry_over(kim, page.context, asked.url)
    page.goto(f"{asked.url}/console/parts", wait_until="networkidle")
    assert page.locator(".chart-space canvas").count() == 3
    inked = page.evaluate(INKED)
    assert min(inked) > 500
    page.get_by_text("The numbers").first.click()
    expect(page.get_by_role("cell", name="78%")).to_be_visible()


def test_what_is_loaded_later_is_drawn_as_well(page, asked, kim):
    carry_over(kim, page.context, asked.url)
    page.goto(f"{asked.url}/console", wait_until="networkidle")
    page.get_by_role("heading", name="How far calls get").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_charts_take_the_colours_of_the_page(page, asked, kim):
    carry_over(kim, page.context, asked.url)
    page.goto(f"{asked.url}/console/parts", wait_until="networkidle")
    light = page.evaluate(LOOK)
    page.emulate_media(color_scheme="dark")
    assert becomes(page, lambda look: look != light)
    page.emulate_media(color_scheme="dark", media="print")
    assert becomes(page, lambda look: look == light)


def becomes(page, looks):
    """Whether a chart looks so, sooner or later."""
    for _ in range(PATIENCE // 20):
        if looks(page.evaluate(LOOK)):
            return True
        page.wait_for_timeout(20)
    return False


INKED = """[...document.querySelectorAll(".chart-space canvas")].map((one) =>
    one.getContext("2d").getImageData(0, 0, one.width, one.height).data
        .filter((value, at) => at % 4 === 3 && value > 0).length)"""
LOOK = """(() => {
    const one = document.querySelectorAll(".chart-space canvas")[1], counts = {};
    const data = one.getContext("2d").getImageData(0, 0, one.width, one.height).data;
    for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] < 255) continue;
        const colour = data.slice(at, at + 3).join();
        counts[colour] = (counts[colour] ?? 0) + 1;
    }
    return Object.entries(counts).sort((a, b) => b[1] - a[1])[0][0];
})()"""


@pytest.fixture
def furnished(office):
    """The office with a team and a receiver; to be asked for before its pages."""
    office.configure(f'[[teams]]\nname = "emea"\n{HOOK}')


LIGHT = {"color_scheme": "light", "forced_colors": "none"}
DARK = {"color_scheme": "dark", "forced_colors": "none"}
FORCED = {"color_scheme": "light", "forced_colors": "active"}


@pytest.mark.parametrize(
    ("viewport", "looks"),
    [(PHONE, [LIGHT, FORCED]), (DESKTOP, [LIGHT, DARK])],
    ids=["phone", "desktop"],
)
def test_nothing_stands_in_anybodys_way(browser, furnished, asked, kim, viewport, looks):
    context = browser.new_context(viewport=viewport)
    page = context.new_page()
    found = problems_of(page, f"{asked.url}/console/sign-in", looks)
    carry_over(kim, context, asked.url)
    for path in PATHS:
        found += problems_of(page, asked.url + path, looks)
    context.close()
    assert found == []


def problems_of(page, url, looks):
    """What is wrong with a page in each look."""
    page.goto(url, wait_until="networkidle")
    for at in range(page.locator("main summary").count()):
        page.locator("main summary").nth(at).click()
    found = []
    for look in looks:
        page.emulate_media(**look)
        found += [f"{url}: {look}: {one}" for one in problems_on(page)]
    return found


def problems_on(page):
    """What axe says, what is wider than the screen, and what is too small for a thumb."""
    checked = Axe().run(page)
    said = [checked.generate_report()] if checked.violations_count else []
    if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
        said.append("too wide")
    said += page.evaluate(
        "[...document.querySelectorAll('input:not([type=hidden]),select,textarea,button,nav a')]"
        ".filter(e => e.checkVisibility() && (e.getBoundingClientRect().height < 43"
        " || parseFloat(getComputedStyle(e).fontSize) < 16)).map(e => e.outerHTML)"
    )
    return said

"""Signing in and the rep's page in a real browser: on a phone, by keyboard alone, light and dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import open_browser
from tests.office import ANA, run_once
from tests.web.answer.test_page import DESKTOP, PHONE, focused
from tests.web.answer.test_router import COMMITMENT
from tests.web.rep.conftest import code_in, link_in, wait_for_mail
from tests.web.rep.test_router import READ, answer, send


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture
def page(browser, asked):
    """A phone in front of the page that asks for the address; nothing goes wrong on it."""
    context = browser.new_context(viewport=PHONE)
    opened = context.new_page()
    problems = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    opened.goto(f"{asked.url}/me")
    yield opened
    context.close()
    assert problems == []


def ask_for_mail(page, asked):
    page.get_by_label("Your mail address at work").fill(ANA)
    page.get_by_role("button", name="Mail me a code").click()
    page.get_by_label("The six digits").wait_for()
    return wait_for_mail(asked, ANA)


def carry_over(client, context, url):
    """Have a browser keep what a client does."""
    cookies = [{"name": name, "value": value, "url": url} for name, value in client.cookies.items()]
    context.add_cookies(cookies)


def test_a_rep_signs_in_by_the_code_and_answers(page, asked):
    code = code_in(ask_for_mail(page, asked))
    page.get_by_label("The six digits").fill(code)
    page.get_by_role("button", name="Come in").click()
    page.get_by_text("No Commitment Objective yet").wait_for()
    page.get_by_role("link", name="ACME: pilot review").click()
    page.get_by_label("By the end of this call").fill(COMMITMENT)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="All my calls").click()
    page.get_by_text(f"✓ {COMMITMENT}").wait_for()


def test_by_keyboard_alone(page, asked):
    page.get_by_label("Your mail address at work").focus()
    page.keyboard.type(ANA)
    page.keyboard.press("Enter")
    page.get_by_label("The six digits").wait_for()
    code = code_in(wait_for_mail(asked, ANA))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    while focused(page) != "code":
        page.keyboard.press("Tab")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your coming customer calls").wait_for()
    page.wait_for_load_state()  # its style hides what the keyboard then passes over
    page.keyboard.press("Tab")
    assert focused(page) == "Go to the content"
    for name in ("Calls", "Agreed", "Settings", "What is stored", "Sign out"):
        page.keyboard.press("Tab")
        assert focused(page) == name


def test_the_tab_that_asked_comes_in_by_itself(page, browser, asked):
    link = link_in(ask_for_mail(page, asked))
    number = page.locator(".number-shown").inner_text()
    elsewhere = browser.new_context(viewport=PHONE)
    mail = elsewhere.new_page()
    mail.goto(asked.url + link)
    mail.get_by_label("The number that the other page shows").fill(number)
    mail.get_by_role("button", name="It was me").click()
    mail.get_by_role("heading", name="Confirmed").wait_for()
    elsewhere.close()
    page.get_by_role("heading", name="Your coming customer calls").wait_for()


def test_a_filter_that_clicks_everything_lets_nobody_in(page, browser, asked):
    link = link_in(ask_for_mail(page, asked))
    elsewhere = browser.new_context()
    mail = elsewhere.new_page()
    mail.goto(asked.url + link)
    mail.get_by_role("button", name="It was me").click()
    expect(mail.get_by_text("That is not the number")).to_be_visible()
    mail.goto(f"{asked.url}/me")
    expect(mail.get_by_role("button", name="Mail me a code")).to_be_visible()
    elsewhere.close()
    page.goto(asked.url + link)
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("heading", name="Your coming customer calls").wait_for()


@pytest.fixture
def ana_after_a_call(asked, ana, sign_in):
    """Ana, who answered, told what came of it, and has another call tomorrow."""
    answer(ana, next_milestone="Decision")
    asked.office.later(days=1, hours=8)
    client = sign_in(ANA)
    send(client, "/me/calls/1/outcome", "/me/calls/1", outcome="yes")
    start = asked.office.world.now().replace(hour=13, day=26)
    asked.office.meet("call2", start=start, title="ACME: contract")
    run_once(asked.office.ctx)
    return client


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_stands_in_anybodys_way(browser, asked, ana_after_a_call, viewport, scheme):
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    stranger = context.new_page()
    found = [_problems_of(stranger, f"{asked.url}/me/sign-in")]
    stranger.get_by_label("Your mail address at work").fill("ana@elsewhere.example")
    stranger.get_by_role("button", name="Mail me a code").click()
    stranger.get_by_label("The six digits").wait_for()
    found.append(_problems_of(stranger, stranger.url))
    carry_over(ana_after_a_call, context, asked.url)
    found += [_problems_of(stranger, asked.url + path) for path in (*READ, "/me/calls/1")]
    context.close()
    assert [one for one in found if one] == []


def _problems_of(page, url):
    """What axe says, what is wider than the screen, and what is too small for a thumb."""
    page.goto(url, wait_until="networkidle")
    for at in range(page.locator("summary").count()):
        page.locator("summary").nth(at).click()
    checked = Axe().run(page)
    said = [checked.generate_report()] if checked.violations_count else []
    if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
        said.append("too wide")
    said += page.evaluate(
        "[...document.querySelectorAll('input:not([type=hidden]),select,textarea,button,nav a')]"
        ".filter(e => e.getBoundingClientRect().height < 43"
        " || parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.outerHTML)"
    )
    return [f"{url}: {one}" for one in said]


def test_it_works_without_scripts(browser, asked):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{asked.url}/me")
    code = code_in(ask_for_mail(page, asked))
    page.get_by_label("The six digits").fill(code)
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_text("No Commitment Objective yet")).to_be_visible()
    page.get_by_text("Make a pause").click()
    page.get_by_label("For how long?").select_option("1 week")
    page.get_by_role("button", name="Ask me nothing meanwhile").click()
    expect(page.get_by_role("button", name="Start again")).to_be_visible()
    context.close()

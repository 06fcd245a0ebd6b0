"""An admin's first hour in the console: from `nudger init --console` to what would be asked."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from nudger.admin.console_access import invite
from nudger.config import load_begun, load_settings
from nudger.domain.roles import Role
from nudger.runtime.startup import open_context
from nudger.sandbox.entries import Entry, Guest
from nudger.sandbox.google.oauth import new_service_account
from nudger.sandbox.openid import CLIENT_ID, CLIENT_SECRET, ISSUERS
from nudger.store import people
from nudger.worker import outgoing
from tests.browser import open_browser, wait_for_focus
from tests.cli.conftest import Nudger
from tests.office import ANA, BEN, BERLIN, DANA, NUDGER
from tests.web.answer.test_page import DESKTOP, PHONE
from tests.web.conftest import Place

BY_HAND = """
[console]
provider = "google"
client_id = "{client}"
client_secret = "{secret}"
issuer = "{issuer}"
"""


@pytest.fixture
def begun(tmp_path, server):
    """What the command line leaves, and what an admin puts beside it: nothing is answered yet."""
    place = Place()
    url = place.url
    nudger = Nudger(tmp_path / "nudger.toml")
    assert nudger("init", "--console", url).exit_code == 0
    issuer = f"{server.url}{ISSUERS['google']}"
    hand = BY_HAND.format(client=CLIENT_ID, secret=CLIENT_SECRET, issuer=issuer)
    text = nudger.file.read_text().replace("[google]\n", f'[google]\napi_root = "{server.url}"\n')
    nudger.file.write_text(text + hand)
    credentials = tmp_path / "credentials.json"
    credentials.touch(mode=0o600)
    credentials.write_text(json.dumps({"google_service_account": new_service_account(server.url)}))
    server.openid.redirect_uris.add(f"{url}/console/callback")
    with ExitStack() as stack:
        ctx = stack.enter_context(open_context(load_begun(nudger.file), server.world.now))
        with ctx.database.begin() as tx:
            invite(ctx, tx, BEN, Role.ADMIN)
        stack.enter_context(place.serve(ctx))
        yield nudger.file, url


def meet(server, number, title, *guests):
    start = server.world.now() + timedelta(days=number, hours=3)
    made = Entry(
        id=f"c{number}", uid=f"c{number}@google.com", owner=ANA, organizer=ANA, title=title,
        start=start, end=start + timedelta(minutes=45),
        guests=[Guest(one, "", "accepted") for one in (ANA, *guests)],
    )  # fmt: skip
    with server.world.lock:
        server.world.calendars.add(made)


def judge(page):
    """What is wrong with a page at both widths, once all of it came."""
    page.wait_for_load_state()
    for viewport in (PHONE, DESKTOP):
        page.set_viewport_size(viewport)
        checked = Axe().run(page)
        assert checked.violations_count == 0, checked.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def save(page):
    page.get_by_role("button", name="Save and go on").click()


def test_from_sign_in_to_what_would_be_asked(begun, server):
    file, url = begun
    meet(server, 1, "ACME: pilot review", DANA)
    meet(server, 2, "Globex intro", "sam@globex.example")
    with open_browser() as browser:
        page = browser.new_page(viewport=DESKTOP)
        page.goto(f"{url}/console")
        page.get_by_role("link", name="Sign in with Google").click()
        page.get_by_role("button", name=BEN).click()
        page.get_by_role("heading", name="Finish the set-up").wait_for()
        page.get_by_role("link", name="Go on with the set-up").click()
        expect(page.get_by_text("0 of 8 answered")).to_be_visible()
        judge(page)
        page.get_by_role("link", name="Begin").click()
        _answer_all(page)
        settings = load_settings(file)
        assert (settings.google.mailbox, settings.write_back, settings.time_zone) == (
            NUDGER, "private", BERLIN,
        )  # fmt: skip
        assert settings.milestones[0].name == "Erstgespräch"
        judge(page)
        page.get_by_role("button", name="Check that it works").click()
        page.get_by_text("Everything that was looked at works").wait_for(timeout=60_000)
        expect(page.get_by_text(f"nudger test-mail {ANA}")).to_be_visible()
        judge(page)
        page.get_by_role("button", name="What would be asked this week").click()
        page.get_by_role("heading", name="What would be asked this week").wait_for()
        expect(page.get_by_text("ACME: pilot review")).to_be_visible()
        expect(page.get_by_text("asked Mon 23 Nov 2026 09:00")).to_be_visible()
        expect(page.get_by_text("globex.example (1)")).to_be_visible()
        judge(page)
        with open_context(load_settings(file), server.world.now) as worker:
            outgoing(worker)
            _classify(page, url)
            _add_ben(page, url)
            with worker.database.read() as tx:
                assert people.list_domains(tx)["acme.example"] == "customer"
                assert [rep.email for rep in people.list_reps(tx)] == [ANA, BEN]
        page.goto(f"{url}/console")
        page.get_by_role("heading", name="How far calls get").wait_for()
        expect(page.get_by_text("Finish the set-up")).to_be_hidden()
        page.goto("about:blank")  # what a page still tells by itself finds no server afterwards


def _answer_all(page):
    page.get_by_label("google").check()
    judge(page)
    save(page)
    expect(page.get_by_text('mode = "personal"')).to_be_visible()
    page.get_by_label("An address").fill("nudger@gmail.com")
    save(page)
    page.get_by_text("gmail.com is open to everybody").wait_for()
    judge(page)
    page.get_by_label("An address").fill(NUDGER)
    save(page)
    expect(page.get_by_label("Domains")).to_have_value("ourco.example")
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_label("An address")).to_have_value(NUDGER)
    page.get_by_role("link", name="Skip this").click()
    judge(page)
    save(page)
    page.get_by_label("private").check()
    judge(page)
    save(page)
    page.get_by_label("Time zone").fill("Berlin")
    save(page)
    page.get_by_text("Did you mean Europe/Berlin?").wait_for()
    page.get_by_label("Time zone").fill(BERLIN)
    save(page)
    page.get_by_label("de Deutsch").check()
    save(page)
    expect(page.get_by_text("Erstgespräch >").first).to_be_visible()
    judge(page)
    save(page)
    page.get_by_label("Address").fill(ANA)
    judge(page)
    save(page)
    page.get_by_role("heading", name="Does it work?").wait_for()


def _classify(page, url):
    page.goto(f"{url}/console/domains")
    wait_for_focus(page, "acme.example")
    page.keyboard.press("c")
    page.get_by_text("acme.example is customer").wait_for()


def _add_ben(page, url):
    page.goto(f"{url}/console/reps/add")
    page.get_by_label("Mail address").fill(BEN)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name=BEN).or_(page.get_by_text(BEN)).first.wait_for()

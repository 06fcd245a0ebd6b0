"""Takes the pictures of docs/pictures that show pages: `python -m tests.pictures`.

From a demonstration in which the reps answered this morning's questions. Each is taken light and
dark. Look at them before you commit them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page, ViewportSize

from nudger.admin.console_access import make_code
from nudger.demo.play import begin
from nudger.demo.rep import PlayedReps
from nudger.demo.stage import Stage, stage
from nudger.sandbox.scenario import ANA, LEA
from nudger.worker import incoming
from tests.browser import open_browser, visit

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}


def take_all(browser: Browser) -> None:
    with stage() as on_stage:
        world = on_stage.server.world
        world.set_now(world.now())
        begin(on_stage)
        answer_page = f"{on_stage.answer_page}/1"
        take(browser, "answer-page-phone", PHONE, lambda page: page.goto(answer_page))
        PlayedReps(on_stage).answer_mails()
        for _ in range(3):
            incoming(on_stage.ctx)
        doors = on_stage.doors
        panel = f"{on_stage.server.url}/calendar/{quote(ANA)}/initechdemo"
        take(browser, "rep-page", DESKTOP, lambda page: sign_in(page, on_stage, doors.rep, ANA))
        take(
            browser,
            "manager-page",
            DESKTOP,
            lambda page: sign_in(page, on_stage, doors.manager, LEA),
        )
        take(browser, "console", DESKTOP, lambda page: enter(page, on_stage))
        take(browser, "templates", DESKTOP, lambda page: write_template(page, on_stage))
        take(browser, "add-on", DESKTOP, lambda page: open_panel(page, panel))


def take(browser, name, viewport, lead_to) -> None:
    """The first screen of what it leads to, light and dark."""
    context = browser.new_context(viewport=viewport)
    page = context.new_page()
    lead_to(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(300)
        page.screenshot(path=FOLDER / f"{name}-{scheme}.png", animations="disabled")
    context.close()


def sign_in(page: Page, on_stage: Stage, address: str, who: str) -> None:
    page.goto(address)
    page.locator("#address").fill(who)
    page.keyboard.press("Enter")
    page.locator("#code").wait_for()
    inbox = page.context.new_page()
    mail = inbox.locator(".list a", has_text="Sign in to your Nudger page")
    visit(inbox, f"{on_stage.server.url}/inbox/{quote(who)}")
    while mail.count() == 0:
        inbox.wait_for_timeout(200)
        inbox.reload()
    mail.first.click()
    text = inbox.frame_locator("iframe").locator("body").inner_text()
    inbox.close()
    page.locator("#code").fill("".join(re.findall(r"\b\d{3}\b", text)[:2]))
    page.keyboard.press("Enter")
    page.wait_for_url(address)


def enter(page: Page, on_stage: Stage) -> None:
    page.goto(on_stage.doors.console)
    page.get_by_label("Code").fill(on_stage.doors.code)
    page.keyboard.press("Enter")
    page.wait_for_url(on_stage.doors.console)
    page.wait_for_load_state("networkidle")


def open_panel(page: Page, address: str) -> None:
    visit(page, address)
    page.locator(".panel h2").wait_for()


def write_template(page: Page, on_stage: Stage) -> None:
    """A line of the company's own in the question, as it is typed."""
    with on_stage.ctx.database.begin() as tx:
        code = make_code(on_stage.ctx, tx, None)
    page.goto(f"{on_stage.doors.console}/sign-in")
    page.get_by_label("Code").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url(on_stage.doors.console)
    page.goto(f"{on_stage.doors.console}/templates/edit?file=en/question.html.j2")
    text = page.locator("#text")
    text.fill(text.input_value().replace("{{ title }}", "{{ title }}: what is it for?"))
    page.frame_locator(".phone iframe").get_by_text("what is it for?").wait_for()
    text.evaluate("one => { one.blur(); one.scrollTop = 0; scrollTo(0, 0); }")


if __name__ == "__main__":
    with open_browser() as opened:
        take_all(opened)
    sys.exit(0)

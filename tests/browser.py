"""A real browser for tests: Debian's chromium, without a look at the network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Error, Page, Response, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip
PATIENCE = 120_000
"""Milliseconds until what does not come is given up: on a busy machine all takes longer, and
nothing waits longer than it has to."""
GIVEN_WAY = ("interrupted by another navigation", "net::ERR_ABORTED")
"""What the browser says of a page that it did not open because the one before opened another."""

expect.set_options(timeout=PATIENCE)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Skips the test where there is no chromium."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(QUIET), timeout=PATIENCE
        )
        opened.on("context", lambda context: context.set_default_timeout(PATIENCE))
        yield opened
        opened.close()


def visit(page: Page, url: str) -> Response | None:
    """Open a page of the sandbox, whose pages open anew by themselves where something has changed:
    where the one before does so at this very moment, again."""
    for _ in range(10):
        try:
            return page.goto(url)
        except Error as error:
            if not any(one in error.message for one in GIVEN_WAY):
                raise
            page.wait_for_load_state()
    raise AssertionError(f"{url} never came to rest")


def wait_for_focus(page: Page, within: str) -> None:
    """Wait until what has the keyboard shows or holds this text, and the page's scripts, which
    heed the keys, have run. The whole page has it while nothing in it does, as just after a piece
    was replaced: that is not it. Asked again and again from outside: what waits within a page
    makes code of text, which our pages forbid."""
    for _ in range(PATIENCE // 100):
        if within in page.evaluate(
            "(on => on === document.body ? '' : [on.value, on.textContent].join(' '))"
            "(document.activeElement)"
        ):
            page.wait_for_load_state()
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the keyboard never came to {within!r}")

"""What a browser loads that has nothing of ours yet, and whether what it shows stays in its place."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from tests.browser import open_browser
from tests.office import ANA
from tests.web.answer.test_page import DESKTOP, PHONE
from tests.web.console.conftest import come_in  # noqa: F401 - fixture
from tests.web.manager.conftest import (  # noqa: F401 - fixtures
    ana,
    mia,
    opened,
    other_browser,
    sign_in,
    team,
)
from tests.web.rep.test_page import carry_over
from tests.web.slow_line import slow_line

MOST_BYTES = 100_000
SHIFTS = """
window.moved = 0;
new PerformanceObserver(list => { for (const one of list.getEntries()) window.moved += one.value })
    .observe({type: "layout-shift", buffered: true});
"""


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened_browser:
        yield opened_browser


@contextmanager
def looked_at(browser, client, url, viewport):
    """A page of a browser that has nothing of ours yet, before it goes anywhere."""
    with browser.new_context(viewport=viewport) as context:
        if client is not None:
            carry_over(client, context, url)
        yield context.new_page()


def bytes_loaded(page, url):
    """How many bytes come over the network, headers included."""
    loaded = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda one: loaded.append(one["encodedDataLength"]))
    assert page.goto(url, wait_until="networkidle").ok
    assert len(loaded) > 3, "the page, its style and its scripts"
    return sum(loaded)


def moved_about(page, url):
    """How far things move while a page comes in pieces."""
    page.add_init_script(SHIFTS)
    assert page.goto(url, wait_until="networkidle").ok
    return page.evaluate("window.moved")


@pytest.fixture
def first_pages(opened, ana, mia, come_in):  # noqa: F811
    return (
        (f"{opened.link(ANA, 0)}/1", None, PHONE),
        ("/me", ana, PHONE),
        ("/team", mia, PHONE),
        ("/console", come_in(), DESKTOP),
    )


def test_a_first_load_is_light(browser, opened, first_pages):  # noqa: F811
    for path, client, viewport in first_pages:
        with looked_at(browser, client, opened.url, viewport) as page:
            assert bytes_loaded(page, opened.url + path) <= MOST_BYTES, path


def test_nothing_moves_while_a_page_comes_in_pieces(browser, opened, first_pages):  # noqa: F811
    with slow_line(opened.url) as url:
        for path, client, viewport in first_pages:
            with looked_at(browser, client, url, viewport) as page:
                assert moved_about(page, url + path) == 0, path

"""What a browser loads that has nothing of ours yet, and whether what it shows stays in its place."""

from __future__ import annotations

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


def first_load(browser, client, url, viewport):
    """How many bytes come over the network, headers included, and how far things move."""
    context = browser.new_context(viewport=viewport)
    if client is not None:
        carry_over(client, context, url)
    page = context.new_page()
    loaded = []
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda one: loaded.append(one["encodedDataLength"]))
    page.add_init_script(SHIFTS)
    page.goto(url, wait_until="networkidle")
    moved = page.evaluate("window.moved")
    context.close()
    assert len(loaded) > 3, "the page, its style and its scripts"
    return sum(loaded), moved


def test_a_first_load_is_light_and_nothing_moves(browser, opened, ana, mia, come_in):  # noqa: F811
    url = opened.url
    for path, client, viewport in (
        (f"{opened.link(ANA, 0)}/1", None, PHONE),
        ("/me", ana, PHONE),
        ("/team", mia, PHONE),
        ("/console", come_in(), DESKTOP),
    ):
        size, moved = first_load(browser, client, url + path, viewport)
        assert size <= MOST_BYTES, path
        assert moved == 0, path

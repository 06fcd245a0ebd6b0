"""The milestones in the console: ordered, named, begun from a list, written into nudger.toml."""

from __future__ import annotations

import re

import pytest

from nudger.config import load_settings
from nudger.domain.commitment import Milestone
from nudger.domain.reasons import Reason
from nudger.store import audit
from nudger.web.console.milestones_form import pressed, problem_of
from tests.browser import open_browser, wait_for_focus
from tests.web.answer.test_page import DESKTOP
from tests.web.answer.test_router import Fields
from tests.web.console.conftest import token_of
from tests.web.rep.test_page import carry_over

PATH = "/console/milestones"
A, B, C = Milestone("A"), Milestone("B"), Milestone("C")


@pytest.mark.parametrize(
    ("button", "order", "row"),
    [
        ("up-0", "ABC", 0),
        ("up-2", "ACB", 1),
        ("down-0", "BAC", 1),
        ("down-2", "ABC", 2),
        ("remove-1", "AC", 0),
        ("up-7", "ABC", 0),
        ("x", "ABC", 0),
    ],
)
def test_what_a_button_does(button, order, row):
    edited = pressed((A, B, C), button)
    assert ("".join(one.name for one in edited.milestones), edited.row) == (order, row)


@pytest.mark.parametrize(
    ("milestones", "says"),
    [
        ([A, B], None),
        ([A, Milestone("")], "has a name"),
        ([A, Milestone("B", aliases=("a",))], "names two"),
        ([Milestone("x" * 81)], "at most 80"),
    ],
)
def test_what_cannot_be_saved(milestones, says):
    found = problem_of(milestones)
    assert found is says is None or says in found


def form(client, **more):
    seen = re.search(r'name="seen" value="([^"]*)"', client.get(PATH).text)[1]
    return {"token": token_of(client, PATH), "seen": seen, **more}


def saved(pages):
    return load_settings(pages.office.file).milestones


ROWS = {"name": ["Pilot", "Contract"], "exit": ["They try it", ""], "aliases": ["test, trial", ""]}


def test_they_are_saved_into_the_file_and_nothing_else_changes(pages, kim):
    before = load_settings(pages.office.file).model_dump(exclude={"milestones"})
    assert kim.post(PATH, data=form(kim, button="save", **ROWS)).status_code == 303
    assert [(one.name, one.exit, one.aliases) for one in saved(pages)] == [
        ("Pilot", "They try it", ("test", "trial")), ("Contract", "", ()),
    ]  # fmt: skip
    assert load_settings(pages.office.file).model_dump(exclude={"milestones"}) == before
    page = Fields(kim.get(PATH).text).text
    assert "counts after a restart" in page
    with pages.office.ctx.database.read() as tx:
        last = audit.after(tx, 0)[-1].step
    assert (last.reason, last.detail["setting"]) == (Reason.SETTING_CHANGED, "milestones")


def test_nothing_is_saved_over_a_file_that_was_changed(pages, kim):
    data = form(kim, button="save", **ROWS)
    file = pages.office.file
    file.write_text(file.read_text() + "\n# by hand\n")
    refused = kim.post(PATH, data=data)
    assert (refused.status_code, "was changed since" in refused.text) == (422, True)
    assert 'value="Pilot"' in refused.text


def test_what_is_wrong_is_said_and_stays_typed(pages, kim):
    before = saved(pages)
    twice = {**ROWS, "name": ["Pilot", "pilot"]}
    refused = kim.post(PATH, data=form(kim, button="save", **twice))
    assert (refused.status_code, "names two milestones" in refused.text) == (422, True)
    assert saved(pages) == before


def test_a_list_is_looked_at_before_it_is_saved(pages, kim):
    before = saved(pages)
    page = kim.get(PATH, params={"which": "trial", "language": "de"}).text
    assert "Not saved yet" in page
    assert "Erstgespräch" in page
    assert "First call" in page
    assert saved(pages) == before


def test_an_auditor_reads_them(alex):
    assert f'action="{PATH}"' not in alex.get(PATH).text


def test_they_are_put_in_order_by_keyboard(pages, kim):
    kim.post(PATH, data=form(kim, button="save", **ROWS))
    with open_browser() as browser:
        context = browser.new_context(viewport=DESKTOP)
        carry_over(kim, context, pages.url)
        page = context.new_page()
        page.goto(f"{pages.url}{PATH}")
        page.get_by_role("button", name="Move Contract up").press("Enter")
        wait_for_focus(page, "Contract")
        page.keyboard.press("Enter")
        page.get_by_text("Not saved yet").wait_for(state="detached")
        assert [one.name for one in saved(pages)] == ["Contract", "Pilot"]
        context.close()

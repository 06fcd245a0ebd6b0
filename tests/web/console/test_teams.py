"""Teams in the console: made in the file, filled in the database, refused with what to do."""

from __future__ import annotations

import re

import pytest

from nudger.config import load_settings
from nudger.domain.reasons import Reason
from nudger.store import admins, audit, people
from tests.office import ANA
from tests.web.conftest import served
from tests.web.console.conftest import KIM, send, token_of

TEAMS, TEAM = "/console/reps/teams", "/console/reps/team"
EMEA = f"{TEAM}?name=emea"


@pytest.fixture
def pages(office):
    """An office with a team."""
    office.configure('[[teams]]\nname = "emea"\n')
    with served(office, f'public_url = "{"http://127.0.0.1:1"}"\n') as pages:
        yield pages


def post(client, path, page, **fields):
    text = client.get(page).text
    seen = re.search(r'name="seen" value="([^"]*)"', text)
    token = token_of(client, page)
    return client.post(path, data={"token": token, "seen": seen[1] if seen else "", **fields})


def teams(pages):
    return {one.name: one for one in load_settings(pages.office.file).teams}


def latest(pages):
    with pages.office.ctx.database.read() as tx:
        step = audit.after(tx, 0)[-1].step
        assert step.detail["admin"] == admins.find_admin(tx, KIM).id
    return step


def team_of_ana(pages):
    with pages.office.ctx.database.read() as tx:
        return people.find_rep(tx, ANA).team


def test_a_team_is_made_and_counts_after_a_restart(pages, kim):
    made = post(kim, TEAMS, TEAMS, name=" latin <america> ")
    assert made.status_code == 303
    assert list(teams(pages)) == ["emea", "latin <america>"]
    assert (latest(pages).reason, latest(pages).detail["after"]) == (Reason.SETTING_CHANGED, "2")
    page = kim.get(made.headers["location"]).text
    assert "counts after a restart" in page
    assert "Add a rep" not in page
    assert "latin &lt;america&gt;" in page


def test_a_setting_is_another_for_the_team_alone(pages, kim):
    setting = f"{TEAM}/setting"
    page = f"{setting}?name=emea&key=ask.lead_hours"
    wrong = post(kim, setting, page, name="emea", key="ask.lead_hours", value="99")
    assert (wrong.status_code, "less than or equal to 80" in wrong.text) == (422, True)
    assert post(kim, setting, page, name="emea", key="ask.lead_hours", value="6").status_code == 303
    assert teams(pages)["emea"].ask.lead_hours == 6
    assert load_settings(pages.office.file).ask.lead_hours is None
    assert latest(pages).detail["setting"] == "teams.0.ask.lead_hours"
    assert latest(pages).detail["before"] == "as for everybody"
    post(kim, setting, page, name="emea", key="ask.lead_hours", value="")
    assert "lead_hours" not in teams(pages)["emea"].ask.model_fields_set


def test_a_rep_comes_in_and_goes_out(pages, kim):
    assert post(kim, f"{TEAM}/member", EMEA, name="emea", email=ANA).status_code == 303
    assert (team_of_ana(pages), latest(pages).reason) == ("emea", Reason.REPS_CHANGED)
    for path, more in ((TEAM, {"wanted": "europe"}), (f"{TEAM}/remove", {})):
        refused = post(kim, path, EMEA, name="emea", **more)
        assert (refused.status_code, "take them out first" in refused.text) == (422, True)
    post(kim, f"{TEAM}/member", EMEA, name="emea", email=ANA, leaves="1")
    assert team_of_ana(pages) is None
    assert post(kim, TEAM, EMEA, name="emea", wanted="europe").status_code == 303
    assert list(teams(pages)) == ["europe"]
    europe = f"{TEAM}?name=europe"
    assert post(kim, f"{TEAM}/remove", europe, name="europe").status_code == 303
    assert teams(pages) == {}


@pytest.mark.parametrize(
    ("name", "says"),
    [("", "A team has a name"), ("x" * 81, "A team has a name"), ("emea", "stands twice")],
)
def test_what_makes_no_team(pages, kim, name, says):
    refused = post(kim, TEAMS, TEAMS, name=name)
    assert (refused.status_code, says in refused.text) == (422, True)
    assert list(teams(pages)) == ["emea"]


def test_what_is_not_there_is_said(pages, kim, monkeypatch):
    assert kim.get(TEAM, params={"name": "no"}).status_code == 404
    for key in ("no", "web.public_url", "milestones", "write_back"):
        assert kim.get(f"{TEAM}/setting", params={"name": "emea", "key": key}).status_code == 404
    assert send(kim, f"{TEAM}/member", EMEA, name="emea", email="no").status_code == 422
    assert send(kim, TEAMS, TEAMS, name="late", seen="old").status_code == 422
    monkeypatch.setenv("NUDGER_TEAMS", '[{"name": "emea"}]')
    assert "NUDGER_TEAMS" in kim.get(TEAMS).text
    assert "NUDGER_TEAMS" in send(kim, TEAMS, TEAMS, name="x").text


def test_an_auditor_reads_them(pages, alex):
    page = alex.get(EMEA).text
    assert "ask.lead_hours" in page
    assert '<form class="filter"' not in page
    assert f'action="{TEAM}"' not in page

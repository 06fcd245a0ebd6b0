"""The day's plan in a Teams channel: whose calls, when, once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from nudger.admin.controls import pause_sending, resume_sending
from nudger.jobs.channel_day import post_channel_days
from nudger.mail.day_card import MOST_BYTES, PlannedCall, day_card
from nudger.mail.template_cache import templates_for
from nudger.mail.templates import languages_of
from nudger.sandbox.faults import Fault
from nudger.sandbox.teams import _is_card
from nudger.store import channels, tables
from tests.office import run_once

NAME = "Sales EMEA"
MORNING = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)  # 8:05 in Berlin, on the day of the call


@pytest.fixture
def teams(office):
    url = office.server.teams.url(office.server.url, "emea")
    office.configure(
        f'[[teams_channels]]\nname = "{NAME}"\nallow_private = true\nurl = "{url}"\n'
        'time_zone = "Europe/Berlin"\n'
    )
    with office.ctx.database.begin() as tx:
        channels.share(tx, 1, NAME, office.ctx.clock())
    office.meet()
    run_once(office.ctx)
    office.at(MORNING)
    return office.server.teams


def said(card):
    return "\n".join(run["text"] for block in card["body"] for run in block["inlines"])


def states(office):
    with office.ctx.database.read() as tx:
        day = tables.channel_day.c.day == "2026-11-24"
        return list(tx.scalars(sa.select(tables.channel_day.c.state).where(day)))


def test_the_plan_comes_once_in_the_morning(office, teams):
    run_once(office.ctx)
    office.later(minutes=10)
    run_once(office.ctx)
    (card,) = teams.posted["emea"]
    assert "Customer calls today, Tuesday 24 November" in said(card)
    assert "○  14:00  ACME · Ana Weber" in said(card)
    assert "With a Commitment Objective: 0 of 1" in said(card)
    assert states(office) == ["posted"]


def test_it_says_that_there_is_one_and_never_what(office, teams):
    office.at(MORNING - timedelta(hours=14))
    office.reply("Dana, the CFO, agrees to a secret pilot by Friday\n1")
    run_once(office.ctx)
    office.at(MORNING)
    run_once(office.ctx)
    (card,) = teams.posted["emea"]
    assert "✓  14:00  ACME" in said(card)
    assert "secret" not in json.dumps(card)


def test_nobody_stands_there_who_did_not_choose_it(office, teams):
    with office.ctx.database.begin() as tx:
        channels.unshare(tx, 1, NAME)
    run_once(office.ctx)
    assert teams.posted["emea"] == []


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 24, 6, 55, tzinfo=UTC),  # too early
        datetime(2026, 11, 24, 10, 5, tzinfo=UTC),  # too late
        datetime(2026, 11, 28, 7, 5, tzinfo=UTC),  # a Saturday
    ],
)
def test_at_no_other_time(office, teams, moment):
    office.at(moment)
    post_channel_days(office.ctx)
    assert teams.posted["emea"] == []


def test_a_pause_that_teams_asks_for_is_kept(office, teams):
    office.world.faults.add(Fault("teams.post", status=429, retry_after=120))
    run_once(office.ctx)
    office.later(seconds=100)
    run_once(office.ctx)
    assert teams.posted["emea"] == []
    office.later(seconds=40)
    run_once(office.ctx)
    assert len(teams.posted["emea"]) == 1


def test_a_channel_that_takes_nothing_is_left_alone_twice_as_long_each_time(office, teams):
    office.world.faults.add(Fault("teams.post", status=429, times=3))
    posts = []
    for seconds in range(0, 300, 10):
        office.at(MORNING + timedelta(seconds=seconds))
        post_channel_days(office.ctx)
        posts.append(office.world.ledger.calls["teams.post"])
    tries = [10 * at for at in range(1, 30) if posts[at] > posts[at - 1]]
    assert (posts[0], tries) == (1, [30, 90, 210])
    assert len(teams.posted["emea"]) == 1


@pytest.mark.parametrize("effect", [False, True])
def test_what_may_have_been_posted_is_not_posted_again(office, teams, effect):
    office.world.faults.add(Fault("teams.post", status=0, reason="no_byte", effect=effect))
    run_once(office.ctx)
    office.later(minutes=10)
    run_once(office.ctx)
    assert len(teams.posted["emea"]) == effect
    assert states(office) == ["in_doubt"]


def test_nor_what_a_worker_that_died_may_have_posted(office, teams):
    post_channel_days(office.ctx)
    with office.ctx.database.begin() as tx:
        tx.execute(sa.update(tables.channel_day).values(state=channels.DayState.POSTING.value))
    office.later(minutes=10)
    post_channel_days(office.ctx)
    assert len(teams.posted["emea"]) == 1
    assert states(office) == ["in_doubt"]


def test_where_no_channel_is_set_up_nothing_is_posted(office):
    assert post_channel_days(office.ctx) == 0


def test_while_sending_is_paused_no_plan_is_posted(office, teams):
    pause_sending(office.ctx.database, None, office.ctx.clock())
    assert post_channel_days(office.ctx) == 0
    assert teams.posted["emea"] == []
    resume_sending(office.ctx.database, None, office.ctx.clock())
    assert post_channel_days(office.ctx) == 1
    assert len(teams.posted["emea"]) == 1


def test_a_workflow_that_is_gone_is_left_alone(office, teams):
    office.file.write_text(office.file.read_text().replace("sig=sandbox", "sig=other"))
    office.configure("")
    run_once(office.ctx)
    office.later(minutes=10)
    run_once(office.ctx)
    assert states(office) == ["failed"]
    assert office.world.ledger.calls["teams.post"] == 1


@settings(max_examples=40)
@given(st.text(max_size=300), st.sampled_from([0, 1, 7, 300]), st.sampled_from(languages_of(None)))
def test_any_plan_is_a_card_that_teams_takes(name, count, language):
    calls = [PlannedCall(MORNING, name, name * 3, has_commitment=True)] * count
    body = day_card(templates_for(None, language).words, MORNING.date(), calls)
    assert _is_card(json.loads(body))
    assert len(body.encode()) <= MOST_BYTES

"""Series: not every date is asked about."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from nudger.jobs.tidy import tidy
from nudger.sandbox.entries import Guest
from nudger.sandbox.people_pages import plain_text
from nudger.store import meetings, tables
from nudger.store.retention import KEEP_OCCURRENCES
from nudger.worker import outgoing
from simulation.counter import kind_of
from tests.jobs.planning.recurring import (
    ANA,
    BEN,
    FIRST,
    WEEK,
    answer,
    asked_about,
    cancel,
    planned,
    series,
    work,
)


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


def test_the_same_event_twice_is_one_question(office):
    office.meet("one")
    office.meet("two")
    work(office)
    assert len(asked_about(office)) == 1


def test_what_is_cancelled_and_restored_keeps_its_answer(office):
    entry = office.meet()
    work(office)
    answer(office)
    cancel(office, [entry])
    work(office, minutes=5)
    office.world.calendars.change(entry, ANA, False, status="confirmed")
    work(office, minutes=5)
    with office.ctx.database.read() as tx:
        assert meetings.state_counts(tx) == {"written": 1}
    assert len(asked_about(office)) == 1


def test_skip_stays_when_the_event_changes(office):
    entry = office.meet()
    work(office)
    answer(office, "skip")
    office.world.calendars.change(entry, ANA, False, title="ACME: pilot review, part 2")
    work(office, minutes=5)
    with office.ctx.database.read() as tx:
        assert meetings.state_counts(tx) == {"withdrawn": 1}


def test_an_expired_question_is_asked_when_the_call_moves(office):
    soon = office.world.now() + timedelta(minutes=20)
    entry = office.meet(start=soon)
    work(office)
    assert not asked_about(office)
    later = soon + timedelta(days=3)
    office.world.calendars.change(entry, ANA, False, start=later, end=later + timedelta(hours=1))
    work(office, minutes=5)
    work(office, days=2)
    assert len(asked_about(office)) == 1


def test_a_reminder_follows_the_call(office):
    entry = office.meet()
    work(office)
    later = entry.start + timedelta(days=2)
    office.world.calendars.change(entry, ANA, False, start=later, end=later + timedelta(hours=1))
    work(office, minutes=5)
    work(office, days=1, hours=3)
    assert [kind_of(one) for one in office.inbox(ANA)] == ["question"]
    work(office, days=2)
    assert [kind_of(one) for one in office.inbox(ANA)] == ["question", "reminder"]


def test_first_only_asks_about_no_other_date(office):
    series(office)
    work(office)
    answer(office, "first only")
    assert "this date of the series only" in plain_text(office.inbox(ANA)[-1])
    assert planned(office) == 0
    answer(office)
    assert "Dana agrees" in office.description(f"weekly_{FIRST:%Y%m%dT%H%M%SZ}")
    for _ in range(21):
        work(office, days=1)
    assert len(asked_about(office)) == 1


@pytest.mark.parametrize("split_at", [None, 2])
def test_every_second_date_also_after_a_split(office, split_at):
    dates = series(office, dates=6)
    work(office)
    answer(office, "every second")
    assert "one date in 2" in plain_text(office.inbox(ANA)[-1])
    if split_at is not None:
        cancel(office, dates[split_at:])
        series(office, "split", dates[split_at].start + timedelta(hours=1), dates=4)
    asked_on = [office.world.now().date()]
    for _ in range(40):
        before = len(asked_about(office))
        work(office, days=1)
        if len(asked_about(office)) > before:
            asked_on.append(office.world.now().date())
            tidy(office.ctx)
    assert [(day - asked_on[0]).days for day in asked_on] == [0, 14, 28]


def test_a_muted_series_stays_muted_after_a_split_and_undo_brings_it_back(office):
    dates = series(office)
    work(office)
    answer(office, "mute series")
    cancel(office, dates[1:])
    series(office, "split", dates[1].start + timedelta(hours=1), dates=3)
    work(office, minutes=5)
    work(office, days=7)
    assert len(asked_about(office)) == 1
    assert planned(office) == 0


def test_undo_asks_about_each_date_again(office):
    series(office)
    work(office)
    answer(office, "mute series")
    assert planned(office) == 0
    office.reply("undo")
    work(office, minutes=3)
    outgoing(office.ctx)
    assert planned(office) > 0


def test_policy_first_asks_once_a_series(office):
    office.configure('[meetings]\nseries = "first"\n')
    series(office, dates=3)
    work(office)
    for _ in range(14):
        work(office, days=1)
    assert len(asked_about(office)) == 1


def test_policy_first_counts_from_the_first_date_that_deserves_a_question(office):
    office.configure('[meetings]\nseries = "first"\n')
    among_ourselves, *_ = series(office, dates=3)
    with office.world.lock:
        office.world.calendars.change(among_ourselves, ANA, False, guests=[Guest(ANA), Guest(BEN)])
    work(office)
    for _ in range(16):
        work(office, days=1)
    (question,) = asked_about(office)
    assert "1 Dec" in question.headers["subject"]


def test_undo_takes_back_no_policy(office):
    office.configure('[meetings]\nseries = "first"\n')
    series(office, dates=3)
    work(office)
    answer(office, "undo")
    assert "nothing to take back" in plain_text(office.inbox(ANA)[-1])
    for _ in range(14):
        work(office, days=1)
    assert len(asked_about(office)) == 1


def test_counting_survives_the_tidying_of_old_dates(office):
    series(office, dates=24)
    work(office)
    answer(office, "every 11th")
    for _ in range(26):
        work(office, days=6, hours=23, minutes=50)
        office.world.set_now(office.world.now().replace(hour=8, minute=30))
        work(office)
        tidy(office.ctx)
    days = {one.received_at.date().isocalendar().week for one in asked_about(office)}
    assert len(asked_about(office)) == 3, days
    with office.ctx.database.read() as tx:
        oldest = tx.scalar(sa.select(sa.func.min(tables.occurrence.c.start_at)))
    assert office.world.now() - oldest < KEEP_OCCURRENCES + 12 * WEEK, (
        "from the last one that counts"
    )


@pytest.mark.parametrize("chosen", ["first only", "every second", "mute series"])
def test_undo_takes_back_the_choice_that_came_after_the_answer(office, chosen):
    series(office, dates=3)
    work(office)
    answer(office)
    answer(office, chosen)
    answer(office, "undo")
    work(office, minutes=2)
    with office.ctx.database.read() as tx:
        assert meetings.state_counts(tx) == {"written": 1, "planned": planned(office)}
    assert planned(office) == 2
    answer(office, "undo")
    with office.ctx.database.read() as tx:
        assert "written" not in meetings.state_counts(tx)


def test_policy_first_on_a_calendar_that_is_watched_already(office):
    dates = series(office, dates=3)
    with office.world.lock:
        for entry in dates[:2]:  # so that the provider shows the last date first
            del office.world.calendars.of(ANA)[entry.id]
            office.world.calendars.add(entry)
    office.world.calendars.page_size = 1
    work(office)
    assert planned(office) == 2
    office.configure('[meetings]\nseries = "first"\n')
    work(office, minutes=5)
    assert planned(office) == 0
    assert len(asked_about(office)) == 1


def test_a_muted_series_stays_muted_after_a_split_beyond_what_was_read(office):
    series(office, dates=4)
    work(office)
    answer(office, "mute series")
    for _ in range(21):
        work(office, days=1)
    series(office, "split", FIRST + 4 * WEEK + timedelta(hours=1), dates=3)
    for _ in range(14):
        work(office, days=1)
    assert len(asked_about(office)) == 1


def test_a_series_long_after_a_muted_one_of_the_same_title_is_asked_about(office):
    series(office, dates=2)
    work(office)
    answer(office, "mute series")
    work(office, days=150)
    tidy(office.ctx)
    begin = office.world.now() + timedelta(days=2)
    series(office, "again", begin, dates=2)
    work(office, minutes=5)
    assert planned(office) > 0


@pytest.mark.parametrize("other", [{"guest": "eva@beta.example"}, {"title": "ACME legal"}])
def test_what_begins_where_a_muted_series_ended_and_is_another_is_asked_about(office, other):
    series(office, dates=2)
    work(office)
    answer(office, "mute series")
    series(office, "another", FIRST + 2 * WEEK, dates=2, **other)
    work(office, minutes=5)
    assert planned(office) > 0


def test_another_series_beside_a_muted_one_is_asked_about(office):
    series(office, dates=4)
    work(office)
    answer(office, "mute series")
    series(office, "thursdays", FIRST + timedelta(days=2), dates=3)
    work(office, minutes=5)
    assert planned(office) > 0

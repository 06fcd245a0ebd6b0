"""Dates that were made anew under another id keep their history."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nudger.domain.commitment import OPEN
from nudger.domain.event import Provider
from nudger.jobs.scan import scan
from nudger.store import meetings, people
from nudger.store.people import NewRep
from simulation.counter import kind_of
from tests.jobs.planning.recurring import (
    ANA,
    BEN,
    DANA,
    FIRST,
    all_meetings,
    answer,
    asked_about,
    cancel,
    series,
    work,
)


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


@pytest.mark.parametrize("moved_by", [timedelta(0), timedelta(hours=1), timedelta(days=2)])
def test_this_and_following_keeps_the_answer_and_asks_nothing_anew(office, moved_by):
    dates = series(office)
    work(office)
    answer(office)
    assert len(asked_about(office)) == 1
    cancel(office, dates)
    again = series(office, "split", FIRST + moved_by)
    work(office, minutes=5)
    assert len(asked_about(office)) == 1
    assert "Dana agrees to a pilot" in office.description(again[0].id)
    work(office, hours=3)
    assert len(asked_about(office)) == 1
    assert not [one for one in office.inbox(ANA) if kind_of(one) == "reminder"]


def test_a_whole_series_moved_by_an_hour_is_one_question_a_date(office):
    dates = series(office, dates=3)
    work(office)
    cancel(office, dates)
    series(office, dates=3, first=FIRST + timedelta(hours=1))
    work(office, minutes=5)
    assert len(asked_about(office)) == 1
    assert all_meetings(office) == 3


def test_every_second_date_is_counted_from_where_it_was_moved(office):
    every = timedelta(days=3)
    dates = series(office, every=every)
    work(office)
    answer(office, "every second")
    cancel(office, dates)
    again = series(office, "split", FIRST + timedelta(hours=1), every=every)
    work(office, minutes=5)
    with office.ctx.database.read() as tx:
        left = sorted(one.start for one in office.ctx.meetings.every(tx) if one.state in OPEN)
    assert left == [again[0].start, again[2].start]


def test_an_event_that_is_made_again_by_hand_keeps_its_answer(office):
    entry = office.meet()
    work(office)
    answer(office)
    cancel(office, [entry])
    work(office, minutes=5)
    again = office.meet("again", start=entry.start + timedelta(hours=2))
    work(office, minutes=5)
    assert len(asked_about(office)) == 1
    assert "Dana agrees to a pilot" in office.description(again.id)


@pytest.mark.parametrize("kept_by", ["google"])
def test_what_is_made_again_with_a_colleague_keeps_its_answer(office):
    with office.ctx.database.begin() as tx:
        ana = people.find_rep(tx, ANA)
        ben = people.add_rep(tx, NewRep(BEN, Provider.GOOGLE), office.ctx.clock())
    call = office.meet()
    work(office)
    answer(office)
    cancel(office, [call])
    office.meet("again", guests=[ANA, BEN, DANA])
    office.later(minutes=3)
    for one in (ben, ana, ben):
        scan(office.ctx, only=[one.id])
    work(office, hours=2)
    assert len(asked_about(office)) == 1
    assert "pilot by Friday" in office.description("again")
    with office.ctx.database.read() as tx:
        assert meetings.state_counts(tx) == {"written": 1}

"""The weekly mail: which week, when, what it holds, and the one thing that it says of the numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.history import Tally
from nudger.domain.sending import Span
from nudger.domain.week import (
    MANAGER_DELAY,
    Days,
    Remark,
    Week,
    WeeklyPart,
    days_ahead,
    days_behind,
    remark_on,
    weekly_part,
    weekly_span,
    weeks_to_plan,
)
from nudger.domain.working_hours import WorkingHours

BERLIN = ZoneInfo("Europe/Berlin")
HOURS = WorkingHours(BERLIN, country="DE", quiet_days=frozenset({date(2026, 11, 30)}))
MON, FRI = 0, 4
W49 = Week(2026, 49)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_a_week_is_found_again_by_its_name_and_followed_by_the_next(day):
    week = Week.of(day)
    assert Week.parse(str(week)) == week
    assert week.day(day.weekday()) == day
    assert week.following.day(0) - week.day(0) == timedelta(days=7)


@pytest.mark.parametrize(
    ("case", "week", "weekday", "due"),
    [
        ("a plain Monday", Week(2026, 48), MON, "2026-11-23 09:00"),
        ("a quiet Monday", W49, MON, "2026-12-01 09:00"),
        ("Easter Monday", Week(2027, 13), MON, "2027-03-30 09:00"),
        ("a Friday that is a holiday", Week(2026, 53), FRI, "2027-01-04 09:00"),
        ("the day after the clocks changed", Week(2026, 44), MON, "2026-10-26 09:00"),
    ],
)
def test_when_it_is_due(case, week, weekday, due):
    assert weekly_span(week, weekday, HOURS) == Span(at(due), at(due) + timedelta(days=3))


def test_a_managers_comes_an_hour_after_the_reps():
    span = weekly_span(Week(2026, 48), MON, HOURS, MANAGER_DELAY)
    assert span.earliest == at("2026-11-23 10:00")


@pytest.mark.parametrize(
    ("case", "now", "weeks"),
    [
        ("the Sunday before", "2026-11-22 20:00", ("2026-W48",)),
        ("on its day", "2026-11-23 08:00", ("2026-W48", "2026-W49")),
        ("while it is worth sending", "2026-11-26 09:00", ("2026-W48", "2026-W49")),
        ("too late for this week", "2026-11-26 09:01", ("2026-W49",)),
        ("this week's day is still to come", "2026-12-01 08:00", ("2026-W49", "2026-W50")),
    ],
)
def test_which_weeks_have_a_mail_waiting(case, now, weeks):
    assert tuple(map(str, weeks_to_plan(MON, HOURS, at(now)))) == weeks


def test_it_looks_seven_days_back_and_seven_ahead_in_the_readers_zone():
    behind, ahead = days_behind(W49, MON), days_ahead(W49, MON)
    assert (behind, behind.last) == (
        Days(date(2026, 11, 23), date(2026, 11, 30)),
        date(2026, 11, 29),
    )
    assert ahead == Days(date(2026, 11, 30), date(2026, 12, 7))
    assert behind.moments(HOURS) == (
        datetime(2026, 11, 22, 23, tzinfo=UTC),
        datetime(2026, 11, 29, 23, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("asked", "must_be_told", "part"),
    [
        (3, False, WeeklyPart.NUMBERS),
        (3, True, WeeklyPart.NUMBERS),
        (0, True, WeeklyPart.NOTICE),
        (0, False, None),
    ],
)
def test_what_a_rep_gets(asked, must_be_told, part):
    assert weekly_part(asked, must_be_told=must_be_told) is part


def numbers(asked, in_time, valid, agreed=0, reached=0):
    return Tally("Ana", asked, in_time, valid, agreed, 0, 0, reached)


@pytest.mark.parametrize(
    ("told", "remark"),
    [
        (numbers(5, 5, 5, agreed=3, reached=2), Remark.REACHED),
        (numbers(5, 5, 5, agreed=1), Remark.AGREED),
        (numbers(5, 5, 1), Remark.ALL_IN_TIME),
        (numbers(5, 3, 1), Remark.VALID),
        (numbers(5, 3, 0), Remark.IN_TIME),
        (numbers(5, 0, 0), Remark.NEW_START),
        (numbers(0, 0, 0), Remark.NEW_START),
    ],
)
def test_one_true_thing_is_said(told, remark):
    assert remark_on(told) is remark

"""Which dates of a series are asked about, and which series goes on from another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.reasons import Reason
from nudger.domain.series import (
    EACH,
    FIRST_ONLY,
    MUTED,
    SeriesRule,
    asks_on,
    goes_on,
    in_series,
    latest_counted,
    one_in,
    read_cadence,
)
from nudger.domain.verdict import Decision, Verdict

FIRST = datetime(2026, 12, 1, 10, tzinfo=UTC)
WEEK = timedelta(weeks=1)
DATES = [FIRST + n * WEEK for n in range(7)]
ASK = Verdict(Decision.ASK, Reason.CUSTOMER, ("acme.com",))


@pytest.mark.parametrize(
    ("case", "cadence", "asked"),
    [
        ("each", EACH, [0, 1, 2, 3, 4, 5, 6]),
        ("muted", MUTED, []),
        ("first only", FIRST_ONLY, [0]),
        ("every second", one_in(2), [0, 2, 4, 6]),
        ("every third", one_in(3), [0, 3, 6]),
        ("less often than it takes place", one_in(20), [0]),
    ],
)
def test_which_dates(case, cadence, asked):
    rule = SeriesRule(cadence, FIRST)
    assert [n for n, date in enumerate(DATES) if asks_on(rule, date, DATES)] == asked


@pytest.mark.parametrize(
    ("cadence", "stored"),
    [(MUTED, "muted"), (FIRST_ONLY, "first_only"), (EACH, "every:1"), (one_in(12), "every:12")],
)
def test_a_cadence_is_stored_in_words(cadence, stored):
    assert str(cadence) == stored
    assert read_cadence(stored) == cadence


def test_what_came_before_the_choice_is_not_asked_about_again():
    rule = SeriesRule(one_in(2), DATES[2])
    assert [n for n, date in enumerate(DATES) if asks_on(rule, date, DATES)] == [2, 4, 6]


def test_the_verdict_says_which_it_is():
    muted, second = SeriesRule(MUTED, FIRST), SeriesRule(one_in(2), FIRST)
    assert in_series(ASK, muted, FIRST, DATES).reason is Reason.SERIES_MUTED
    assert in_series(ASK, second, DATES[1], DATES).reason is Reason.OTHER_DATE
    assert in_series(ASK, second, DATES[2], DATES) == ASK
    assert in_series(ASK, None, FIRST, DATES) == ASK
    skipped = Verdict(Decision.SKIP, Reason.DECLINED)
    assert in_series(skipped, muted, FIRST, DATES) == skipped


@given(st.integers(1, 9), st.integers(0, 40), st.data())
def test_counting_from_a_later_date_changes_nothing(step, count, data):
    dates = [FIRST + n * WEEK for n in range(count)]
    before = data.draw(st.sampled_from(dates)) if dates else FIRST
    rule = SeriesRule(one_in(step), FIRST)
    later = SeriesRule(one_in(step), latest_counted(rule, dates, before))
    coming = [date for date in dates if date > before]
    assert [asks_on(rule, d, dates) for d in coming] == [asks_on(later, d, dates) for d in coming]


@pytest.mark.parametrize(
    ("case", "last", "goes"),
    [
        ("a week after its last date", FIRST - WEEK, True),
        ("two months after, as a monthly one with a date left out", FIRST - 8 * WEEK, True),
        ("half a year after", FIRST - 26 * WEEK, False),
        ("while the other still runs", FIRST + WEEK, False),
        ("of the other no date is known", None, False),
    ],
)
def test_whether_a_series_goes_on_from_another(case, last, goes):
    assert goes_on(last, FIRST) is goes

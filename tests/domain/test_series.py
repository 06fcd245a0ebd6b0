"""Which dates of a series are asked about, and what a new date was before."""

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
    DateSeen,
    SeriesRule,
    asks_on,
    goes_on,
    in_series,
    latest_counted,
    one_in,
    read_cadence,
    replaced,
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


def seen(event_id, days, series="s", customers=("acme.com",), title="ACME weekly"):
    start = FIRST + timedelta(days=days)
    return DateSeen(event_id, series, start, frozenset(customers), title)


@pytest.mark.parametrize(
    ("case", "gone", "new", "pairs"),
    [
        (
            "the whole series is moved by an hour",
            [seen("a", 0), seen("b", 7)],
            [seen("A", 1 / 24), seen("B", 7 + 1 / 24)],
            {"A": "a", "B": "b"},
        ),
        (
            "this and following, on Thursdays from now on",
            [seen("b", 7), seen("c", 14)],
            [seen("B", 9, "t"), seen("C", 16, "t")],
            {"B": "b", "C": "c"},
        ),
        (
            "the series goes on under another title",
            [seen("b", 7)],
            [seen("B", 7, "t", title="ACME roll-out")],
            {"B": "b"},
        ),
        ("a single event made again", [seen("a", 0, None)], [seen("A", 0.2, None)], {"A": "a"}),
        ("another call of that day", [seen("a", 0, None)], [seen("A", 0, None, title="Demo")], {}),
        ("of another customer", [seen("a", 0)], [seen("A", 0, "t", ("globex.com",))], {}),
        ("a week later", [seen("a", 0, None)], [seen("A", 7, None)], {}),
        ("what is not known any more", [seen("a", 0, None, title=None)], [seen("A", 0, None)], {}),
        (
            "the nearest of two, each once",
            [seen("a", 0)],
            [seen("far", 2, "t"), seen("near", 1, "t")],
            {"near": "a"},
        ),
    ],
)
def test_what_a_new_date_was_before(case, gone, new, pairs):
    assert replaced(gone, new) == pairs


events = st.lists(
    st.builds(
        seen,
        st.integers(0, 10**6).map(str),
        st.floats(0, 60),
        st.sampled_from(["s", "t", None]),
        st.sampled_from([("acme.com",), ("globex.com",), ()]),
        st.sampled_from(["x", "X", None]),
    ),
    max_size=8,
    unique_by=lambda one: one.event_id,
)


@given(events, events)
def test_each_old_date_goes_on_at_most_once(gone, new):
    pairs = replaced(gone, new)
    assert len(set(pairs.values())) == len(pairs)
    assert pairs.keys() <= {one.event_id for one in new}

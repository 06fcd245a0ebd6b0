"""What a new date of a calendar was before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.replaced_dates import DateSeen, replaced

FIRST = datetime(2026, 12, 1, 10, tzinfo=UTC)


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

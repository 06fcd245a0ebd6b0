"""Which calls are told of again: each change once, also one that turns up late."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain import call_changes
from nudger.domain.call_changes import OVERLAP, START, Change, Cursor, read_cursor

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def untold(changes, cursor, most=None):
    """With a call's content as it is unless a pair says otherwise."""
    return call_changes.untold(
        {one: Change(*(it if isinstance(it, tuple) else (it, ""))) for one, it in changes.items()},
        cursor,
        most,
    )


def at(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


def seen(changes, cursor):
    """What a store would hand over: what changed since the cursor looks back to."""
    return {one: moment for one, moment in changes.items() if moment > cursor.looks_back_to}


def test_everything_at_the_start_the_oldest_change_first():
    assert untold({1: at(9), 2: at(3), 3: at(3)}, START)[0] == [2, 3, 1]


def test_nothing_at_all():
    assert untold({}, START) == ([], START)


def test_nothing_is_told_twice():
    changes = {1: at(0), 2: at(60)}
    _, cursor = untold(changes, START)
    again = untold(seen(changes, cursor), cursor)
    assert again == ([], cursor)


def test_what_changed_again_is_told_again_alone():
    _, cursor = untold({1: at(0), 2: at(60), 3: at(60)}, START)
    assert untold(seen({1: at(0), 2: at(90), 3: at(60)}, cursor), cursor)[0] == [2]


def test_a_change_of_the_same_moment_is_told():
    _, cursor = untold({1: at(60)}, START)
    assert untold({1: at(60), 2: at(60)}, cursor)[0] == [2]


def test_two_changes_of_one_moment_are_two():
    _, cursor = untold({1: (at(60), "asked"), 2: at(60)}, START)
    assert untold({1: (at(60), "answered"), 2: at(60)}, cursor)[0] == [1]


@pytest.mark.parametrize("late_by", [1, 119])
def test_a_change_that_turns_up_late_is_told(late_by):
    _, cursor = untold({1: at(0)}, START)
    assert untold(seen({1: at(0), 2: at(-late_by)}, cursor), cursor)[0] == [2]


def test_only_the_last_moments_are_remembered():
    _, cursor = untold({n: at(-n * 10) for n in range(1000)}, START)
    assert len(cursor.marks) == OVERLAP // timedelta(seconds=10)
    assert len(str(cursor)) < 300


def test_a_cursor_is_read_as_it_was_printed():
    for cursor in (START, untold({1: at(0), 2: at(1)}, START)[1], Cursor(NOON)):
        assert read_cursor(f" {cursor}\n") == cursor


@pytest.mark.parametrize(
    "text", ["", "x", "MSAy", "😀", "AAAA", str(START)[:-3], str(START) + "AAAA", "=" * 8]
)
def test_what_is_no_cursor(text):
    with pytest.raises(ValueError):  # noqa: PT011 - any of them
        read_cursor(text)


@given(
    st.dictionaries(st.integers(1, 60), st.integers(0, 300), max_size=60),
    st.dictionaries(st.integers(61, 80), st.integers(0, 110), max_size=20),
    st.integers(1, 7),
)
def test_page_by_page_each_is_told_once_whatever_turns_up_late(first, late_by, most):
    """What turns up late is of the last moments before where the reader is just then."""
    changes, cursor, told = {one: at(after) for one, after in first.items()}, START, []
    while True:
        page, cursor = untold(seen(changes, cursor), cursor, most)
        assert len(page) <= most
        told += page
        if late_by and page:
            one, ago = late_by.popitem()
            changes[one] = cursor.position - timedelta(seconds=ago)
            continue
        if not page:
            break
    assert sorted(told) == sorted(changes)


@pytest.mark.parametrize("year", ["0001", "1999", "9999"])
def test_a_cursor_of_another_age_is_none(year):
    text = base64.urlsafe_b64encode(f"1 {year}-01-01T00:00:00+00:00 ".encode()).decode()
    with pytest.raises(ValueError, match="no cursor"):
        read_cursor(text)

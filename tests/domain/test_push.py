"""How far a channel is relied on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.push import (
    Cover,
    is_silent,
    needs_renewal,
    next_reading,
    renewal_due,
    soonest_reading,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EVERY, TOLD = timedelta(minutes=1), timedelta(minutes=15)


def cover(opened=-60.0, ends=600.0, missed=0):
    """Opened and ending so many minutes from now."""
    return Cover(NOW + timedelta(minutes=opened), NOW + timedelta(minutes=ends), missed)


@pytest.mark.parametrize(
    ("given", "minutes"),
    [
        (None, 1),
        (cover(), 15),
        (cover(ends=0), 1),
        (cover(ends=-1), 1),
        (cover(ends=5), 5),
        (cover(ends=0.5), 1),
        (cover(ends=15), 15),
        (cover(missed=1), 1),
        (cover(missed=2), 1),
    ],
)
def test_it_is_read_seldom_only_where_a_channel_is_relied_on(given, minutes):
    assert next_reading(NOW, EVERY, TOLD, given) == NOW + timedelta(minutes=minutes)


def test_what_is_read_seldom_anyway_is_not_read_more_often():
    hour = timedelta(hours=1)
    assert next_reading(NOW, hour, TOLD, cover()) == NOW + hour


@pytest.mark.parametrize(
    ("read_seconds_ago", "in_seconds"),
    [(None, 0), (100, 0), (10, 0), (9, 1), (0, 10), (-5, 0), (-100, 0)],
)
def test_hints_have_it_read_every_ten_seconds_at_most(read_seconds_ago, in_seconds):
    last = None if read_seconds_ago is None else NOW - timedelta(seconds=read_seconds_ago)
    assert soonest_reading(NOW, last) == NOW + timedelta(seconds=in_seconds)


def test_a_channel_is_renewed_after_three_quarters_of_its_time():
    assert renewal_due(NOW, NOW + timedelta(days=4)) == NOW + timedelta(days=3)


@pytest.mark.parametrize(
    ("given", "silent", "renewed"),
    [
        (None, None, True),
        (cover(), False, False),
        (cover(opened=-1799, ends=600), False, False),
        (cover(opened=-1800, ends=600), False, True),
        (cover(ends=-1), False, True),
        (cover(missed=1), False, False),
        (cover(missed=2), True, True),
        (cover(missed=2, opened=-59), False, False),
    ],
)
def test_a_channel_that_ends_or_is_silent_is_replaced(given, silent, renewed):
    if given is not None:
        assert is_silent(given, NOW) is silent
    assert needs_renewal(given, NOW) is renewed

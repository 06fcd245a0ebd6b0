"""What an answer of a receiver means, and when it is told again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.notices import (
    GIVEN_UP_AFTER,
    LONGEST_WAIT,
    Effect,
    is_given_up,
    receipt_of,
    wait_after,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
STATUSES = [
    (200, Effect.DELIVERED), (204, Effect.DELIVERED), (299, Effect.DELIVERED),
    (301, Effect.RECEIVER_FAILS), (400, Effect.REFUSED), (401, Effect.REFUSED),
    (404, Effect.REFUSED), (408, Effect.RECEIVER_FAILS), (410, Effect.RECEIVER_GONE),
    (425, Effect.RECEIVER_FAILS), (429, Effect.RECEIVER_FAILS), (499, Effect.REFUSED),
    (500, Effect.RECEIVER_FAILS), (599, Effect.RECEIVER_FAILS), (999, Effect.RECEIVER_FAILS),
    (101, Effect.RECEIVER_FAILS),
]  # fmt: skip


@pytest.mark.parametrize(("status", "effect"), STATUSES)
def test_what_a_status_means(status, effect):
    assert receipt_of(status).effect is effect


WAITS = [
    (1, None, 30), (2, None, 60), (3, None, 120), (7, None, 1920), (8, None, 3600),
    (500, None, 3600), (1, timedelta(hours=2), 7200), (1, timedelta(days=9), 86_400),
    (8, timedelta(seconds=1), 3600),
]  # fmt: skip


@pytest.mark.parametrize(("failures", "asked", "seconds"), WAITS)
def test_how_long_it_waits(failures, asked, seconds):
    assert wait_after(failures, asked, 0.0) == timedelta(seconds=seconds)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_chance_lengthens_by_a_quarter_at_most(failures, chance):
    least = wait_after(failures, None, 0.0)
    assert least <= wait_after(failures, None, chance) <= least * 1.25 <= LONGEST_WAIT * 1.25


@pytest.mark.parametrize(("ago", "expected"), [(timedelta(days=1), False), (GIVEN_UP_AFTER, True)])
def test_when_it_is_given_up(ago, expected):
    assert is_given_up(NOW - ago, NOW) is expected

"""Whether a rep wants to be asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nudger.domain.availability import (
    ALL_ALONG,
    Availability,
    RepState,
    heeds_header_stop,
)
from nudger.domain.reasons import Reason

UNTIL = datetime(2026, 11, 25, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("availability", "free_from"),
    [
        (Availability(), ALL_ALONG),
        (Availability(RepState.PAUSED, UNTIL), UNTIL),
        (Availability(RepState.PAUSED), None),
        (Availability(RepState.STOPPED), None),
        (Availability(RepState.RECONNECT), None),
    ],
)
def test_from_when_on_a_rep_may_be_mailed(availability, free_from):
    assert availability.free_from == free_from


@pytest.mark.parametrize(
    ("availability", "start", "free"),
    [
        (Availability(), UNTIL, True),
        (Availability(RepState.PAUSED, UNTIL), UNTIL.replace(minute=1), True),
        (Availability(RepState.PAUSED, UNTIL), UNTIL, False),
        (Availability(RepState.STOPPED), UNTIL, False),
    ],
)
def test_whether_a_rep_is_free_before_a_call(availability, start, free):
    assert availability.is_free_before(start) is free


@pytest.mark.parametrize(
    ("state", "reason", "heeds"),
    [
        (RepState.ACTIVE, None, True),
        (RepState.ACTIVE, Reason.STOP_BY_HEADER, True),
        (RepState.RECONNECT, None, True),
        (RepState.PAUSED, "asked_to_pause", True),
        (RepState.PAUSED, "stop_by_header", False),
        (RepState.STOPPED, "asked_to_stop", False),
        (RepState.STOPPED, Reason.STOP_BY_HEADER, False),
    ],
)
def test_a_stop_by_header_counts_once_and_no_more_than_words(state, reason, heeds):
    assert heeds_header_stop(state, reason) is heeds

"""To whom Nudger is announced."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.announcing import Standing, why_not_announced
from nudger.domain.availability import Availability, RepState
from nudger.domain.reasons import Reason

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("case", "rep", "why_not"),
    [
        ("is new", Standing(), None),
        ("was told", Standing(is_announced=True), Reason.ANNOUNCED_BEFORE),
        ("was asked", Standing(is_asked=True), Reason.ASKED_BEFORE),
        ("both", Standing(is_announced=True, is_asked=True), Reason.ANNOUNCED_BEFORE),
        ("pauses", Standing(availability=Availability(RepState.PAUSED)), Reason.REP_PAUSED),
        ("pauses until later", Standing(availability=Availability(RepState.PAUSED, NOW + timedelta(1))), Reason.REP_PAUSED),
        ("paused until now", Standing(availability=Availability(RepState.PAUSED, NOW)), None),
        ("stopped", Standing(availability=Availability(RepState.STOPPED)), Reason.REP_STOPPED),
        ("is signed out", Standing(availability=Availability(RepState.RECONNECT)), Reason.REP_RECONNECT),
        ("is held", Standing(held=Reason.SENDING_PAUSED), Reason.SENDING_PAUSED),
        ("stopped and held", Standing(availability=Availability(RepState.STOPPED), held=Reason.UNREACHABLE), Reason.REP_STOPPED),
    ],
)  # fmt: skip
def test_who_is_told(case, rep, why_not):
    assert why_not_announced(rep, NOW) == why_not

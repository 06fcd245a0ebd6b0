"""What each switch holds."""

from __future__ import annotations

import pytest

from nudger.domain.controls import NO_CONTROLS, Activity, Controls
from nudger.domain.reasons import Reason

LOCKED, PAUSED, LOST = Reason.LOCKED_DOWN, Reason.SENDING_PAUSED, Reason.UNREACHABLE
ANA, BEN = 1, 2

CASES = [
    ("nothing is off", NO_CONTROLS, ANA, (None, None, None)),
    ("sending is paused", Controls(is_paused=True), ANA, (PAUSED, None, None)),
    ("also to no rep", Controls(is_paused=True), None, (PAUSED, None, None)),
    ("one rep is paused", Controls(paused_reps=frozenset({ANA})), ANA, (PAUSED, None, None)),
    ("another is", Controls(paused_reps=frozenset({BEN})), ANA, (None, None, None)),
    ("one is, and it goes to no rep", Controls(paused_reps=frozenset({ANA})), None, (None,) * 3),
    ("no mail reaches the rep", Controls(unreachable_reps=frozenset({ANA})), ANA, (LOST, None, None)),
    ("none reaches another", Controls(unreachable_reps=frozenset({BEN})), ANA, (None,) * 3),
    ("a pause comes first", Controls(is_paused=True, unreachable_reps=frozenset({ANA})), ANA, (PAUSED, None, None)),
    ("all is locked down", Controls(is_locked=True), ANA, (LOCKED, LOCKED, LOCKED)),
    ("locked down and paused", Controls(is_locked=True, is_paused=True), None, (LOCKED,) * 3),
]  # fmt: skip


@pytest.mark.parametrize(
    ("controls", "rep", "held"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_what_is_held(controls, rep, held):
    activities = (Activity.SEND, Activity.WRITE, Activity.OBEY_REPLIES)
    assert tuple(controls.why_held(one, rep) for one in activities) == held

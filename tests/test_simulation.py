"""A small company's weeks: nothing asked twice, at night, too late, or not at all."""

from __future__ import annotations

import pytest

from simulation.play import play

PROMISED = (
    "doubled", "stale", "night", "missed", "made_up", "unfit_read_by_guests", "guest_mails",
)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_every_promise_is_kept(seed):
    played = play(reps=5, weeks=1, seed=seed, tell=lambda _line: None)
    counts = played.counts
    assert counts.faults == []
    assert (counts.crowded, counts.untold) == (0, 0)
    assert {name: counts.figures[name] for name in PROMISED} == dict.fromkeys(PROMISED, 0)
    assert counts.figures["asked"] > 5
    assert counts.figures["written"] == counts.figures["answered"] > 0

"""When each round last went well, for whoever asks how we are."""

from __future__ import annotations

from datetime import UTC, datetime

from nudger.runtime.rounds import Rounds

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_only_expected_rounds_are_kept_and_a_failure_forgets_the_last():
    rounds = Rounds()
    rounds.went("outgoing", NOW)
    assert rounds.last() == {}
    rounds.expect(["outgoing", "incoming"])
    rounds.went("outgoing", NOW)
    rounds.went("hourly", NOW)
    assert rounds.last() == {"outgoing": NOW, "incoming": None}
    rounds.went("outgoing", None)
    assert rounds.last()["outgoing"] is None

"""Managers who want no weekly mail, whether or not they are reps."""

from __future__ import annotations

from nudger.domain.reasons import Reason
from nudger.store import manager_stops
from tests.store.mails import NOW

MIA, KIM = "mia@x.co", "kim@x.co"
STOP, BY_HEADER = Reason.MANAGER_STOP, Reason.MANAGER_STOP_BY_HEADER


def test_a_stop_keeps_its_reason_until_the_manager_starts_again(database):
    with database.begin() as tx:
        assert manager_stops.stop(tx, MIA, BY_HEADER, NOW)
        assert not manager_stops.stop(tx, MIA, STOP, NOW), "it was so already"
        assert manager_stops.stop(tx, KIM, STOP, NOW)
        assert manager_stops.all_stopped(tx) == {MIA: BY_HEADER, KIM: STOP}
        assert [manager_stops.start(tx, MIA) for _ in range(2)] == [True, False]
        assert manager_stops.all_stopped(tx) == {KIM: STOP}
        assert [manager_stops.why_stopped(tx, one) for one in (MIA, KIM)] == [None, STOP]

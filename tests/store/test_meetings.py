"""Adding meetings from several calendars at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from nudger.domain.event import Provider
from nudger.store import people
from nudger.store.meetings import MeetingDetails, MeetingPlan, Meetings, add_alone
from nudger.store.people import NewRep
from nudger.store.vault import Vault, new_key, read_key

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def plan(rep_id, key):
    return MeetingPlan(
        key, rep_id, "accepted", "customer", NOW, NOW + timedelta(hours=1), "UTC", ("acme.com",),
        MeetingDetails("Call", ()), "as people see it",
    )  # fmt: skip


def test_one_meeting_that_is_new_in_many_calendars_is_added_once(database):
    meetings = Meetings(Vault(read_key(new_key())))
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@ourco.com", Provider.GOOGLE), NOW)

    def add(number):
        with database.begin() as tx:
            add_alone(tx)
            found = meetings.find_fingerprints(tx, ["as people see it"])
            time.sleep(0.01)
            if not found:
                meetings.add_many(tx, [plan(rep.id, f"key{number}")], NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(16)))
    with database.read() as tx:
        assert len(meetings.find_many(tx, [f"key{number}" for number in range(16)])) == 1

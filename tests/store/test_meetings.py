"""Adding meetings from several calendars at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from nudger.domain.event import Provider
from nudger.store import people
from nudger.store.meetings import MeetingDetails, MeetingPlan, Meetings, add_alone
from nudger.store.people import NewRep
from nudger.store.vault import Vault, new_key, read_key

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


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


def test_several_meetings_change_in_one_statement_and_the_others_stay(database):
    meetings = Meetings(Vault(read_key(new_key())))
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@ourco.com", Provider.GOOGLE), NOW)
        ids = meetings.add_many(tx, [plan(rep.id, f"key{n}") for n in range(3)], NOW)
        later = {
            meeting_id: replace(plan(rep.id, key), start=NOW + n * HOUR)
            for n, (key, meeting_id) in enumerate(ids.items())
            if key != "key1"
        }
        meetings.replan_many(tx, later, NOW)
        meetings.replan_many(tx, {}, NOW)
        starts = {key: one.start for key, one in meetings.find_many(tx, ids).items()}
    assert starts == {"key0": NOW, "key1": NOW, "key2": NOW + 2 * HOUR}

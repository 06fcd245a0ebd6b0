"""Who comes from outside, as far as it is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.commitment import MeetingState
from nudger.domain.event import Provider
from nudger.store import calendars, outside, people
from nudger.store.calendars import Seen
from nudger.store.meetings import MeetingDetails, MeetingPlan, Meetings
from nudger.store.outside import DomainReview
from nudger.store.people import NewRep
from nudger.store.vault import Vault

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def reps(database):
    with database.begin() as tx:
        return [
            people.add_rep(tx, NewRep(email, Provider.GOOGLE), NOW).id
            for email in ("ana@x.co", "ben@x.co")
        ]


def passed_over(event_id, *outsiders, reason="vendor", start=LATER):
    return Seen(event_id, event_id, "1", start, "skip", reason, None, outsiders=outsiders)


def test_copies_of_what_is_not_asked_about_count_once(database, reps):
    with database.begin() as tx:
        for rep in reps:
            calendars.save_seen(tx, rep, [passed_over("e1", "crm.com"), passed_over("e2")])
        later = LATER + timedelta(hours=1)
        calendars.save_seen(tx, reps[0], [passed_over("e3", "crm.com", start=later)])
        seen = outside.seen_meetings(tx)
    assert sorted((one.start, one.customers) for one in seen) == [
        (LATER, ("crm.com",)), (later, ("crm.com",)),
    ]  # fmt: skip
    assert {one.id for one in seen} == {None}


def test_what_left_the_calendar_is_not_counted(database, reps):
    with database.begin() as tx:
        calendars.save_seen(tx, reps[0], [passed_over("e1", "crm.com")])
        calendars.mark_removed(tx, reps[0], ["e1"], "removed")
        assert outside.seen_meetings(tx) == []


def test_meetings_count_unless_they_were_withdrawn(database, reps):
    meetings = Meetings(Vault(bytes(32)))
    plans = [
        MeetingPlan(key, reps[0], "organizer", "day_before", LATER, LATER, "UTC", ("acme.com",),
                    MeetingDetails("Pilot", ()))
        for key in ("open", "written", "withdrawn")
    ]  # fmt: skip
    with database.begin() as tx:
        ids = meetings.add_many(tx, plans, NOW)
        for key in ("written", "withdrawn"):
            meetings.set_states(tx, [ids[key]], MeetingState(key), "x", NOW)
        seen = {one.id: one.is_open for one in outside.seen_meetings(tx)}
    assert seen == {ids["open"]: True, ids["written"]: False}


def test_what_the_admin_was_told_is_kept_beside_what_was_put_off(database):
    with database.begin() as tx:
        outside.set_told(tx, ["acme.com", "globex.com"], NOW)
        outside.put_off(tx, "acme.com", LATER)
        assert outside.reviews(tx) == {
            "acme.com": DomainReview(NOW, LATER), "globex.com": DomainReview(NOW),
        }  # fmt: skip
        outside.put_off(tx, "acme.com", None)
        assert outside.reviews(tx)["acme.com"] == DomainReview(NOW)

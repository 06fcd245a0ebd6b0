"""Meetings are kept, changed and found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nudger.domain.commitment import MeetingState
from nudger.domain.event import Provider
from nudger.store import people
from nudger.store.meetings import Meetings
from nudger.store.people import NewRep
from nudger.store.vault import Vault, new_key, read_key
from tests.store.meetings.meeting_plans import HOUR, NOW, plan


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


NOT_LATELY_REMOVED = {
    "of a colleague": {"rep": "ben@ourco.com"},
    "declined": {"reason": "declined"},
    "on": {"state": MeetingState.ASKED},
    "over": {"start": NOW - HOUR},
    "long gone": {"gone_at": NOW - 3 * HOUR},
}


@pytest.mark.parametrize("why", [*NOT_LATELY_REMOVED, None])
def test_what_lately_left_the_reps_calendar(database, why):
    meetings = Meetings(Vault(read_key(new_key())))
    one = {
        "rep": "ana@ourco.com", "state": MeetingState.WITHDRAWN, "reason": "removed",
        "start": NOW + HOUR, "gone_at": NOW - HOUR, **NOT_LATELY_REMOVED.get(why, {}),
    }  # fmt: skip
    with database.begin() as tx:
        reps = {
            address: people.add_rep(tx, NewRep(address, Provider.GOOGLE), NOW).id
            for address in ("ana@ourco.com", "ben@ourco.com")
        }
        ids = meetings.add_many(tx, [replace(plan(reps[one["rep"]], "a"), start=one["start"])], NOW)
        meetings.set_states(tx, ids.values(), one["state"], one["reason"], one["gone_at"])
        found = meetings.recently_removed(tx, reps["ana@ourco.com"], NOW, NOW - 2 * HOUR)
    assert [each.id for each in found] == ([] if why else list(ids.values()))


@pytest.mark.parametrize("state", MeetingState)
def test_a_call_lies_ahead_or_behind_as_long_as_it_is_on(database, state):
    meetings = Meetings(Vault(read_key(new_key())))
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@ourco.com", Provider.GOOGLE), NOW)
        ids = meetings.add_many(tx, [plan(rep.id, "a")], NOW).values()
        meetings.set_states(tx, ids, state, "x", NOW)
        stretches = ((NOW, NOW + HOUR), (NOW - HOUR, NOW), (NOW + HOUR, NOW + 2 * HOUR))
        found = [
            [one.id for one in look(tx, rep.id, *stretch)]
            for look in (meetings.ahead, meetings.behind)
            for stretch in stretches
        ]
    here = [] if state in (MeetingState.WITHDRAWN, MeetingState.EXPIRED) else list(ids)
    assert found == [here, [], []] * 2


def test_only_what_is_in_one_of_the_states_is_brought_to_another(database):
    """What another transaction brought further meanwhile stays there."""
    meetings = Meetings(Vault(read_key(new_key())))
    asks = (MeetingState.PLANNED, MeetingState.ASKED)
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@ourco.com", Provider.GOOGLE), NOW)
        ids = meetings.add_many(tx, [plan(rep.id, state.value) for state in MeetingState], NOW)
        for state in MeetingState:
            meetings.set_states(tx, [ids[state.value]], state, "x", NOW)
        meetings.set_states(tx, ids.values(), MeetingState.ASKED, "asked", NOW, asks)
        found = {key: (one.state, one.reason) for key, one in meetings.find_many(tx, ids).items()}
    asked = (MeetingState.ASKED, "asked")
    assert found == {
        state.value: asked if state in asks else (state, "x") for state in MeetingState
    }

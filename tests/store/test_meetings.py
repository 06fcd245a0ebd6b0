"""Adding meetings from several calendars at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from nudger.domain.commitment import MeetingState
from nudger.domain.event import Provider
from nudger.domain.identity import Identity
from nudger.store import people
from nudger.store.meetings import (
    MOST_LOCKS,
    MeetingDetails,
    MeetingPlan,
    Meetings,
    add_alone,
    answered_before,
)
from nudger.store.people import NewRep
from nudger.store.vault import Vault, new_key, read_key
from tests.databases import BOTH

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
            own = Identity(f"key{number}", "as people see it")
            add_alone(tx, [own])
            _, alike = meetings.find_alike(tx, [own])
            time.sleep(0.01)
            if not alike:
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


def test_signs_of_a_pattern_in_a_customer_stand_for_themselves(database):
    meetings = Meetings(Vault(read_key(new_key())))
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@ourco.com", Provider.GOOGLE), NOW)
        named = {"d_r@mail.com": -3 * HOUR, "d%r@mail.com": -2 * HOUR, "d/r@mail.com": -1 * HOUR}
        plans = {
            customer: replace(plan(rep.id, customer), customers=(customer,), start=NOW + when)
            for customer, when in named.items()
        }
        known = meetings.add_many(tx, list(plans.values()), NOW)
        meetings.set_states(tx, known.values(), MeetingState.ANSWERED, "answered", NOW)
        asked = {
            customer: replace(one, meeting_key=f"next {customer}", start=NOW)
            for customer, one in plans.items()
        }
        ids = meetings.add_many(tx, list(asked.values()), NOW)
        ahead = meetings.find_ids(tx, ids.values()).values()
        found = answered_before(tx, rep.id, list(ahead))
    assert found == {ids[f"next {customer}"]: known[customer] for customer in named}


WITH_ANOTHER = {
    "name ends like it": {"customers": ("notacme.com",)},
    "name begins like it": {"customers": ("acme.com.au",)},
    "nobody answered": {"state": MeetingState.EXPIRED},
    "called off": {"state": MeetingState.WITHDRAWN},
    "of a colleague": {"rep": "ben@ourco.com"},
    "at the same time": {"start": NOW},
    "later": {"start": NOW + HOUR},
}


@pytest.mark.parametrize("why", [*WITH_ANOTHER, None])
def test_the_last_call_is_the_reps_own_with_this_customer(database, why):
    meetings = Meetings(Vault(read_key(new_key())))
    differs = {"rep": "ana@ourco.com", "state": MeetingState.WRITTEN, **WITH_ANOTHER.get(why, {})}
    with database.begin() as tx:
        reps = {
            address: people.add_rep(tx, NewRep(address, Provider.GOOGLE), NOW).id
            for address in ("ana@ourco.com", "ben@ourco.com")
        }
        state, rep_id = differs.pop("state"), reps[differs.pop("rep")]
        earlier = replace(plan(rep_id, "earlier"), **{"start": NOW - HOUR, **differs})
        other = replace(plan(reps["ana@ourco.com"], "before"), start=NOW - 2 * HOUR)
        ahead = plan(reps["ana@ourco.com"], "ahead")
        ids = meetings.add_many(tx, [other, earlier, ahead], NOW)
        meetings.set_states(tx, [ids["before"]], MeetingState.ANSWERED, "answered", NOW)
        meetings.set_states(tx, [ids["earlier"]], state, "x", NOW)
        asked = [meetings.get(tx, ids["ahead"])]
        found = answered_before(tx, reps["ana@ourco.com"], asked)
    assert found == {ids["ahead"]: ids["before" if why else "earlier"]}


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


@pytest.mark.parametrize("kept_in", BOTH[1:])
def test_only_who_adds_the_same_waits(database):
    with database.begin() as tx:
        add_alone(tx, [Identity("google:a", "a"), Identity("google:b", "b")])
        for one, waits in (
            ([Identity("google:c", "c")], False),
            ([Identity("outlook:c", "b")], True),
            ([Identity("google:a", "seen without its guests")], True),
            ([Identity(f"google:c{number}", f"c{number}") for number in range(MOST_LOCKS)], True),
            ([], False),
        ):
            assert is_held(database, one) is waits, one
    with database.begin() as tx:
        many = [Identity(f"google:{number}", f"{number}") for number in range(MOST_LOCKS)]
        add_alone(tx, many)
        assert is_held(database, [Identity("google:c", "c")])


def is_held(database, identities):
    try:
        with database.begin() as tx:
            tx.execute(text("SET LOCAL lock_timeout = '50ms'"))
            add_alone(tx, identities)
    except OperationalError:
        return True
    return False

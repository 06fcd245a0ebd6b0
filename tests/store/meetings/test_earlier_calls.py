"""The last call with the same customer that was answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nudger.domain.commitment import MeetingState
from nudger.domain.event import Provider
from nudger.store import people
from nudger.store.meetings import Meetings, answered_before
from nudger.store.people import NewRep
from nudger.store.vault import Vault, new_key, read_key
from tests.store.meetings.meeting_plans import HOUR, NOW, plan


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

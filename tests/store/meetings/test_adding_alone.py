"""What is new in many calendars at once is added once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from nudger.domain.event import Provider
from nudger.domain.meeting_copies import Identity
from nudger.store import people
from nudger.store.meetings import Meetings, add_alone
from nudger.store.meetings.adding_alone import MOST_LOCKS
from nudger.store.people import NewRep
from nudger.store.vault import Vault, new_key, read_key
from tests.databases import BOTH
from tests.store.meetings.meeting_plans import NOW, plan


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

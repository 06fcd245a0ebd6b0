"""Ways in and sessions: what is counted, and what can be had once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.event import Provider
from nudger.store import people, sessions
from nudger.store.people import NewRep
from nudger.store.sessions import SEEN_EVERY, Session, SignIn

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ASKED = SignIn("pending", "link", "code", None, NOW)


@pytest.fixture
def tx(database):
    with database.begin() as opened:
        yield opened


@pytest.fixture
def rep(tx):
    return people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), NOW)


def test_it_is_found_by_what_the_browser_keeps_and_by_the_link(tx):
    sessions.add_sign_in(tx, ASKED)
    assert sessions.find_pending(tx, "pending") == sessions.find_link(tx, "link") == ASKED
    assert sessions.find_pending(tx, "link") is None
    assert sessions.find_link(tx, "pending") is None


def test_tries_are_counted_up_to_the_most(tx):
    sessions.add_sign_in(tx, ASKED)
    assert [sessions.count_try(tx, "pending", 2) for _ in range(3)] == [True, True, False]
    assert sessions.find_pending(tx, "pending").tries == 2


def test_one_of_two_uses_it_up(tx):
    sessions.add_sign_in(tx, ASKED)
    assert [sessions.use_up(tx, "pending") for _ in range(2)] == [True, False]


def test_being_seen_is_kept_once_in_a_while(tx, rep):
    sessions.begin(tx, Session("id", rep.id, NOW, NOW))
    sessions.see(tx, "id", NOW + SEEN_EVERY)
    assert sessions.find(tx, "id").seen_at == NOW
    later = NOW + SEEN_EVERY + timedelta(seconds=1)
    sessions.see(tx, "id", later)
    assert sessions.find(tx, "id").seen_at == later


def test_a_rep_who_is_removed_is_signed_out_and_has_no_way_in(tx, rep):
    sessions.begin(tx, Session("id", rep.id, NOW, NOW))
    sessions.add_sign_in(tx, SignIn("pending", "link", "code", rep.id, NOW))
    people.remove_rep(tx, "ana@x.co")
    assert sessions.find(tx, "id") is None
    assert sessions.find_pending(tx, "pending") is None


def test_ending_all_leaves_nothing(tx, rep):
    sessions.begin(tx, Session("id", rep.id, NOW, NOW))
    sessions.add_sign_in(tx, ASKED)
    sessions.end_all(tx)
    assert sessions.find(tx, "id") is None
    assert sessions.find_link(tx, "link") is None

"""Two workers never hold the same row, and one that slept too long changes nothing."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from nudger.domain.event import Provider
from nudger.store import calendars, people, tables
from nudger.store.leases import (
    ABANDONED,
    LASTING,
    Claimant,
    LeaseLost,
    change,
    give_back,
    never_failed,
    release,
    renew,
)
from nudger.store.people import NewRep

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def reps(database):
    with database.begin() as tx:
        return [
            people.add_rep(tx, NewRep(f"r{n}@ourco.com", Provider.GOOGLE), NOW) for n in range(8)
        ]


def claim(database, owner, now=NOW, limit=4):
    with database.begin() as tx:
        return calendars.claim_calendars(tx, Claimant(owner, now), limit, now)


def test_what_one_holds_no_other_gets(database, reps):
    first, second = claim(database, "a"), claim(database, "b", limit=99)
    assert len(first) == len(second) == 4
    assert not {c.rep_id for c in first} & {c.rep_id for c in second}
    assert claim(database, "c") == []


def test_a_lease_runs_out_and_its_late_holder_changes_nothing(database, reps):
    (late, *_) = claim(database, "a", limit=99)
    (taken, *_) = claim(database, "b", NOW + timedelta(minutes=6), limit=99)
    assert taken.rep_id == late.rep_id
    with pytest.raises(LeaseLost), database.begin() as tx:
        change(tx, late.lease, cursor="stale")
    with database.begin() as tx:
        release(tx, taken.lease, cursor="fresh", due_at=NOW + timedelta(hours=1))


@pytest.mark.parametrize(("seconds", "is_held"), [(44, True), (45, True), (46, False)])
def test_a_lease_lasts_three_quarters_of_a_minute(database, reps, seconds, is_held):
    claim(database, "a", limit=99)
    after = claim(database, "b", NOW + timedelta(seconds=seconds), limit=99)
    assert (after == []) is is_held


SOON_AFTER_A_DEATH = NOW + timedelta(seconds=60)


def test_what_a_dead_worker_held_is_anothers_within_a_minute(database, reps):
    claim(database, "dead", limit=99)
    assert claim(database, "b", NOW + timedelta(seconds=40), limit=99) == []
    assert len(claim(database, "b", SOON_AFTER_A_DEATH, limit=99)) == len(reps)


def test_what_is_renewed_stays_held(database, reps):
    held = claim(database, "a")
    with database.begin() as tx:
        renew(tx, [one.lease for one in held[:2]], SOON_AFTER_A_DEATH + LASTING)
    taken = {one.rep_id for one in claim(database, "b", SOON_AFTER_A_DEATH, limit=99)}
    assert taken == {rep.id for rep in reps} - {one.rep_id for one in held[:2]}
    with database.begin() as tx:
        release(tx, held[0].lease, cursor="mine still")


def test_what_is_no_longer_held_is_not_renewed(database, reps):
    done, lost = claim(database, "a", limit=2)
    with database.begin() as tx:
        release(tx, done.lease, due_at=NOW)
        change(tx, lost.lease, fence=lost.lease.fence + 1, lease_until=NOW - timedelta(seconds=1))
        renew(tx, [done.lease, lost.lease], NOW + timedelta(hours=1))
    again = {one.rep_id for one in claim(database, "b", limit=99)}
    assert {done.rep_id, lost.rep_id} <= again


def test_what_is_given_back_unbegun_is_free_at_once_and_as_it_was(database, reps):
    (held, *_) = claim(database, "a", limit=1)
    with database.begin() as tx:
        give_back(tx, held.lease)
    again = {one.rep_id: one for one in claim(database, "b", limit=99)}[held.rep_id]
    assert again.attempts == held.attempts


def test_what_another_claimed_is_not_given_back(database, reps):
    late = claim(database, "a", limit=99)
    claim(database, "b", SOON_AFTER_A_DEATH, limit=99)
    with database.begin() as tx:
        for one in late:
            give_back(tx, one.lease)
    assert claim(database, "c", SOON_AFTER_A_DEATH, limit=99) == []


def test_a_lease_of_a_clock_that_was_ahead_does_not_hold_for_long(database, reps):
    ahead = NOW + timedelta(hours=3)
    with database.begin() as tx:
        claimed = calendars.claim_calendars(tx, Claimant("ahead", ahead), 99, ahead)
    assert len(claimed) == len(reps)
    assert len(claim(database, "right", limit=99)) == len(reps)


AN_HOUR = timedelta(hours=1)
MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("due_in", "failures", "is_due"),
    [
        (-MOMENT, 0, True),
        (timedelta(0), 0, True),
        (MOMENT, 0, False),
        (AN_HOUR, 0, False),
        (AN_HOUR + MOMENT, 0, True),
        (AN_HOUR + MOMENT, 1, False),
        (timedelta(days=1), 3, False),
        (timedelta(0), 3, True),
    ],
)
def test_what_a_clock_that_was_ahead_put_off_is_due_and_what_failed_waits(
    database, reps, due_in, failures, is_due
):
    columns = tables.calendar.c
    with database.begin() as tx:
        put_off = update(tables.calendar).where(columns.rep_id == reps[0].id)
        tx.execute(put_off.values(due_at=NOW + due_in, attempts=failures))
    assert (reps[0].id in {one.rep_id for one in claim(database, "a", limit=99)}) is is_due


def test_each_claim_has_a_higher_fence_so_that_the_last_one_is_told_from_all_before(database, reps):
    claims = [claim(database, "a", later(minutes), limit=99) for minutes in (0, 6, 12)]
    assert [{one.lease.fence for one in claimed} for claimed in claims] == [{1}, {2}, {3}]


def test_who_claims_does_not_wait_for_who_is_claiming(database, reps, kept_in):
    if kept_in != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    with database.begin() as one, database.begin() as other:
        first = calendars.claim_calendars(one, Claimant("a", NOW), 4, NOW)
        second = calendars.claim_calendars(other, Claimant("b", NOW), 99, NOW)
    assert sorted(c.rep_id for c in first + second) == [rep.id for rep in reps]
    assert len(first) == len(second) == 4


def test_clocks_may_differ_by_what_a_lease_lasts(database, reps):
    claim(database, "ahead", NOW + LASTING, limit=99)
    assert claim(database, "behind", NOW, limit=99) == []


def test_what_is_given_back_can_be_claimed_when_it_is_due(database, reps):
    (one, *_) = claim(database, "a", limit=1)
    with database.begin() as tx:
        release(tx, one.lease, due_at=NOW + timedelta(minutes=2))
    assert one.rep_id not in {c.rep_id for c in claim(database, "b", limit=99)}
    later = claim(database, "b", NOW + timedelta(minutes=2), limit=99)
    assert one.rep_id in {c.rep_id for c in later}


def test_many_at_once_share_the_work(database, reps):
    found: list[int] = []

    def work(name):
        for _ in range(4):
            found.extend(c.rep_id for c in claim(database, name, limit=1))

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(rep.id for rep in reps)


def test_what_is_to_be_read_anew_is_read_again_after_a_reading_under_way(database, reps):
    (held, *_) = claim(database, "a", limit=1)
    with database.begin() as tx:
        calendars.force_full_sync(tx, [held.rep_id], NOW)
    with pytest.raises(LeaseLost), database.begin() as tx:
        release(tx, held.lease, rules_version="as before")
    again = claim(database, "b", NOW + timedelta(minutes=6), limit=99)
    assert (held.rep_id, None) in [(one.rep_id, one.rules_version) for one in again]


def attempts_of(database, rep_id):
    with database.read() as tx:
        columns = tables.calendar.c
        found = select(columns.attempts, columns.last_error).where(columns.rep_id == rep_id)
        return tuple(tx.execute(found).one())


def test_a_try_is_counted_when_it_begins(database, reps):
    (one, *_) = claim(database, "a", limit=1)
    assert one.attempts == 0
    assert attempts_of(database, one.rep_id) == (1, None)


def test_what_ends_well_or_waits_begins_anew(database, reps):
    (one, *_) = claim(database, "a", limit=1)
    with database.begin() as tx:
        release(tx, one.lease, due_at=NOW + timedelta(minutes=2))
    assert attempts_of(database, one.rep_id) == (0, None)


def test_what_fails_says_how_often(database, reps):
    (one, *_) = claim(database, "a", limit=1)
    with database.begin() as tx:
        release(tx, one.lease, attempts=one.attempts + 1, last_error="busy")
    assert attempts_of(database, one.rep_id) == (1, "busy")
    again = next(c for c in claim(database, "a", limit=99) if c.rep_id == one.rep_id)
    assert (again.attempts, again.lease.deaths) == (1, 0)


def later(minutes):
    return NOW + timedelta(minutes=minutes)


def test_what_is_abandoned_counts_its_deaths(database, reps):
    deaths = []
    for number in range(5):
        with database.begin() as tx:
            claimant = Claimant("a", later(6 * number))
            (one,) = calendars.claim_calendars(tx, claimant, 1, NOW, at_once=[reps[0].id])
        deaths.append(one.lease.deaths)
    assert deaths == [0, 1, 2, 3, 4]
    assert attempts_of(database, reps[0].id) == (5, ABANDONED)


def test_failures_before_are_no_deaths(database, reps):
    for one in claim(database, "a", limit=99):
        with database.begin() as tx:
            release(tx, one.lease, attempts=7, last_error="busy")
    claim(database, "a", limit=99)
    assert {(c.attempts, c.lease.deaths) for c in claim(database, "b", later(6), 99)} == {(1, 1)}


def test_of_what_was_abandoned_often_each_is_tried_alone_and_last(database, reps):
    claim(database, "a", limit=7)
    claim(database, "a", later(6), limit=7)
    found = claim(database, "a", later(12), limit=99)
    assert [one.lease.deaths for one in found] == [0, 2]
    rest = [claim(database, "a", later(12), limit=99) for _ in range(7)]
    assert [len(batch) for batch in rest] == [1] * 6 + [0]


def test_what_is_in_hand_for_the_first_time_never_failed(database, reps):
    def untried():
        with database.read() as tx:
            found = select(tables.calendar.c.rep_id).where(never_failed(tables.calendar))
            return len(tx.scalars(found).all())

    (one, *_) = claim(database, "a", limit=99)
    assert untried() == 8
    with database.begin() as tx:
        release(tx, one.lease, attempts=1, last_error="busy")
    assert untried() == 7

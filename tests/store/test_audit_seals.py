"""The trail: sealed in order, verified once, append-only, erased and removed without a break."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from nudger.domain.reasons import Reason, StepName
from nudger.store import audit, audit_seals, tables
from nudger.store.audit_seals import AuditSeals
from nudger.store.vault import Vault, new_key, read_key

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ROWS = tables.audit.c
SEALS = tables.audit_seal.c
TRIGGERS = {
    "audit_row_changed": "audit",
    "audit_row_deleted": "audit",
    "audit_seal_changed": "audit_seal",
    "audit_seal_deleted": "audit_seal",
}


@pytest.fixture
def seals() -> AuditSeals:
    return AuditSeals(Vault(read_key(new_key())))


def record(database, count, rep_id=1, now=NOW):
    steps = [
        audit.Step(StepName.ANSWER, Reason.ANSWERED, number, rep_id, {"revision": number})
        for number in range(count)
    ]
    with database.begin() as tx:
        audit.record_all(tx, steps, now)


def seal_all(database, seals, now=NOW):
    with database.begin() as tx:
        while seals.seal(tx, now) is not None:
            pass


def verify(database, seals, known_head=None):
    with database.read() as tx:
        return seals.verify(tx, known_head)


def past_the_triggers(database, statement):
    """Change the database as somebody who may do everything with it."""
    with database.begin() as tx:
        for name, table in TRIGGERS.items():
            on = f" ON {table}" if tx.dialect.name == "postgresql" else ""
            with suppress(DatabaseError):
                tx.execute(text(f"DROP TRIGGER {name}{on}"))
        tx.execute(statement)


@pytest.fixture
def sealed(database, seals, monkeypatch):
    """Three seals of four rows each."""
    monkeypatch.setattr(audit_seals, "BATCH", 4)
    record(database, 12)
    seal_all(database, seals)
    return database


def test_a_trail_that_is_as_it_was_is_verified_with_its_head(sealed, seals):
    record(sealed, 2)
    found = verify(sealed, seals)
    assert (found.seals, found.rows, found.unsealed, found.broken) == (3, 12, 2, None)
    with sealed.read() as tx:
        newest = audit_seals.head(tx)
    assert newest is not None
    assert found.head == newest.hash
    assert (newest.id, newest.row_count) == (3, 4)


def test_a_database_without_a_seal_is_in_order(database, seals):
    record(database, 1)
    found = verify(database, seals)
    assert (found.rows, found.unsealed, found.broken) == (0, 1, None)


@pytest.mark.parametrize(
    ("statement", "seal_id", "row_id"),
    [
        (update(tables.audit).where(ROWS.id == 6).values(reason="skip"), 2, 6),
        (update(tables.audit).where(ROWS.id == 6).values(rep_id=2), 2, 6),
        (update(tables.audit).where(ROWS.id == 6).values(meeting_id=None), 2, 6),
        (update(tables.audit).where(ROWS.id == 6).values(detail={"revision": 9}), 2, 6),
        (update(tables.audit).where(ROWS.id == 6).values(at=NOW - timedelta(seconds=1)), 2, 6),
        (update(tables.audit).where(ROWS.id == 6).values(row_hash="0" * 64), 2, 6),
        (
            update(tables.audit)
            .where(ROWS.id == 6)
            .values(rep_id=None, meeting_id=None, detail={}, salt=None, erased="0" * 64),
            2, 6,
        ),
        (update(tables.audit).where(ROWS.id == 6).values(seal_id=1), 1, None),
        (update(tables.audit).where(ROWS.id == 6).values(seal_id=None), 2, None),
        (delete(tables.audit).where(ROWS.id == 6), 2, None),
        (delete(tables.audit).where(ROWS.seal_id == 3), 3, None),
        (delete(tables.audit_seal).where(SEALS.id == 2), 2, None),
        (delete(tables.audit_seal).where(SEALS.id == 3), 3, 9),
        (update(tables.audit_seal).where(SEALS.id == 2).values(row_count=3), 2, None),
        (update(tables.audit_seal).where(SEALS.id == 2).values(previous="0" * 64), 2, None),
        (update(tables.audit_seal).where(SEALS.id == 2).values(removed="0" * 64), 2, None),
        (delete(tables.secret), 1, None),
        (
            insert(tables.audit).values(
                id=13, at=NOW, step="answer", reason="answered", detail={}, seal_id=2,
                salt="", row_hash="0" * 64,
            ),
            2, 13,
        ),
    ],
)  # fmt: skip
def test_the_first_broken_place_is_named(sealed, seals, statement, seal_id, row_id):
    past_the_triggers(sealed, statement)
    broken = verify(sealed, seals).broken
    assert broken is not None
    assert (broken.seal_id, broken.row_id) == (seal_id, row_id)


def test_another_key_than_ours_makes_no_trail(sealed, seals):
    """Whoever writes the whole chain anew with a key of their own cannot seal that key."""
    with pytest.raises(Exception, match="does not open"):
        verify(sealed, AuditSeals(Vault(read_key(new_key()))))


def test_what_was_cut_off_whole_is_told_by_a_head_that_was_noted(sealed, seals):
    head = verify(sealed, seals).head
    assert head is not None
    assert verify(sealed, seals, head[:16]).knows_head
    past_the_triggers(sealed, delete(tables.audit).where(ROWS.seal_id == 3))
    with sealed.begin() as tx:
        tx.execute(delete(tables.audit_seal).where(SEALS.id == 3))
    cut = verify(sealed, seals, head[:16])
    assert (cut.broken, cut.knows_head) == (None, False)


@pytest.mark.parametrize(
    "statement",
    [
        update(tables.audit).where(ROWS.id == 6).values(reason="skip"),
        update(tables.audit).where(ROWS.id == 6).values(rep_id=None),
        update(tables.audit).where(ROWS.id == 6).values(seal_id=None),
        update(tables.audit).where(ROWS.id == 6).values(row_hash=None),
        update(tables.audit).where(ROWS.id == 13).values(reason="skip"),
        delete(tables.audit).where(ROWS.id == 6),
        delete(tables.audit).where(ROWS.id == 13),
        update(tables.audit_seal).where(SEALS.id == 2).values(hash="0" * 64),
        delete(tables.audit_seal),
    ],
)
def test_the_database_refuses_to_change_what_was_recorded(sealed, seals, statement):
    record(sealed, 1)
    with pytest.raises(DatabaseError, match="append-only"), sealed.begin() as tx:
        tx.execute(statement)
    assert verify(sealed, seals).broken is None


def test_erasing_keeps_the_chain_and_nobody_in_it(sealed, seals):
    record(sealed, 3, rep_id=2)
    with sealed.begin() as tx:
        assert seals.erase(tx, ROWS.rep_id == 2, NOW) == 3
        assert seals.erase(tx, ROWS.rep_id == 2, NOW) == 0
        assert seals.erase(tx, ROWS.meeting_id.in_([5, 6]), NOW) == 2
    found = verify(sealed, seals)
    assert (found.rows, found.erased, found.unsealed, found.broken) == (15, 5, 0, None)
    with sealed.read() as tx:
        erased = tx.execute(select(tables.audit).where(ROWS.erased.is_not(None))).all()
    assert {(row.rep_id, row.meeting_id, row.salt, str(row.detail)) for row in erased} == {
        (None, None, None, "{}")
    }


def test_old_rows_go_and_their_seals_stay(sealed, seals):
    later = NOW + timedelta(days=400)
    record(sealed, 2, now=later)
    seal_all(sealed, seals, later)
    with sealed.begin() as tx:
        assert [seals.remove_before(tx, later) for _ in range(4)] == [4, 4, 4, 0]
    found = verify(sealed, seals)
    assert (found.seals, found.removed, found.rows, found.broken) == (4, 3, 2, None)


def test_sealers_and_writers_at_once_leave_one_chain(database, seals, monkeypatch):
    monkeypatch.setattr(audit_seals, "BATCH", 5)

    def work(number):
        record(database, 7, rep_id=number)
        seal_all(database, seals)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(8)))
    found = verify(database, seals)
    assert (found.rows, found.unsealed, found.broken) == (56, 0, None)


def test_verifying_asks_the_database_in_proportion_to_the_trail(sealed, seals):
    """Each row is read once."""
    from sqlalchemy import event

    read = []

    def note(_connection, cursor, statement, *_more):
        read.append(statement)

    event.listen(sealed.engine, "before_cursor_execute", note)
    verify(sealed, seals)
    of_rows = [one for one in read if "FROM audit \nWHERE audit.seal_id =" in one]
    assert len(of_rows) == 3

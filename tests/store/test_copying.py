"""A database copied into another: all of it, as it was, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import JSON, insert, null, select, text, update

from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason, StepName
from nudger.store import audit, outbox, people, tables
from nudger.store.audit_seals import AuditSeals
from nudger.store.copying import ROWS_AT_ONCE, copy_rows, count_rows
from nudger.store.database import Database, DatabaseProblem
from nudger.store.outbox import NewMail
from nudger.store.people import NewRep
from nudger.store.vault import Vault, new_key, read_key
from tests.databases import BOTH, WORKER, new_postgresql

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
SEALS = AuditSeals(Vault(read_key(new_key())))
MANY = ROWS_AT_ONCE + 3


@pytest.fixture(params=BOTH)
def target(request, tmp_path):
    """Another database, of either kind, without a table."""
    url = f"sqlite:///{tmp_path / 'target.db'}"
    if request.param == "postgresql":
        url = new_postgresql(f"nudger_target_{WORKER}")
    made = Database(url)
    yield made
    made.close()


@pytest.fixture
def filled(database):
    """Rows of every kind of column: moments, bytes, documents, missing ones, and a sealed trail."""
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE, "Änne 🙂"), NOW)
        mail = outbox.put(tx, NewMail(MailKind.QUESTION, "question:1", rep.id, NOW, "morning"))
        sealed = update(tables.mail).values(content=b"\x00\xff sealed", is_batch=True)
        tx.execute(sealed)
        for number, told in enumerate((null(), {"zone": "Europe/Berlin"}, JSON.NULL)):
            people.add_rep(tx, NewRep(f"{number}@x.co", Provider.GOOGLE), NOW)
            named = tables.rep.c.email == f"{number}@x.co"
            tx.execute(update(tables.rep).where(named).values(calendar_hours=told))
        steps = [
            audit.Step(StepName.ANSWER, Reason.ANSWERED, number, rep.id, {"revision": number})
            for number in range(MANY)
        ]
        audit.record_all(tx, steps, NOW)
        while SEALS.seal(tx, NOW) is not None:
            pass
    assert mail
    return database


def everything(database):
    """All rows of all tables, and where a document is missing rather than empty."""
    with database.read() as tx:
        rows = {
            table.name: tx.execute(select(table).order_by(*table.primary_key.columns)).all()
            for table in tables.metadata.sorted_tables
        }
        missing = tx.execute(
            select(tables.rep.c.email, tables.rep.c.calendar_hours.is_(null())).order_by(text("1"))
        ).all()
    return {name: [tuple(row) for row in found] for name, found in rows.items()}, list(missing)


def test_every_row_arrives_as_it_was(filled, target):
    told = []
    copied = copy_rows(filled, target, lambda *progress: told.append(progress))
    assert everything(target) == everything(filled)
    assert (copied["rep"], copied["audit"]) == (4, MANY)
    assert ("audit", ROWS_AT_ONCE, MANY) in told
    assert ("audit", MANY, MANY) in told
    with target.read() as tx:
        assert count_rows(tx) == copied
    with target.read() as tx:
        assert SEALS.verify(tx, None).broken is None


def test_and_back_again(filled, target, tmp_path):
    back = Database(f"sqlite:///{tmp_path / 'back.db'}")
    copy_rows(filled, target)
    copy_rows(target, back)
    assert everything(back) == everything(filled)
    back.close()


def test_new_rows_are_numbered_after_those_that_were_copied(filled, target):
    copy_rows(filled, target)
    with target.begin() as tx:
        assert people.add_rep(tx, NewRep("new@x.co", Provider.GOOGLE), NOW).id == 5
        audit.record(tx, audit.Step(StepName.ANSWER, Reason.ANSWERED), NOW)
        assert audit.after(tx, MANY)[0].id == MANY + 1


def test_an_empty_database_can_be_copied(database, target):
    assert set(copy_rows(database, target).values()) == {0}
    with target.begin() as tx:
        assert people.add_rep(tx, NewRep("new@x.co", Provider.GOOGLE), NOW).id == 1


def test_a_target_that_holds_a_row_is_refused_and_left_alone(filled, target):
    target.upgrade()
    with target.begin() as tx:
        tx.execute(insert(tables.domain).values(entry="x.co", kind="ours", added_at=NOW))
    before = everything(target)
    with pytest.raises(DatabaseProblem, match="holds rows already, in domain"):
        copy_rows(filled, target)
    assert everything(target) == before


def test_so_is_one_of_another_program_or_of_an_older_version(filled, target):
    with target.engine.begin() as tx:
        tx.execute(text('CREATE TABLE "Their orders" (id INTEGER)'))
        tx.execute(text('INSERT INTO "Their orders" VALUES (1)'))
    with pytest.raises(DatabaseProblem, match="Their orders"):
        copy_rows(filled, target)
    assert target.revision() is None


def test_it_is_no_target_of_its_own(filled):
    with pytest.raises(DatabaseProblem, match="holds rows already"):
        copy_rows(filled, filled)


def test_a_source_of_another_version_is_refused(target, tmp_path):
    old = Database(f"sqlite:///{tmp_path / 'old.db'}")
    with pytest.raises(DatabaseProblem, match="no tables yet"):
        copy_rows(old, target)
    old.close()


def test_what_is_not_agreed_to_is_not_there(filled, target):
    def disagree():
        raise DatabaseProblem("no")

    with pytest.raises(DatabaseProblem, match="no"):
        copy_rows(filled, target, agree=disagree)
    assert set(map(len, everything(target)[0].values())) == {0}
    copy_rows(filled, target)


def test_a_row_that_does_not_fit_leaves_nothing_behind(filled, target):
    target.upgrade()
    with target.engine.begin() as tx:
        tx.execute(text("DROP TABLE audit_seal"))
        tx.execute(text("CREATE TABLE audit_seal (id INTEGER)"))
    with pytest.raises(DatabaseProblem, match="audit_seal does not fit"):
        copy_rows(filled, target)
    with target.read() as tx:
        assert tx.scalar(select(text("count(*)")).select_from(tables.rep)) == 0


def test_a_copy_is_of_one_moment_whatever_is_written_meanwhile(filled, target):
    def write_more(table, done, rows):
        if (table, done) == ("rep", rows):
            with filled.begin() as tx:
                audit.record(tx, audit.Step(StepName.ANSWER, Reason.ANSWERED), NOW)

    assert copy_rows(filled, target, write_more)["audit"] == MANY

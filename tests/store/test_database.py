"""The schema, its versions, and what goes wrong with a database."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason
from nudger.domain.series import EACH, FIRST_ONLY, MUTED, one_in
from nudger.store import manager_stops, outbox, outside, people, series, sessions, tables
from nudger.store.database import Database, DatabaseProblem, _alembic_config
from nudger.store.outbox import NewMail
from nudger.store.people import NewRep
from nudger.store.series import Series
from nudger.store.sessions import Session
from tests.databases import BOTH

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CADENCES = {
    "never": MUTED, "once": FIRST_ONLY, "each": EACH, "some": one_in(12), "by policy": None,
}  # fmt: skip


def test_the_migrations_make_the_tables(database):
    with database.read() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": False})
        assert compare_metadata(context, tables.metadata) == []


def test_upgrading_twice_changes_nothing(database):
    database.upgrade()
    database.require_current()


def test_a_database_without_tables_says_what_to_do(tmp_path):
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(DatabaseProblem, match="nudger upgrade"):
        empty.require_current()
    empty.close()


def test_a_locked_database_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("nudger.store.database.BUSY_SECONDS", 0.1)
    file = tmp_path / "locked.db"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("BEGIN IMMEDIATE")
    locked = Database(f"sqlite:///{file}")
    with pytest.raises(DatabaseProblem, match="locked by another program"):
        locked.upgrade()
    locked.close()
    other.close()


def test_a_file_that_is_no_database_says_so(tmp_path):
    (tmp_path / "x.db").write_text("this is no database, it is a letter to a friend" * 50)
    broken = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(DatabaseProblem, match="cannot be used: file is not a database. Check"):
        broken.upgrade()
    broken.close()


def test_a_failed_transaction_leaves_nothing(database):
    with pytest.raises(RuntimeError, match="stop"), database.begin() as tx:
        tx.execute(tables.domain.insert().values(entry="x", kind="ours", added_at=NOW))
        raise RuntimeError("stop")
    with database.read() as tx:
        assert people.list_domains(tx) == {}


def down_and_up(database, revision):
    for change, to in ((command.downgrade, revision), (command.upgrade, "head")):
        with database.engine.begin() as connection:
            config = _alembic_config()
            config.attributes["connection"] = connection
            change(config, to)


@pytest.mark.parametrize("kept_in", BOTH)
def test_an_error_does_not_repeat_what_people_wrote(database):
    asking = text("SELECT title FROM nowhere WHERE title = :title")
    with pytest.raises(SQLAlchemyError) as failed, database.begin() as tx:
        tx.execute(asking, {"title": "ACME: pilot review"})
    assert "FROM nowhere" in str(failed.value)
    assert "ACME" not in str(failed.value)


def test_migrations_taken_back_keep_what_is_there(database):
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), NOW)
        series.keep(tx, [Series("weekly", rep.id, MUTED, NOW, (), None, NOW)])
        outbox.put(tx, NewMail(MailKind.QUESTION, "question:1", rep.id, NOW, "morning"))
        outbox.put(tx, NewMail(MailKind.QUESTION, "batch:1", rep.id, NOW, "morning"))
        outbox.put(tx, NewMail(MailKind.WEEKLY, "weekly:1:2026-W48", rep.id, NOW, "weekly"))
    down_and_up(database, "0001")
    with database.read() as tx:
        assert [one.email for one in people.list_reps(tx)] == ["ana@x.co"]
        assert series.find(tx, ["weekly"])["weekly"].cadence == MUTED
        kept = {mail.once: mail.is_batch for mail in outbox.waiting(tx, tuple(MailKind))}
        assert kept == {"question:1": False, "batch:1": True}, "weekly mails are planned anew"


def test_a_migration_taken_back_keeps_how_often_each_series_is_asked_about(database):
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), NOW)
        series.keep(tx, [Series(name, rep.id, one, NOW, ()) for name, one in CADENCES.items()])
    down_and_up(database, "0002")
    with database.read() as tx:
        kept = series.find(tx, list(CADENCES))
        counted = {one.series_id for one in series.counted(tx)}
    assert {name: one.cadence for name, one in kept.items()} == CADENCES
    assert counted == {"some", "by policy"}


def test_an_older_version_knows_no_mail_to_the_admin(database):
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), NOW)
        for kind in (MailKind.ADMIN_WEEKLY, MailKind.WEEKLY):
            outbox.put(tx, NewMail(kind, f"{kind}:1", rep.id, NOW, "weekly"))
        outside.set_told(tx, ["acme.com"], NOW)
    down_and_up(database, "0008")
    with database.read() as tx:
        assert [one.once for one in outbox.waiting(tx, tuple(MailKind))] == ["weekly:1"]
        assert outside.reviews(tx) == {}


def test_an_older_version_knows_no_manager_who_signs_in_and_no_comment(database):
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), NOW)
        for kind in (MailKind.COMMENT, MailKind.WEEKLY):
            outbox.put(tx, NewMail(kind, f"{kind}:1", rep.id, NOW, "weekly"))
        sessions.begin(tx, Session("reps", rep.id, NOW, NOW))
        sessions.begin(tx, Session("managers", None, NOW, NOW, "mia@x.co"))
        manager_stops.stop(tx, "mia@x.co", Reason.MANAGER_STOP, NOW)
        people.set_shared_with(tx, rep.id, "mia@x.co", NOW)
    down_and_up(database, "0016")
    with database.read() as tx:
        assert [one.once for one in outbox.waiting(tx, tuple(MailKind))] == ["weekly:1"]
        assert sessions.find(tx, "reps").rep_id == rep.id
        assert sessions.find(tx, "managers") is None
        assert people.list_reps(tx)[0].shared_with is None


def test_an_older_version_knows_no_announcement(database):
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), NOW)
        for kind in (MailKind.ANNOUNCEMENT, MailKind.WEEKLY):
            outbox.put(tx, NewMail(kind, f"{kind}:1", rep.id, NOW, "weekly"))
        people.set_announced(tx, rep.id, NOW)
    down_and_up(database, "0010")
    with database.read() as tx:
        assert [one.once for one in outbox.waiting(tx, tuple(MailKind))] == ["weekly:1"]
        assert people.list_reps(tx)[0].announced_at is None

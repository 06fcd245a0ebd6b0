"""`nudger db`: a database moved, backed up and restored while a company goes on working."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import update

from nudger.config import load_settings
from nudger.runtime.startup import open_context
from nudger.store import tables
from nudger.store.database import Database
from nudger.store.vault import new_key
from tests.cli.conftest import Nudger
from tests.databases import BOTH, WORKER, new_postgresql
from tests.office import ANA, run_once

COMMITMENT = "Dana agrees to a pilot in June"


@pytest.fixture(params=BOTH)
def kept_in(request):
    return request.param


@pytest.fixture(params=BOTH)
def elsewhere(request, tmp_path):
    """The URL of an empty database of either kind."""
    if request.param == "postgresql":
        return new_postgresql(f"nudger_target_{WORKER}")
    return f"sqlite:///{tmp_path / 'moved' / 'nudger.db'}"


@pytest.fixture
def asked(office):
    """An office in which Ana was asked about her call."""
    office.meet()
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == 1
    return office


@pytest.fixture
def moved(asked, elsewhere, tmp_path):
    """Another folder with the key and the settings, but for the database's."""
    folder = tmp_path / "moved"
    folder.mkdir()
    for name in ("nudger.key", "credentials.json"):
        shutil.copy(asked.folder / name, folder / name)
    old = f'database = "{asked.ctx.database.url}"'
    settings = (asked.folder / "nudger.toml").read_text()
    assert old in settings
    file = folder / "nudger.toml"
    file.write_text(settings.replace(old, f'database = "{elsewhere}"'))
    return Nudger(file)


def go_on(office, file):
    """The answer is understood and written by a worker on the other database, and asked nothing
    again."""
    (question,) = (mail.headers["subject"] for mail in office.inbox(ANA))
    office.reply(COMMITMENT)
    office.later(minutes=5)
    with open_context(load_settings(file), office.world.now) as ctx:
        for _ in range(2):
            run_once(ctx)
            office.later(minutes=5)
    assert COMMITMENT in office.description("call1")
    subjects = [mail.headers["subject"] for mail in office.inbox(ANA)]
    assert subjects.count(question) == 1


def test_a_moved_database_goes_on_where_the_old_one_stopped(asked, moved, elsewhere):
    here = Nudger(asked.folder / "nudger.toml")
    asked.later(minutes=2)
    copied = here.json("db", "copy", elsewhere)
    assert copied["rows"]["meeting"] == 1
    assert copied["total"] == sum(copied["rows"].values())
    assert moved.json("audit", "verify")["ok"]
    go_on(asked, moved.file)


def test_a_database_that_is_filled_is_never_copied_over(asked, elsewhere, moved):
    here = Nudger(asked.folder / "nudger.toml")
    assert here("db", "copy", elsewhere).exit_code == 0
    again = here("db", "copy", elsewhere)
    assert again.exit_code == 1
    assert "holds rows already" in again.stderr
    assert again.stderr.count("\n") == 1


def test_while_a_worker_holds_work_nothing_is_copied(asked, elsewhere, moved):
    with asked.ctx.database.begin() as tx:
        held = asked.world.now() + timedelta(days=36500)
        tx.execute(update(tables.calendar).values(lease_owner="w", lease_until=held))
    refused = Nudger(asked.folder / "nudger.toml")("db", "copy", elsewhere)
    assert refused.exit_code == 1
    assert "stop every `nudger run`" in refused.stderr


def test_a_backup_is_restored_elsewhere_and_the_work_goes_on(asked, moved, tmp_path):
    file = tmp_path / "backups" / "monday.db"
    file.parent.mkdir()
    here = Nudger(asked.folder / "nudger.toml")
    assert here("db", "backup", str(file)).exit_code == 0
    assert [one.name for one in file.parent.iterdir()] == ["monday.db"]
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()

    restored = moved("db", "restore", str(file))
    assert restored.exit_code == 0, restored.output
    assert "Sending is paused" in restored.stdout
    assert moved.json("status")["controls"]["paused_since"]
    assert file.read_bytes() == before
    assert moved("resume").exit_code == 0
    go_on(asked, moved.file)


def test_what_sqlite_itself_copies_is_a_backup_as_well(office, kept_in, tmp_path):
    if kept_in != "sqlite":
        pytest.skip("SQLite's own command")
    file = tmp_path / "own.db"
    with sqlite3.connect(tmp_path / "nudger.db") as source, sqlite3.connect(file) as target:
        source.backup(target)
    office.close()
    (tmp_path / "nudger.db").unlink()
    for beside in tmp_path.glob("nudger.db-*"):
        beside.unlink()
    here = Nudger(office.folder / "nudger.toml")
    assert here.json("db", "restore", str(file))["rows"]["rep"] == 1


def test_a_backup_of_an_older_version_is_brought_up_on_the_way(asked, moved, tmp_path):
    file = tmp_path / "old.db"
    assert Nudger(asked.folder / "nudger.toml")("db", "backup", str(file)).exit_code == 0
    old = Database(f"sqlite:///{file}")
    old.downgrade("0009")
    old.close()
    assert moved.json("db", "restore", str(file))["rows"]["meeting"] == 1


def test_without_its_key_a_backup_is_not_restored(asked, moved, tmp_path):
    file = tmp_path / "monday.db"
    assert Nudger(asked.folder / "nudger.toml")("db", "backup", str(file)).exit_code == 0
    (moved.file.parent / "nudger.key").write_text(new_key())
    refused = moved("db", "restore", str(file))
    assert refused.exit_code == 1
    assert "not the one that this backup was sealed with" in refused.stderr
    (moved.file.parent / "nudger.key").write_text((asked.folder / "nudger.key").read_text())
    assert moved("db", "restore", str(file)).exit_code == 0


def test_a_backup_never_overwrites(office, tmp_path):
    here = Nudger(office.folder / "nudger.toml")
    (tmp_path / "mine.db").write_text("mine")
    refused = here("db", "backup", str(tmp_path / "mine.db"))
    assert (refused.exit_code, (tmp_path / "mine.db").read_text()) == (1, "mine")
    assert "exists already" in refused.stderr
    assert "no folder" in here("db", "backup", str(tmp_path / "none" / "x.db")).stderr


@pytest.mark.parametrize("content", [None, b"", b"a letter to a friend" * 100])
def test_what_is_no_backup_says_so(nudger, tmp_path, content):
    file = tmp_path / "letter.db"
    if content is not None:
        file.write_bytes(content)
    refused = nudger("db", "restore", str(file))
    assert refused.exit_code == 1
    assert ("no file" if content is None else "no backup of Nudger") in refused.stderr


def test_the_way_back_to_an_older_version(nudger):
    assert nudger("upgrade").exit_code == 0
    assert nudger("db", "downgrade", "0009").exit_code == 0
    wrong = nudger("db", "downgrade", "0010")
    assert (wrong.exit_code, "at version 0009" in wrong.stderr) == (1, True)
    assert "choose one of 0001" in nudger("db", "downgrade", "old").stderr


def test_a_database_of_a_newer_version_says_what_to_do(nudger):
    assert nudger("upgrade").exit_code == 0
    with sqlite3.connect(nudger.file.parent / "nudger.db") as tx:
        tx.execute("UPDATE alembic_version SET version_num = '9999'")
    refused = nudger("status")
    assert refused.exit_code == 1
    assert "which a newer Nudger made" in refused.stderr
    assert "nudger db downgrade" in refused.stderr


def test_a_relative_target_lies_where_the_settings_say_that_it_does(nudger):
    assert nudger("upgrade").exit_code == 0
    assert json.loads(nudger("db", "copy", "sqlite:///other.db", "--json").stdout)["total"] == 0
    assert (nudger.file.parent / "other.db").exists()
    assert "names no database" in nudger("db", "copy", "nothing").stderr

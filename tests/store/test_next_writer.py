"""Who writes next, where several processes share an SQLite file.

Two `Database`s of one file queue as two processes do: neither knows of the other's threads.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from nudger.store.database import Database
from nudger.store.next_writer import NextWriter
from tests.waiting import PATIENCE

ADD = text("INSERT INTO written VALUES (:who)")


@pytest.fixture
def two_of_one_file(tmp_path):
    both = [Database(f"sqlite:///{tmp_path / 'shared.db'}") for _ in range(2)]
    with both[0].begin() as tx:
        tx.execute(text("CREATE TABLE written (who TEXT)"))
    yield both
    for one in both:
        one.close()


def wait_until_taken(folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    queue = os.open(folder, os.O_RDONLY)
    try:
        while time.monotonic() < deadline:
            fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(queue, fcntl.LOCK_UN)
            time.sleep(0.001)
    except BlockingIOError:
        return
    finally:
        os.close(queue)
    raise TimeoutError


def test_who_waits_writes_before_whoever_has_just_written(two_of_one_file, tmp_path):
    busy, patient = two_of_one_file

    def write(database: Database, who: str) -> None:
        with database.begin() as tx:
            tx.execute(ADD, {"who": who})

    with busy.begin() as tx:
        tx.execute(ADD, {"who": "busy"})
        waits = threading.Thread(target=write, args=(patient, "patient"))
        waits.start()
        wait_until_taken(tmp_path)
        again = threading.Thread(target=write, args=(busy, "busy again"))
        again.start()
        time.sleep(0.2)  # SQLite's own pauses have grown by now
    for thread in (waits, again):
        thread.join(PATIENCE)
    with busy.read() as tx:
        order = list(tx.scalars(text("SELECT who FROM written ORDER BY rowid")))
    assert order == ["busy", "patient", "busy again"]


def test_nothing_stands_beside_a_database_that_was_closed(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'alone.db'}")
    with database.begin() as tx:
        tx.execute(text("CREATE TABLE written (who TEXT)"))
    database.close()
    assert [one.name for one in tmp_path.iterdir()] == ["alone.db"]


def test_a_turn_that_somebody_keeps_is_not_waited_for_for_ever(tmp_path):
    kept = NextWriter(tmp_path, 20)
    with kept, NextWriter(tmp_path, 0.05):
        pass
    kept.close()


def test_where_no_folder_can_be_locked_nobody_waits(tmp_path):
    with NextWriter(tmp_path / "no such folder", 20):
        pass

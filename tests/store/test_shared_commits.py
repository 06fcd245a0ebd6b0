"""Writes of several threads in one transaction: each counts or not by itself."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import OperationalError

from nudger.store.afterwards import after_commit
from nudger.store.database import Database
from nudger.store.shared_commits import MOST_AT_ONCE, SharedCommits
from tests.databases import BOTH
from tests.waiting import wait_for

ADD = text("INSERT INTO written VALUES (:who)")


@pytest.fixture
def written(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'shared.db'}")
    with database.begin() as tx:
        tx.execute(text("CREATE TABLE written (who TEXT)"))
    yield database
    database.close()


def add(who):
    def write(tx: Connection) -> str:
        tx.execute(ADD, {"who": who})
        return f"{who} is written"

    return write


def fail(tx: Connection) -> None:
    add("half")(tx)
    raise ValueError("not this one")


def everybody(database: Database) -> list[str]:
    with database.read() as tx:
        return sorted(tx.scalars(text("SELECT who FROM written")))


@contextmanager
def commits_of(database: Database):
    seen: list[str] = []

    def note(_connection: Connection) -> None:
        seen.append("commit")

    event.listen(database.engine, "commit", note)
    yield seen
    event.remove(database.engine, "commit", note)


def together(database: Database, *writes, contexts=()) -> list[Future]:
    """What came of writes that waited together for one that took its time."""
    asked_in = contexts or [copy_context() for _ in writes]
    shared = SharedCommits(database.begin)
    is_written, may_end = threading.Event(), threading.Event()

    def slow(tx: Connection) -> None:
        add("slow")(tx)
        is_written.set()
        may_end.wait()

    with ThreadPoolExecutor(len(writes) + 1) as threads:
        first = threads.submit(shared.write, slow)
        is_written.wait()
        others = [
            threads.submit(own.run, shared.write, one)
            for own, one in zip(asked_in, writes, strict=True)
        ]
        wait_for(lambda: shared.waiting == len(writes))
        may_end.set()
    first.result()
    return others


def test_what_waits_together_is_committed_together(written):
    with commits_of(written) as commits:
        done = together(written, add("a"), add("b"), add("c"))
    assert [one.result() for one in done] == [f"{who} is written" for who in "abc"]
    assert everybody(written) == ["a", "b", "c", "slow"]
    assert len(commits) == 2


def test_one_that_fails_is_taken_back_alone(written):
    a, failed, b = together(written, add("a"), fail, add("b"))
    assert everybody(written) == ["a", "b", "slow"]
    assert (a.result(), b.result()) == ("a is written", "b is written")
    with pytest.raises(ValueError, match="not this one"):
        failed.result()


def test_no_more_than_some_are_written_at_once(written):
    names = [f"{number:02}" for number in range(MOST_AT_ONCE + 1)]
    with commits_of(written) as commits:
        together(written, *map(add, names))
    assert everybody(written) == [*names, "slow"]
    assert len(commits) == 3


def test_only_of_what_counts_it_is_told(written):
    told: list[str] = []

    def telling(who, write):
        def tell(tx: Connection) -> None:
            after_commit(tx, lambda: told.append(who))
            write(tx)

        return tell

    together(written, telling("a", add("a")), telling("failed", fail), telling("b", add("b")))
    assert told == ["a", "b"]


def test_where_the_commit_fails_nothing_counts_and_each_hears_of_it(written):
    def refuse(_connection: Connection) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    def break_commits(tx: Connection) -> None:
        event.listen(written.engine, "commit", refuse)

    done = together(written, add("a"), break_commits, add("b"))
    event.remove(written.engine, "commit", refuse)
    for one in done:
        with pytest.raises(OperationalError, match="disk I/O error"):
            one.result()
    assert everybody(written) == ["slow"]
    assert written.write(add("later")) == "later is written"


def test_where_sqlite_takes_back_all_each_hears_why(written):
    def lose_all(tx: Connection) -> None:
        tx.exec_driver_sql("ROLLBACK")
        raise ValueError("the disk is full")

    done = together(written, add("a"), lose_all, add("b"))
    for one in done:
        with pytest.raises(ValueError, match="the disk is full"):
            one.result()
    assert everybody(written) == ["slow"]
    assert written.write(add("later")) == "later is written"


def test_who_is_stopped_in_the_middle_of_it_stops_and_the_others_hear_of_it(written):
    def stop(_tx: Connection) -> None:
        raise KeyboardInterrupt

    done = together(written, add("a"), stop, add("b"))
    for one in done:
        with pytest.raises(KeyboardInterrupt):
            one.result()
    assert everybody(written) == ["slow"]
    assert written.write(add("later")) == "later is written"


def test_where_no_transaction_begins_the_next_one_is_tried(written):
    event.listen(written.engine, "begin", refuse_to_begin)
    with pytest.raises(OperationalError):
        written.write(add("a"))
    event.remove(written.engine, "begin", refuse_to_begin)
    assert written.write(add("b")) == "b is written"
    assert everybody(written) == ["b"]


def refuse_to_begin(_connection: Connection) -> None:
    raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))


def test_each_writes_as_who_asked_for_it(written):
    who: ContextVar[str] = ContextVar("who")

    def asked_by(name):
        own = copy_context()
        own.run(who.set, name)
        return own

    def write(tx: Connection) -> None:
        add(who.get())(tx)

    together(written, write, write, contexts=[asked_by("a"), asked_by("b")])
    assert everybody(written) == ["a", "b", "slow"]


@pytest.mark.parametrize("kept_in", BOTH)
def test_one_alone_is_written_or_taken_back(database):
    with database.begin() as tx:
        tx.execute(text("CREATE TABLE written (who TEXT)"))
    assert database.write(add("a")) == "a is written"
    with pytest.raises(ValueError, match="not this one"):
        database.write(fail)
    assert everybody(database) == ["a"]

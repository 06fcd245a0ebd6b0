"""Writes of several threads at the same time, in one transaction of one of them.

A commit to an SQLite file costs as much as what it keeps of a usual calendar, and writers wait for
one another anyway. So whoever has the turn writes for all that wait, each write by itself: one that
fails is taken back, and the others go on.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from nudger.store.afterwards import tells_of

T = TypeVar("T")

MOST_AT_ONCE = 16
"""Whoever else wants to write waits for all of them: no longer than a page may take."""


@dataclass(eq=False, slots=True)
class _Write:
    """What somebody waits to have written, and what came of it."""

    do: Callable[[Connection], Any]
    own: Context = field(default_factory=copy_context)
    is_done: bool = False
    result: Any = None
    error: BaseException | None = None

    def failed(self, error: BaseException) -> None:
        self.is_done, self.error = True, error

    def outcome(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.result


class SharedCommits:
    """Writes what its callers ask for; `begin` opens a transaction that commits at its end."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begin = begin
        self._turn = threading.Lock()
        self._waiting: deque[_Write] = deque()

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    def write(self, do: Callable[[Connection], T]) -> T:
        """What `do` returns, once it is committed, or raises: then nothing of it is written."""
        mine = _Write(do)
        self._waiting.append(mine)
        with self._turn:
            while not mine.is_done:
                self._write_waiting()
        result: T = mine.outcome()
        return result

    def _write_waiting(self) -> None:
        """Write what has waited longest. What none of it can be blamed for, as a commit that fails,
        each of them raises."""
        writes = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_AT_ONCE))]
        try:
            with self._begin() as tx:
                for one in writes:
                    _write_alone(tx, one)
        except BaseException as error:
            for one in writes:
                one.failed(error)
            if not isinstance(error, Exception):
                raise
        for one in writes:
            one.is_done = True


def _write_alone(tx: Connection, one: _Write) -> None:
    """Write one, or take back what of it is written. The statements are SQLite's."""
    told_before = len(tells_of(tx))
    tx.exec_driver_sql("SAVEPOINT one_write")
    try:
        one.result = one.own.run(one.do, tx)
    except Exception as error:
        try:
            tx.exec_driver_sql("ROLLBACK TO one_write")
        except SQLAlchemyError:  # SQLite has taken back all, as where the disk is full
            raise error from None
        del tells_of(tx)[told_before:]
        one.error = error
    tx.exec_driver_sql("RELEASE one_write")

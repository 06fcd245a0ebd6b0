"""What is told once a transaction counts."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

_AFTERWARDS = "nudger.afterwards"

Tells = list[Callable[[], None]]


def after_commit(tx: Connection, tell: Callable[[], None]) -> None:
    """Have this called once what `Database.begin` opened is committed, and never if it is not."""
    tells_of(tx).append(tell)


def tells_of(tx: Connection) -> Tells:
    """All that is to be called then, by now."""
    tells: Tells = tx.info.setdefault(_AFTERWARDS, [])
    return tells


def take_tells(tx: Connection) -> Tells:
    """The same, which is to be called no more."""
    tells: Tells = tx.info.pop(_AFTERWARDS, [])
    return tells

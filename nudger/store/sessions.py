"""Who is signed in to the pages, and who asked to be. Only hashes are kept of what a browser, a
link or a code is known by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from nudger.store import tables

SEEN_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody asked to sign in: a rep by `rep_id`, a manager who is none by `address`, a stranger
    by neither. `tries` counts the wrong codes, `confirmed_at` is when the link was confirmed in
    another browser."""

    pending_hash: str = field(repr=False)
    link_hash: str = field(repr=False)
    code_hash: str = field(repr=False)
    rep_id: int | None
    asked_at: datetime
    tries: int = 0
    confirmed_at: datetime | None = None
    address: str | None = None

    @property
    def is_of_somebody(self) -> bool:
        return self.rep_id is not None or self.address is not None


@dataclass(frozen=True, slots=True)
class Session:
    """Whose it is, is told as by `SignIn`: one person's, always."""

    id_hash: str = field(repr=False)
    rep_id: int | None
    started_at: datetime
    seen_at: datetime
    address: str | None = None


def add_sign_in(tx: Connection, new: SignIn) -> None:
    columns = tables.sign_in.c
    values = {column.name: getattr(new, column.name) for column in columns}
    tx.execute(insert(tables.sign_in).values(values))


def find_pending(tx: Connection, pending_hash: str) -> SignIn | None:
    return _sign_in(tx, tables.sign_in.c.pending_hash == pending_hash)


def find_link(tx: Connection, link_hash: str) -> SignIn | None:
    return _sign_in(tx, tables.sign_in.c.link_hash == link_hash)


def _sign_in(tx: Connection, which: ColumnElement[bool]) -> SignIn | None:
    row = tx.execute(select(tables.sign_in).where(which)).one_or_none()
    return None if row is None else SignIn(**row._asdict())


def count_try(tx: Connection, pending_hash: str, most: int) -> bool:
    """Count one more try; false, and nothing counted, where all were used. One statement, so that
    tries at the same time count each."""
    columns = tables.sign_in.c
    counted = (
        update(tables.sign_in)
        .where((columns.pending_hash == pending_hash) & (columns.tries < most))
        .values(tries=columns.tries + 1)
    )
    return tx.execute(counted).rowcount > 0


def confirm(tx: Connection, pending_hash: str, now: datetime) -> None:
    this = update(tables.sign_in).where(tables.sign_in.c.pending_hash == pending_hash)
    tx.execute(this.values(confirmed_at=now))


def use_up(tx: Connection, pending_hash: str) -> bool:
    """Have it count no more; false where it did not before, so that one of two gets it."""
    this = delete(tables.sign_in).where(tables.sign_in.c.pending_hash == pending_hash)
    return tx.execute(this).rowcount > 0


def begin(tx: Connection, new: Session) -> None:
    values: dict[str, Any] = {
        column.name: getattr(new, column.name) for column in tables.web_session.c
    }
    tx.execute(insert(tables.web_session).values(values))


def find(tx: Connection, id_hash: str) -> Session | None:
    found = select(tables.web_session).where(tables.web_session.c.id_hash == id_hash)
    row = tx.execute(found).one_or_none()
    return None if row is None else Session(**row._asdict())


def see(tx: Connection, id_hash: str, now: datetime) -> None:
    """The session's owner did something now. Kept where the last time is a while ago: each page
    tells us."""
    columns = tables.web_session.c
    this = (columns.id_hash == id_hash) & (columns.seen_at < now - SEEN_EVERY)
    tx.execute(update(tables.web_session).where(this).values(seen_at=now))


def end(tx: Connection, id_hash: str) -> None:
    tx.execute(delete(tables.web_session).where(tables.web_session.c.id_hash == id_hash))


def end_all(tx: Connection) -> None:
    """End every session, of reps and of the console, and what would become one."""
    ended = (tables.web_session, tables.sign_in, tables.admin_session, tables.admin_code)
    for table in ended:
        tx.execute(delete(table))

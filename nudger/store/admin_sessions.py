"""Who is signed in to the console, and the one-time codes that let somebody in. Only hashes are
kept of what a browser or a terminal shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from nudger.store import tables
from nudger.store.sessions import SEEN_EVERY


@dataclass(frozen=True, slots=True)
class AdminSession:
    """`admin_id` is `None` for who came by a code that was made for nobody in particular."""

    id_hash: str = field(repr=False)
    admin_id: int | None
    started_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class UsedCode:
    """A code that was just used up; `admin_id` as in `AdminSession`."""

    admin_id: int | None


def put_code(tx: Connection, code_hash: str, admin_id: int | None, now: datetime) -> None:
    """Keep a code; an older one for the same person counts no more."""
    columns = tables.admin_code.c
    tx.execute(delete(tables.admin_code).where(columns.admin_id.is_not_distinct_from(admin_id)))
    added = {"code_hash": code_hash, "admin_id": admin_id, "made_at": now}
    tx.execute(insert(tables.admin_code).values(added))


def use_code(tx: Connection, code_hash: str, made_after: datetime) -> UsedCode | None:
    """Use a code up; `None` where there is none so young, or another was a moment ahead."""
    columns = tables.admin_code.c
    this = (columns.code_hash == code_hash) & (columns.made_at > made_after)
    used = tx.execute(delete(tables.admin_code).where(this).returning(columns.admin_id))
    row = used.one_or_none()
    return None if row is None else UsedCode(row.admin_id)


def code_counts(tx: Connection, code_hash: str, made_after: datetime) -> bool:
    """Whether a code could be used."""
    columns = tables.admin_code.c
    this = (columns.code_hash == code_hash) & (columns.made_at > made_after)
    return tx.execute(select(columns.code_hash).where(this)).one_or_none() is not None


def begin(tx: Connection, new: AdminSession) -> None:
    values = {column.name: getattr(new, column.name) for column in tables.admin_session.c}
    tx.execute(insert(tables.admin_session).values(values))


def find(tx: Connection, id_hash: str) -> AdminSession | None:
    found = select(tables.admin_session).where(tables.admin_session.c.id_hash == id_hash)
    row = tx.execute(found).one_or_none()
    return None if row is None else AdminSession(**row._asdict())


def see(tx: Connection, id_hash: str, now: datetime) -> None:
    """The session's owner did something now; kept where the last time is a while ago."""
    columns = tables.admin_session.c
    this = (columns.id_hash == id_hash) & (columns.seen_at < now - SEEN_EVERY)
    tx.execute(update(tables.admin_session).where(this).values(seen_at=now))


def end(tx: Connection, id_hash: str) -> None:
    tx.execute(delete(tables.admin_session).where(tables.admin_session.c.id_hash == id_hash))

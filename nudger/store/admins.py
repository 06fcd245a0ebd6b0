"""Who has a role: invited by address, and known by issuer and subject from their first sign-in on.

An address invites once. Whoever has it later is somebody else (RFC 9700 and OpenID Connect Core
5.7: only issuer and subject together name a person).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update

from nudger.domain.roles import Role
from nudger.store import tables
from nudger.store.insert_if_absent import add_if_absent


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs in at a provider: `subject` is unique at its `issuer` and never given again."""

    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class Admin:
    """Somebody with a role; `account` is `None` until they signed in for the first time."""

    id: int
    email: str
    role: Role
    account: Account | None
    added_at: datetime
    bound_at: datetime | None


def add_admin(tx: Connection, email: str, role: Role, now: datetime) -> bool:
    """Invite an address; false, and nothing changed, where it has a role already."""
    added = {"email": email, "role": role.value, "added_at": now}
    return add_if_absent(tx, tables.admin, added)


def change_role(tx: Connection, email: str, role: Role) -> bool:
    """Give another role; false where the address has none, or this one."""
    columns = tables.admin.c
    this = (columns.email == email) & (columns.role != role.value)
    return tx.execute(update(tables.admin).where(this).values(role=role.value)).rowcount > 0


def remove_admin(tx: Connection, email: str) -> bool:
    """Take the role away, and end the sessions and codes that it gave; false where there is
    none."""
    return tx.execute(delete(tables.admin).where(tables.admin.c.email == email)).rowcount > 0


def list_admins(tx: Connection) -> list[Admin]:
    """All of them, in the order in which they were invited."""
    rows = tx.execute(select(tables.admin).order_by(tables.admin.c.id))
    return [_admin(row) for row in rows]


def find_admin(tx: Connection, email: str) -> Admin | None:
    return _found(tx, tables.admin.c.email == email)


def get_admin(tx: Connection, admin_id: int) -> Admin | None:
    return _found(tx, tables.admin.c.id == admin_id)


def find_account(tx: Connection, account: Account) -> Admin | None:
    columns = tables.admin.c
    return _found(tx, (columns.issuer == account.issuer) & (columns.subject == account.subject))


def bind(tx: Connection, email: str, account: Account, now: datetime) -> bool:
    """Have an invited address mean this account for good; false where it is bound already. One
    statement, so that one of two gets it."""
    columns = tables.admin.c
    this = (columns.email == email) & columns.subject.is_(None)
    values = {"issuer": account.issuer, "subject": account.subject, "bound_at": now}
    return tx.execute(update(tables.admin).where(this).values(**values)).rowcount > 0


def _found(tx: Connection, which: ColumnElement[bool]) -> Admin | None:
    row = tx.execute(select(tables.admin).where(which)).one_or_none()
    return None if row is None else _admin(row)


def _admin(row: Row[Any]) -> Admin:
    account = None if row.subject is None else Account(row.issuer, row.subject)
    return Admin(row.id, row.email, Role(row.role), account, row.added_at, row.bound_at)

"""Tokens by which programs read: of each only a hash is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from nudger.store import tables
from nudger.store.insert_if_absent import add_if_absent

USED_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a token was last used."""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token, by the name that its admin gave it. It counts until it expires or is revoked."""

    name: str
    token_hash: str = field(repr=False)
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    used_at: datetime | None = None
    id: int = 0

    def counts(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


def add(tx: Connection, token: ApiToken) -> bool:
    """False where the name is taken, also by one that was revoked."""
    values = {
        "name": token.name,
        "token_hash": token.token_hash,
        "scopes": sorted(token.scopes),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
    }
    return add_if_absent(tx, tables.api_token, values)


def find(tx: Connection, token_hash: str) -> ApiToken | None:
    this = select(tables.api_token).where(tables.api_token.c.token_hash == token_hash)
    row = tx.execute(this).one_or_none()
    return None if row is None else _token(row)


def every(tx: Connection) -> list[ApiToken]:
    """All tokens that there were, in the order in which they were made."""
    rows = tx.execute(select(tables.api_token).order_by(tables.api_token.c.id))
    return [_token(row) for row in rows]


def is_used(tx: Connection, token_id: int, now: datetime) -> None:
    _change(tx, [token_id], used_at=now)


def revoke(tx: Connection, token_id: int, now: datetime) -> None:
    _change(tx, [token_id], revoked_at=now)


def _change(tx: Connection, ids: Collection[int], **values: Any) -> None:
    tx.execute(update(tables.api_token).where(tables.api_token.c.id.in_(ids)).values(values))


def _token(row: Row[Any]) -> ApiToken:
    return ApiToken(
        name=row.name,
        token_hash=row.token_hash,
        scopes=frozenset(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
        id=row.id,
    )

"""Whether a key is the one that a database was sealed with."""

from __future__ import annotations

from sqlalchemy import Connection, select

from nudger.store import tables
from nudger.store.vault import SealBroken, Vault


def opens(tx: Connection, vault: Vault) -> bool | None:
    """Whether the key opens what is sealed, told by one value; `None` where nothing is yet."""
    for sealed, belongs_to in _samples(tx):
        try:
            vault.open(sealed, belongs_to)
        except SealBroken:
            return False
        return True
    return None


def _samples(tx: Connection) -> list[tuple[bytes, str]]:
    secret = tx.execute(select(tables.secret.c.sealed, tables.secret.c.name).limit(1)).first()
    if secret is not None:
        return [(secret.sealed, f"secret:{secret.name}")]
    meeting = tx.execute(select(tables.meeting.c.details, tables.meeting.c.meeting_key).limit(1))
    return [(row.details, f"meeting.details:{row.meeting_key}") for row in meeting]

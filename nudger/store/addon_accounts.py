"""Which account at Google or Microsoft is which rep's: known once they opened the add-on. Only a
hash is kept of the account's id, which stays the same when an address is given to somebody else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from nudger.store import tables
from nudger.store.insert_if_absent import add_if_absent


def rep_of(tx: Connection, subject_hash: str) -> int | None:
    """The id of the rep whose account this is."""
    columns = tables.addon_account.c
    return tx.scalar(select(columns.rep_id).where(columns.subject_hash == subject_hash))


def bind(tx: Connection, subject_hash: str, rep_id: int, now: datetime) -> bool:
    """Make the account the rep's; false where the rep has another one, or it is another rep's."""
    values = {"subject_hash": subject_hash, "rep_id": rep_id, "bound_at": now}
    return add_if_absent(tx, tables.addon_account, values)

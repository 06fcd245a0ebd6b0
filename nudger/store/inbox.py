"""Mailboxes that are listened to, and what arrived in them.

A mail is stored, sealed, before the mailbox's cursor moves past it. The same mail delivered again
is the same row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select

from nudger.mail.message import IncomingMail
from nudger.store import tables
from nudger.store.chunks import chunks
from nudger.store.insert_if_absent import add_if_absent, insert_if_absent
from nudger.store.leases import Claimant, Lease, claim
from nudger.store.vault import Vault


class InboundState(StrEnum):
    STORED = "stored"
    DONE = "done"
    QUARANTINED = "quarantined"
    DROPPED = "dropped"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class ClaimedMailbox:
    lease: Lease
    address: str
    cursor: str | None
    listened_at: datetime | None
    attempts: int


@dataclass(frozen=True, slots=True)
class StoredMail:
    id: int
    mailbox: str
    thread_id: str
    received_at: datetime
    sent_by_owner: bool
    raw: bytes = field(repr=False)
    attempts: int


def ensure_mailbox(tx: Connection, address: str, provider: str, now: datetime) -> None:
    new = {"address": address, "provider": provider, "due_at": now}
    tx.execute(insert_if_absent(tx, tables.mailbox).values(new))


@dataclass(frozen=True, slots=True)
class KnownMailbox:
    """A mailbox that is listened to, as `nudger status` shows it."""

    address: str
    cursor: str | None
    listened_at: datetime | None
    last_error: str | None


def list_mailboxes(tx: Connection) -> list[KnownMailbox]:
    rows = tx.execute(select(tables.mailbox).order_by(tables.mailbox.c.address))
    return [KnownMailbox(r.address, r.cursor, r.listened_at, r.last_error) for r in rows]


def claim_mailboxes(tx: Connection, claimant: Claimant, limit: int) -> list[ClaimedMailbox]:
    due = claimant.is_due(tables.mailbox)
    return [
        ClaimedMailbox(lease, row.address, row.cursor, row.listened_at, row.attempts)
        for lease, row in claim(tx, tables.mailbox, due, claimant, limit)
    ]


class Inbox:
    """Stores and opens received mails within the caller's transaction."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def store(self, tx: Connection, mailbox: str, mail: IncomingMail, now: datetime) -> bool:
        """Keep the mail; false when it is known already."""
        owner = _owner(mailbox, mail.message_id)
        row = {
            "mailbox": mailbox,
            "provider_message_id": mail.message_id,
            "thread_id": mail.thread_id,
            "sha256": hashlib.sha256(mail.raw).hexdigest(),
            "received_at": mail.received_at,
            "sent_by_owner": mail.sent_by_owner,
            "raw": self._vault.seal(mail.raw, owner),
            "state": InboundState.STORED.value,
            "due_at": now,
        }
        return add_if_absent(tx, tables.inbound, row)

    def claim(
        self, tx: Connection, claimant: Claimant, limit: int
    ) -> list[tuple[Lease, StoredMail]]:
        columns = tables.inbound.c
        due = (columns.state == InboundState.STORED.value) & claimant.is_due(tables.inbound)
        claimed = claim(tx, tables.inbound, due, claimant, limit)
        return [(lease, self._stored(row)) for lease, row in claimed]

    def _stored(self, row: Row[Any]) -> StoredMail:
        owner = _owner(row.mailbox, row.provider_message_id)
        return StoredMail(
            id=row.id,
            mailbox=row.mailbox,
            thread_id=row.thread_id,
            received_at=row.received_at,
            sent_by_owner=row.sent_by_owner,
            raw=self._vault.open(row.raw, owner),
            attempts=row.attempts,
        )


def known_ids(tx: Connection, mailbox: str, message_ids: Collection[str]) -> set[str]:
    """Those of the provider's ids whose mails are stored."""
    columns = tables.inbound.c
    found: set[str] = set()
    for chunk in chunks(message_ids):
        stored = (columns.mailbox == mailbox) & columns.provider_message_id.in_(chunk)
        found.update(tx.scalars(select(columns.provider_message_id).where(stored)))
    return found


def seen_before(tx: Connection, mail_id: int, inbound_id: int) -> bool:
    """Whether an earlier mail with the very same bytes was already dealt with."""
    columns = tables.inbound.c
    digest = select(columns.sha256).where(columns.id == inbound_id).scalar_subquery()
    same = (columns.sha256 == digest) & (columns.id < inbound_id) & (columns.mail_id == mail_id)
    return tx.scalar(select(columns.id).where(same)) is not None


def _owner(mailbox: str, provider_message_id: str) -> str:
    return f"inbound.raw:{mailbox}:{provider_message_id}"


def mailbox_addresses(tx: Connection) -> set[str]:
    return set(tx.scalars(select(tables.mailbox.c.address)))

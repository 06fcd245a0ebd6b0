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
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, select, update

from nudger.domain.event import Provider
from nudger.domain.reasons import Reason
from nudger.domain.responding import Saying
from nudger.mail.message import IncomingMail
from nudger.store import tables
from nudger.store.chunks import chunks
from nudger.store.insert_if_absent import add_if_absent, insert_if_absent
from nudger.store.leases import Claimant, Lease, claim
from nudger.store.vault import Sealed, Vault
from nudger.store.written_out import is_one_of


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
    provider: Provider
    cursor: str | None
    listened_at: datetime | None
    attempts: int
    hints: int = 0


@dataclass(frozen=True, slots=True)
class StoredMail:
    id: int
    mailbox: str
    thread_id: str
    received_at: datetime
    sent_by_owner: bool
    attempts: int
    sealed_raw: Sealed = field(repr=False)

    @property
    def raw(self) -> bytes:
        """The MIME source. Raises `SealBroken`."""
        return self.sealed_raw.open()


def ensure_mailbox(tx: Connection, address: str, provider: str, now: datetime) -> None:
    new = {"address": address, "provider": provider, "due_at": now}
    tx.execute(insert_if_absent(tx, tables.mailbox).values(new))


def wake_mailboxes(tx: Connection, now: datetime) -> None:
    """Make every mailbox due, as when mail is known to have come."""
    tx.execute(update(tables.mailbox).values(due_at=now))


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


def claim_mailboxes(
    tx: Connection, claimant: Claimant, limit: int, due_by: datetime, only: str | None = None
) -> list[ClaimedMailbox]:
    """Claim mailboxes that were due by then, or `only` this one if it was."""
    due = claimant.is_due(tables.mailbox, due_by)
    return [
        ClaimedMailbox(
            lease,
            row.address,
            Provider(row.provider),
            row.cursor,
            row.listened_at,
            row.attempts,
            row.hints,
        )
        for lease, row in claim(tx, tables.mailbox, due, claimant, limit, only)
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
        self, tx: Connection, claimant: Claimant, limit: int, only: int | None = None
    ) -> list[tuple[Lease, StoredMail]]:
        """Claim what is due, or `only` this mail if it is."""
        claimed = claim(tx, tables.inbound, due_inbound(claimant), claimant, limit, only)
        return [(lease, self._stored(row)) for lease, row in claimed]

    def _stored(self, row: Row[Any]) -> StoredMail:
        owner = _owner(row.mailbox, row.provider_message_id)
        return StoredMail(
            id=row.id,
            mailbox=row.mailbox,
            thread_id=row.thread_id,
            received_at=row.received_at,
            sent_by_owner=row.sent_by_owner,
            attempts=row.attempts,
            sealed_raw=Sealed(self._vault, row.raw, owner),
        )


def due_inbound(claimant: Claimant) -> ColumnElement[bool]:
    """Whether a stored mail is to be dealt with now."""
    is_stored = is_one_of(tables.inbound.c.state, [InboundState.STORED])
    return is_stored & claimant.is_due(tables.inbound)


def known_ids(tx: Connection, mailbox: str, message_ids: Collection[str]) -> set[str]:
    """Those of the provider's ids whose mails are stored."""
    columns = tables.inbound.c
    found: set[str] = set()
    for chunk in chunks(message_ids):
        stored = (columns.mailbox == mailbox) & columns.provider_message_id.in_(chunk)
        found.update(tx.scalars(select(columns.provider_message_id).where(stored)))
    return found


_IS_THIS = tables.inbound.c.id == bindparam("this")
_KEEPING = update(tables.inbound).where(_IS_THIS)
_SAME_BYTES = select(tables.inbound.c.id).where(
    tables.inbound.c.sha256 == select(tables.inbound.c.sha256).where(_IS_THIS).scalar_subquery(),
    tables.inbound.c.id < bindparam("this"),
    tables.inbound.c.mail_id == bindparam("answered"),
)
_SAYING = (
    select(
        tables.inbound.c.mail_id,
        tables.inbound.c.received_at,
        tables.mail.c.sent_at,
        tables.mail_meeting.c.meeting_id,
    )
    .join(tables.mail, tables.mail.c.id == tables.inbound.c.mail_id)
    .join(tables.mail_meeting, tables.mail_meeting.c.mail_id == tables.mail.c.id, isouter=True)
    .where(_IS_THIS & tables.inbound.c.words.is_not(None))
)


def seen_before(tx: Connection, mail_id: int, inbound_id: int) -> bool:
    """Whether an earlier mail with the very same bytes was already dealt with."""
    return tx.scalar(_SAME_BYTES, {"this": inbound_id, "answered": mail_id}) is not None


def keep_words(tx: Connection, inbound_id: int, mail_id: int, words: str) -> None:
    """Keep by what the reply's words are known again, and which mail it answers."""
    tx.execute(_KEEPING, {"this": inbound_id, "words": words, "mail_id": mail_id})


def find_saying(tx: Connection, inbound_id: int) -> Saying | None:
    """The reply as something that was said, if it has words of its own."""
    rows = tx.execute(_SAYING, {"this": inbound_id}).all()
    if not rows:
        return None
    mail_id, at, sent_at, _ = rows[0]
    about = frozenset(row.meeting_id for row in rows if row.meeting_id is not None)
    return Saying(mail_id, about, at, None if sent_at is None else at - sent_at)


def said_before(tx: Connection, inbound_id: int, since: datetime) -> dict[int, Saying]:
    """The earlier replies of the same person in the very same words, received since a moment, by
    their ids."""
    found: dict[int, Saying] = {}
    rows = tx.execute(_said_before(), {"this": inbound_id, "since": since})
    for one, mail_id, at, reason, meeting_id in rows:
        about = found[one].meetings if one in found else frozenset()
        if meeting_id is not None:
            about |= {meeting_id}
        found[one] = Saying(mail_id, about, at, by_a_machine=reason == Reason.MACHINE)
    return found


@cache
def _said_before() -> Select[Any]:
    this, columns = tables.inbound.alias(), tables.inbound.c
    mail, earlier_mail, links = tables.mail.alias(), tables.mail.alias(), tables.mail_meeting.c
    same_words = (columns.words == this.c.words) & (columns.id < this.c.id)
    same_person = (earlier_mail.c.rep_id == mail.c.rep_id) & (
        func.coalesce(earlier_mail.c.recipient, "") == func.coalesce(mail.c.recipient, "")
    )
    return (
        select(columns.id, columns.mail_id, columns.received_at, columns.reason, links.meeting_id)
        .join(this, same_words)
        .join(mail, mail.c.id == this.c.mail_id)
        .join(earlier_mail, (earlier_mail.c.id == columns.mail_id) & same_person)
        .join(tables.mail_meeting, links.mail_id == columns.mail_id, isouter=True)
        .where(this.c.id == bindparam("this"), columns.received_at >= bindparam("since"))
    )


def is_heard_since(tx: Connection, rep_id: int, moment: datetime) -> bool:
    """Whether a reply of the rep's own that was believed came in after a moment."""
    columns, mails = tables.inbound.c, tables.mail.c
    is_theirs = (mails.rep_id == rep_id) & mails.recipient.is_(None)
    believed = columns.words.is_not(None) & (columns.received_at > moment)
    found = select(columns.id).join(tables.mail, mails.id == columns.mail_id)
    return tx.execute(found.where(is_theirs & believed).limit(1)).first() is not None


def answered_at(tx: Connection, mail_id: int) -> datetime | None:
    """When the latest reply to this mail of ours came that was taken as an answer."""
    columns = tables.inbound.c
    taken = (columns.state == InboundState.DONE.value) & (columns.disposition == "answer")
    found = select(func.max(columns.received_at)).where(columns.mail_id == mail_id, taken)
    latest: datetime | None = tx.scalar(found)
    return latest


def _owner(mailbox: str, provider_message_id: str) -> str:
    return f"inbound.raw:{mailbox}:{provider_message_id}"


def mailbox_addresses(tx: Connection) -> set[str]:
    return set(tx.scalars(select(tables.mailbox.c.address)))

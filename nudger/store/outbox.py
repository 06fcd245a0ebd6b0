"""Mails to send. Each is one row, unique by what it is for, and goes through

due -> drafting -> drafted -> sent, or ends as expired, withdrawn or in_doubt.

The row says what we are about to do before we do it, so that after a crash the provider can be
asked what became of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from nudger.store import tables
from nudger.store.leases import Claimant, Lease, claim


class MailKind(StrEnum):
    QUESTION = "question"
    REMINDER = "reminder"
    CONFIRMATION = "confirmation"
    COMMAND = "command"
    HELD = "held"
    PROBLEM = "problem"


class MailState(StrEnum):
    DUE = "due"
    DRAFTING = "drafting"
    DRAFTED = "drafted"
    SENT = "sent"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    IN_DOUBT = "in_doubt"


UNSENT = (MailState.DUE, MailState.DRAFTING, MailState.DRAFTED)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the outbox. `once` is what makes it unique, as in "question:12"."""

    id: int
    kind: MailKind
    once: str
    rep_id: int
    state: MailState
    reason: str
    due_at: datetime
    attempts: int
    content: bytes | None = None
    token_hash: str | None = None
    rfc_message_id: str | None = None
    draft_id: str | None = None
    thread_id: str | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewMail:
    kind: MailKind
    once: str
    rep_id: int
    due_at: datetime
    reason: str
    meeting_ids: Sequence[int] = ()
    content: bytes | None = None


def put(tx: Connection, new: NewMail) -> int | None:
    """Add a mail to send; `None` when this one was put already."""
    known = tx.scalar(select(tables.mail.c.id).where(tables.mail.c.once == new.once))
    return put_new(tx, [new])[0] if known is None else None


def put_new(tx: Connection, mails: Sequence[NewMail]) -> list[int]:
    """Add mails of which none was put before; returns their ids in the same order."""
    if not mails:
        return []
    rows = [
        {
            "kind": new.kind.value,
            "once": new.once,
            "rep_id": new.rep_id,
            "due_at": new.due_at,
            "reason": new.reason,
            "content": new.content,
            "state": MailState.DUE.value,
        }
        for new in mails
    ]
    added = insert(tables.mail).returning(tables.mail.c.once, tables.mail.c.id)
    ids: dict[str, int] = {once: mail_id for once, mail_id in tx.execute(added, rows)}  # noqa: C416
    links = [
        {"mail_id": ids[new.once], "meeting_id": meeting_id, "number": number}
        for new in mails
        for number, meeting_id in enumerate(new.meeting_ids, start=1)
    ]
    if links:
        tx.execute(insert(tables.mail_meeting), links)
    return [ids[new.once] for new in mails]


def retime(tx: Connection, once: str, rep_id: int, due_at: datetime, reason: str) -> None:
    """Move a mail that nobody has begun to send to another moment or another rep."""
    columns = tables.mail.c
    waiting = (columns.once == once) & columns.state.in_((MailState.DUE, MailState.WITHDRAWN))
    values = {"due_at": due_at, "rep_id": rep_id, "reason": reason, "state": MailState.DUE.value}
    tx.execute(update(tables.mail).where(waiting).values(values))


def withdraw(tx: Connection, meeting_id: int, reason: str) -> int:
    """Take back what was not yet sent about a meeting; returns how many mails.

    The fence moves on, so that a worker that is about to draft one of them stops.
    """
    about = select(tables.mail_meeting.c.mail_id).where(
        tables.mail_meeting.c.meeting_id == meeting_id
    )
    unsent = tables.mail.c.id.in_(about) & tables.mail.c.state.in_(UNSENT)
    values = {
        "state": MailState.WITHDRAWN.value,
        "reason": reason,
        "fence": tables.mail.c.fence + 1,
    }
    return tx.execute(update(tables.mail).where(unsent).values(values)).rowcount


def claim_mails(tx: Connection, claimant: Claimant, limit: int) -> list[tuple[Lease, Mail]]:
    due = tables.mail.c.state.in_(UNSENT) & (tables.mail.c.due_at <= claimant.now)
    return [(lease, _mail(row)) for lease, row in claim(tx, tables.mail, due, claimant, limit)]


def last_due(tx: Connection) -> datetime | None:
    """When the last mail that waits is due."""
    columns = tables.mail.c
    last: datetime | None = tx.scalar(
        select(func.max(columns.due_at)).where(columns.state.in_(UNSENT))
    )
    return last


def sent_mails(tx: Connection, kind: MailKind) -> list[Mail]:
    """Every mail of this kind that went out, in the order of sending."""
    columns = tables.mail.c
    sent = (columns.kind == kind.value) & (columns.state == MailState.SENT.value)
    rows = tx.execute(select(tables.mail).where(sent).order_by(columns.sent_at, columns.id))
    return [_mail(row) for row in rows]


def due_mails(tx: Connection, now: datetime) -> list[Mail]:
    """What `claim_mails` would take, without taking it."""
    columns = tables.mail.c
    due = columns.state.in_(UNSENT) & (columns.due_at <= now)
    return [_mail(r) for r in tx.execute(select(tables.mail).where(due).order_by(columns.due_at))]


def meeting_ids(tx: Connection, mail_id: int) -> list[int]:
    """The meetings that a mail asks about, in its numbered order."""
    columns = tables.mail_meeting.c
    rows = select(columns.meeting_id).where(columns.mail_id == mail_id).order_by(columns.number)
    return list(tx.scalars(rows))


def find_by_token(tx: Connection, token_hash: str) -> Mail | None:
    found = select(tables.mail).where(tables.mail.c.token_hash == token_hash)
    row = tx.execute(found).one_or_none()
    return None if row is None else _mail(row)


def count_since(tx: Connection, rep_id: int, kind: MailKind, moment: datetime) -> int:
    """How many mails of a kind were put for a rep since a moment."""
    columns = tables.mail.c
    since = (columns.rep_id == rep_id) & (columns.kind == kind) & (columns.due_at >= moment)
    return tx.scalar(select(func.count()).select_from(tables.mail).where(since)) or 0


def first_sent_at(tx: Connection) -> datetime | None:
    """When we sent our first mail, `None` before."""
    first: datetime | None = tx.scalar(select(func.min(tables.mail.c.sent_at)))
    return first


def threads(tx: Connection, rep_ids: Sequence[int] | None = None) -> set[str]:
    """The provider's threads in which we asked something."""
    columns = tables.mail.c
    found = select(columns.thread_id).where(columns.thread_id.is_not(None))
    if rep_ids is not None:
        found = found.where(columns.rep_id.in_(rep_ids))
    return {thread for thread in tx.scalars(found) if thread}


def sent_ids(tx: Connection) -> set[str]:
    """The provider's ids of what we sent."""
    columns = tables.mail.c
    found = select(columns.provider_message_id).where(columns.provider_message_id.is_not(None))
    return set(tx.scalars(found))


def about_meeting(tx: Connection, meeting_id: int) -> list[Mail]:
    """Every mail about the meeting, oldest first."""
    about = select(tables.mail_meeting.c.mail_id).where(
        tables.mail_meeting.c.meeting_id == meeting_id
    )
    found = select(tables.mail).where(tables.mail.c.id.in_(about)).order_by(tables.mail.c.id)
    return [_mail(row) for row in tx.execute(found)]


def _mail(row: Row[Any]) -> Mail:
    return Mail(
        id=row.id,
        kind=MailKind(row.kind),
        once=row.once,
        rep_id=row.rep_id,
        state=MailState(row.state),
        reason=row.reason,
        due_at=row.due_at,
        attempts=row.attempts,
        content=row.content,
        token_hash=row.token_hash,
        rfc_message_id=row.rfc_message_id,
        draft_id=row.draft_id,
        thread_id=row.thread_id,
        sent_at=row.sent_at,
    )


def state_of(tx: Connection, once: str) -> MailState | None:
    state = tx.scalar(select(tables.mail.c.state).where(tables.mail.c.once == once))
    return None if state is None else MailState(state)


def due_at_of(tx: Connection, once: str) -> datetime | None:
    due_at: datetime | None = tx.scalar(
        select(tables.mail.c.due_at).where(tables.mail.c.once == once)
    )
    return due_at

"""Putting mails into the outbox, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from nudger.domain.mails import MailKind, MailState
from nudger.store import tables
from nudger.store.insert_if_absent import key_if_added
from nudger.store.many_rows import add_rows, new_ids


@dataclass(frozen=True, slots=True)
class NewMail:
    kind: MailKind
    once: str
    rep_id: int
    due_at: datetime
    reason: str
    meeting_ids: Sequence[int] = ()
    content: bytes | None = None
    recipient: str | None = None


def put(tx: Connection, new: NewMail) -> int | None:
    """Add a mail to send; `None` when this one was put already."""
    mail_id: int | None = key_if_added(tx, tables.mail, _row(new))
    if mail_id is not None:
        _link(tx, {mail_id: new.meeting_ids})
    return mail_id


def put_new(tx: Connection, mails: Sequence[NewMail]) -> list[int]:
    """Add mails of which none was put before; returns their ids in the same order."""
    if not mails:
        return []
    ids = new_ids(tx, tables.mail, len(mails))
    numbered = list(zip(ids, mails, strict=True))
    add_rows(tx, tables.mail, [{"id": mail_id, **_row(new)} for mail_id, new in numbered])
    _link(tx, {mail_id: new.meeting_ids for mail_id, new in numbered})
    return list(ids)


def _row(new: NewMail) -> dict[str, Any]:
    return {
        "kind": new.kind.value,
        "once": new.once,
        "rep_id": new.rep_id,
        "recipient": new.recipient,
        "due_at": new.due_at,
        "reason": new.reason,
        "content": new.content,
        "state": MailState.DUE.value,
    }


def _link(tx: Connection, meetings: Mapping[int, Sequence[int]]) -> None:
    """Have each mail be about these meetings, numbered in their order."""
    links = [
        {"mail_id": mail_id, "meeting_id": meeting_id, "number": number}
        for mail_id, meeting_ids in meetings.items()
        for number, meeting_id in enumerate(meeting_ids, start=1)
    ]
    add_rows(tx, tables.mail_meeting, links)


def set_content(tx: Connection, mail_id: int, content: bytes) -> None:
    """Replace what a mail that is not sent yet will say; `content` is sealed."""
    tx.execute(update(tables.mail).where(tables.mail.c.id == mail_id).values(content=content))

"""A mail of the outbox, as it stands there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from nudger.domain.mails import MailKind, MailState


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the outbox. `once` is what makes it unique, as in "question:12". `recipient` is
    the address that it goes to where that is not the rep's; the rep is then one of those whom it
    is about. `own_lines` is sealed like `content`. `is_batch` says that several mails were merged
    into it, so that it stands for none of their meetings alone, `token_void` that replies to it
    count no more, `bounced_at` when it was reported that it cannot be delivered."""

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
    recipient: str | None = None
    own_lines: bytes | None = None
    is_batch: bool = False
    token_void: bool = False
    bounced_at: datetime | None = None

    @property
    def reader_id(self) -> int | None:
        """The rep whom it goes to, `None` where it goes to somebody else."""
        return self.rep_id if self.recipient is None else None


def mail_of(row: Row[Any]) -> Mail:
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
        recipient=row.recipient,
        own_lines=row.own_lines,
        is_batch=row.is_batch,
        token_void=row.token_void,
        bounced_at=row.bounced_at,
    )

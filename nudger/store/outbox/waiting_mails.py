"""What is not sent yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from nudger.domain.mails import UNSENT, MailKind, MailState
from nudger.store import tables
from nudger.store.outbox.finding import about_meeting
from nudger.store.outbox.mail import Mail, mail_of
from nudger.store.written_out import is_unsent


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that nobody has begun to send, with the starts of its meetings by their ids."""

    once: str
    due_at: datetime
    reason: str
    starts: Mapping[int, datetime]


_WAITING_QUESTIONS = (
    select(
        tables.mail.c.once,
        tables.mail.c.due_at,
        tables.mail.c.reason,
        tables.meeting.c.id,
        tables.meeting.c.start_at,
    )
    .join(tables.mail_meeting, tables.mail_meeting.c.mail_id == tables.mail.c.id)
    .join(tables.meeting, tables.meeting.c.id == tables.mail_meeting.c.meeting_id)
    .where(
        tables.mail.c.kind == MailKind.QUESTION.value,
        tables.mail.c.state == MailState.DUE.value,
        is_unsent(tables.mail),
        tables.mail.c.rep_id == bindparam("of"),
    )
    .order_by(tables.mail.c.id)
)


def waiting_questions(tx: Connection, rep_id: int) -> list[Waiting]:
    """The rep's waiting questions, the oldest first."""
    rows = tx.execute(_WAITING_QUESTIONS, {"of": rep_id})
    found: dict[str, Waiting] = {}
    for once, due_at, reason, meeting_id, start in rows:
        before = found[once].starts if once in found else {}
        found[once] = Waiting(once, due_at, reason, {**before, meeting_id: start})
    return list(found.values())


def is_waiting(tx: Connection, kind: MailKind, meeting_id: int) -> bool:
    """Whether a mail of this kind about the meeting is to be sent, alone or with others."""
    return any(mail.kind is kind and mail.state in UNSENT for mail in about_meeting(tx, meeting_id))


def waiting_question(tx: Connection, meeting_id: int) -> str | None:
    """What makes the latest question about this meeting alone unique, which nobody has begun to
    send, or which was taken back."""
    found = [
        mail.once
        for mail in about_meeting(tx, meeting_id)
        if mail.kind is MailKind.QUESTION
        and mail.state in (MailState.DUE, MailState.WITHDRAWN)
        and not mail.is_batch
    ]
    return found[-1] if found else None


def waiting(tx: Connection, kinds: Sequence[MailKind]) -> list[Mail]:
    """The mails of these kinds that are not sent yet, due or not."""
    columns = tables.mail.c
    unsent = is_unsent(tables.mail) & columns.kind.in_([kind.value for kind in kinds])
    return [mail_of(row) for row in tx.execute(select(tables.mail).where(unsent))]

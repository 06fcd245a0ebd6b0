"""Mails about several meetings: which are batched, and what becomes of one that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update

from nudger.domain.mails import MailKind, MailState
from nudger.store import tables
from nudger.store.answers import NoteState
from nudger.store.controls import may_be_sent
from nudger.store.leases import Claimant, never_failed
from nudger.store.outbox import Mail, NewMail, about_meeting, get_mail, meeting_ids, put
from nudger.store.written_out import is_unsent


@dataclass(frozen=True, slots=True)
class DueMail:
    """A mail that waits, as far as putting several together goes."""

    id: int
    kind: MailKind
    rep_id: int
    due_at: datetime


def due_unclaimed(
    tx: Connection, claimant: Claimant, moment: datetime, kinds: Sequence[MailKind]
) -> list[DueMail]:
    """Mails of these kinds that nobody has begun or is about to send, that no switch holds and
    that are due by then, oldest first; nobody else can claim them before this transaction ends."""
    columns = tables.mail.c
    waiting = is_unsent(tables.mail) & (columns.state == MailState.DUE.value)
    waiting &= columns.due_at <= moment
    waiting &= may_be_sent(tables.mail)
    waiting &= columns.kind.in_([kind.value for kind in kinds])
    found = select(columns.id, columns.kind, columns.rep_id, columns.due_at)
    rows = tx.execute(
        found.where(waiting & claimant.finds_free(tables.mail))
        .order_by(columns.due_at, columns.id)
        .with_for_update(skip_locked=True)
    )
    return [DueMail(r.id, MailKind(r.kind), r.rep_id, r.due_at) for r in rows]


def merge(tx: Connection, into: int, others: Sequence[int]) -> None:
    """Have one mail be about the meetings of the others too, numbered as they begin; those end as
    merged."""
    links, meetings = tables.mail_meeting.c, tables.meeting.c
    _stand_for_several(tx, get_mail(tx, into))
    about = links.mail_id.in_([into, *others])
    found = select(meetings.id).where(meetings.id.in_(select(links.meeting_id).where(about)))
    in_order = tx.scalars(found.order_by(meetings.start_at, meetings.id)).all()
    tx.execute(delete(tables.mail_meeting).where(about))
    numbered = enumerate(in_order, start=1)
    values = [{"mail_id": into, "number": n, "meeting_id": one} for n, one in numbered]
    tx.execute(insert(tables.mail_meeting), values)
    ended = {"state": MailState.MERGED.value, "fence": tables.mail.c.fence + 1}
    tx.execute(update(tables.mail).where(tables.mail.c.id.in_(others)).values(ended))


def _stand_for_several(tx: Connection, mail: Mail) -> None:
    """The mail is no longer the one about its own meeting, which may go another way: in its place
    stands one that ended as merged, like those of the others. What is sealed stays what it is."""
    if mail.content is not None or mail.is_batch:
        return
    renamed = update(tables.mail).where(tables.mail.c.id == mail.id)
    tx.execute(renamed.values(once=f"batch:{mail.id}", is_batch=True))
    own = NewMail(mail.kind, mail.once, mail.rep_id, mail.due_at, mail.reason)
    own_id = put(tx, own)
    merged = update(tables.mail).where(tables.mail.c.id == own_id)
    tx.execute(merged.values(state=MailState.MERGED.value))


def detach_meeting(tx: Connection, meeting_id: int) -> None:
    """Take the meeting out of a question about several that nobody has begun to send: it goes its
    own way. The fence moves on, so that a worker that is about to draft it stops."""
    links, columns = tables.mail_meeting.c, tables.mail.c
    for mail in about_meeting(tx, meeting_id):
        is_digest = mail.kind is MailKind.QUESTION and mail.is_batch
        if not (is_digest and mail.state is MailState.DUE):
            continue
        values: dict[str, Any] = {"fence": columns.fence + 1}
        if meeting_ids(tx, mail.id) == [meeting_id]:
            values["state"] = MailState.MERGED.value
        tx.execute(update(tables.mail).where(columns.id == mail.id).values(values))
        mine = (links.mail_id == mail.id) & (links.meeting_id == meeting_id)
        tx.execute(delete(tables.mail_meeting).where(mine))


def restrict_to(tx: Connection, mail_id: int, meeting_ids: Sequence[int]) -> None:
    """Have a mail ask about these of its meetings only."""
    links = tables.mail_meeting.c
    gone = (links.mail_id == mail_id) & links.meeting_id.not_in(meeting_ids)
    tx.execute(delete(tables.mail_meeting).where(gone))


def has_pending_confirmations(tx: Connection, mail_id: int) -> bool:
    """Whether the replies that this mail confirms answered for other meetings too, whose notes or
    confirmations are still on their way. What failed before keeps nobody waiting."""
    found = (tx.execute(query, {"this": mail_id}).first() for query in _on_their_way())
    return any(row is not None for row in found)


@cache
def _on_their_way() -> tuple[Select[Any], Select[Any]]:
    """The notes, and the confirmations."""
    links, answers, notes = tables.mail_meeting.c, tables.answer.c, tables.note.c
    mine = select(links.meeting_id).where(links.mail_id == bindparam("this"))
    replies = select(answers.inbound_id).where(
        answers.meeting_id.in_(mine), answers.inbound_id.is_not(None)
    )
    others = select(answers.meeting_id).where(
        answers.inbound_id.in_(replies), answers.meeting_id.not_in(mine)
    )
    due = (notes.state == NoteState.DUE.value) & never_failed(tables.note)
    mails = tables.mail.c
    unsent = is_unsent(tables.mail) & (mails.kind == MailKind.CONFIRMATION)
    unsent &= never_failed(tables.mail)
    on_the_way = (
        select(links.mail_id)
        .join(tables.mail, mails.id == links.mail_id)
        .where(unsent & links.meeting_id.in_(others))
    )
    to_write = select(notes.meeting_id).where(due & notes.meeting_id.in_(others))
    return to_write.limit(1), on_the_way.limit(1)

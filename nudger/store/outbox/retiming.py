"""Moving mails that nobody has begun to send, and opening those again that never went out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from nudger.domain.mails import ENDED_UNSENT, MailState
from nudger.store import tables
from nudger.store.written_out import is_unsent


@dataclass(frozen=True, slots=True)
class Retiming:
    """Another moment, or another rep, for a mail that nobody has begun to send."""

    once: str
    rep_id: int
    due_at: datetime
    reason: str


def retime(tx: Connection, once: str, rep_id: int, due_at: datetime, reason: str) -> None:
    """Move a mail that nobody has begun to send to another moment or another rep."""
    retime_many(tx, [Retiming(once, rep_id, due_at, reason)])


def retime_many(tx: Connection, retimings: Sequence[Retiming]) -> None:
    """The same of several mails."""
    if not retimings:
        return
    columns = tables.mail.c
    unbegun = or_(columns.state == MailState.DUE, columns.state == MailState.WITHDRAWN)
    moved = (
        update(tables.mail)
        .where((columns.once == bindparam("of")) & unbegun)
        .values(
            due_at=bindparam("at"),
            rep_id=bindparam("to"),
            reason=bindparam("why"),
            state=MailState.DUE.value,
        )
    )
    rows = [
        {"of": one.once, "to": one.rep_id, "at": one.due_at, "why": one.reason} for one in retimings
    ]
    tx.execute(moved, rows)


def resume_deferred(tx: Connection, rep_id: int, put_off_until: datetime, now: datetime) -> None:
    """Look again at the rep's mails that were put off until a moment."""
    columns = tables.mail.c
    waiting = (columns.rep_id == rep_id) & (columns.due_at == put_off_until)
    tx.execute(update(tables.mail).where(waiting, is_unsent(tables.mail)).values(due_at=now))


def reopen(tx: Connection, once: str, meeting_id: int, due_at: datetime) -> None:
    """Have a mail that was taken back, merged or expired, and not sent, go out by itself."""
    columns, links = tables.mail.c, tables.mail_meeting.c
    ended = columns.state.in_([state.value for state in ENDED_UNSENT])
    mail_id = tx.scalar(select(columns.id).where((columns.once == once) & ended))
    if mail_id is None:
        return
    values = {"state": MailState.DUE.value, "due_at": due_at, "attempts": 0}
    tx.execute(update(tables.mail).where(columns.id == mail_id).values(values))
    if not tx.execute(select(links.mail_id).where(links.mail_id == mail_id)).first():
        link = {"mail_id": mail_id, "number": 1, "meeting_id": meeting_id}
        tx.execute(insert(tables.mail_meeting).values(link))

"""Past meetings that somebody was asked about, with what was answered and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from nudger.domain.commitment import Outcome
from nudger.store import tables
from nudger.store.outbox import MailKind, MailState


@dataclass(frozen=True, slots=True)
class AskedRow:
    meeting_id: int
    rep_email: str
    customers: tuple[str, ...]
    start: datetime
    answered_at: datetime | None
    outcome: Outcome | None


def asked_between(tx: Connection, since: datetime, until: datetime) -> Iterator[AskedRow]:
    """The meetings in [since, until) with a question sent, in the order of their start."""
    meeting, mail, links = tables.meeting.c, tables.mail.c, tables.mail_meeting.c
    question = (mail.kind == MailKind.QUESTION.value) & (mail.state == MailState.SENT.value)
    asked = (
        select(links.meeting_id)
        .join(tables.mail, mail.id == links.mail_id)
        .where(question)
        .distinct()
    )
    first = (
        select(tables.answer.c.meeting_id, func.min(tables.answer.c.given_at).label("at"))
        .group_by(tables.answer.c.meeting_id)
        .subquery()
    )
    found = (
        select(
            meeting.id, tables.rep.c.email, meeting.customers, meeting.start_at, first.c.at,
            tables.outcome.c.outcome,
        )
        .join(tables.rep, tables.rep.c.id == meeting.rep_id)
        .outerjoin(first, first.c.meeting_id == meeting.id)
        .outerjoin(tables.outcome, tables.outcome.c.meeting_id == meeting.id)
        .where((meeting.start_at >= since) & (meeting.start_at < until) & meeting.id.in_(asked))
        .order_by(meeting.start_at, meeting.id)
    )  # fmt: skip
    for row in tx.execute(found):
        outcome = Outcome(row.outcome) if row.outcome else None
        yield AskedRow(row.id, row.email, tuple(row.customers), row.start_at, row.at, outcome)

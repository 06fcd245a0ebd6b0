"""Past meetings that somebody was asked about, with what was answered and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Exists, func, select, true

from nudger.domain.commitment import Outcome
from nudger.domain.mails import MailKind, MailState
from nudger.store import tables


@dataclass(frozen=True, slots=True)
class AskedRow:
    """`is_commitment` is what the coach took the latest answer for, `None` where that was not
    kept."""

    meeting_id: int
    rep_email: str
    customers: tuple[str, ...]
    start: datetime
    answered_at: datetime | None
    outcome: Outcome | None
    is_commitment: bool | None = None


def asked_between(
    tx: Connection, since: datetime, until: datetime, rep_id: int | None = None
) -> Iterator[AskedRow]:
    """The meetings in [since, until) with a question sent, in the order of their start; all reps'
    or this rep's."""
    meeting, answer = tables.meeting.c, tables.answer.c
    first_answer = (
        select(func.min(answer.given_at)).where(answer.meeting_id == meeting.id).scalar_subquery()
    )
    judged = (
        select(answer.is_commitment)
        .where(answer.meeting_id == meeting.id)
        .order_by(answer.revision.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = (
        select(
            meeting.id, tables.rep.c.email, meeting.customers, meeting.start_at,
            first_answer.label("at"), tables.outcome.c.outcome,
            judged.label("is_commitment"),
        )
        .join(tables.rep, tables.rep.c.id == meeting.rep_id)
        .outerjoin(tables.outcome, tables.outcome.c.meeting_id == meeting.id)
        .where(_between(since, until), _of(rep_id), _sent(MailKind.QUESTION))
        .order_by(meeting.start_at, meeting.id)
    )  # fmt: skip
    for row in tx.execute(found):
        outcome = Outcome(row.outcome) if row.outcome else None
        yield AskedRow(
            row.id, row.email, tuple(row.customers), row.start_at, row.at, outcome,
            row.is_commitment,
        )  # fmt: skip


def outcome_open(tx: Connection, rep_id: int, since: datetime, until: datetime) -> list[int]:
    """The rep's meetings in [since, until) of which we asked what came, and were not told."""
    meeting, outcome = tables.meeting.c, tables.outcome.c
    known = select(outcome.meeting_id).where(outcome.meeting_id == meeting.id).scalar_subquery()
    found = (
        select(meeting.id)
        .where(_between(since, until), _of(rep_id), _sent(MailKind.FOLLOW_UP), known.is_(None))
        .order_by(meeting.start_at, meeting.id)
    )
    return list(tx.scalars(found))


def _between(since: datetime, until: datetime) -> ColumnElement[bool]:
    start_at = tables.meeting.c.start_at
    return (start_at >= since) & (start_at < until)


def _of(rep_id: int | None) -> ColumnElement[bool]:
    return true() if rep_id is None else tables.meeting.c.rep_id == rep_id


def _sent(kind: MailKind) -> Exists:
    """Whether a mail of this kind about the meeting went out."""
    links, mail = tables.mail_meeting.c, tables.mail.c
    is_sent = (mail.kind == kind.value) & (mail.state == MailState.SENT.value)
    return (
        select(links.meeting_id)
        .join(tables.mail, mail.id == links.mail_id)
        .where((links.meeting_id == tables.meeting.c.id) & is_sent)
        .exists()
    )

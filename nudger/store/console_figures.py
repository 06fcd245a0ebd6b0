"""The numbers of the console, each counted by the database in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    func,
    select,
)

from nudger.domain.commitment import Outcome
from nudger.domain.mails import MailKind, MailState
from nudger.store import tables


@dataclass(frozen=True, slots=True)
class Span:
    """What came of the calls that reps were asked about and that began in a span of time."""

    asked: int = 0
    answered_in_time: int = 0
    agreed: int = 0
    partly: int = 0
    not_agreed: int = 0

    @property
    def coverage(self) -> int | None:
        """Of a hundred calls, how many began with an answer; `None` where nobody was asked."""
        return round(100 * self.answered_in_time / self.asked) if self.asked else None


def count_spans(tx: Connection, bounds: Sequence[datetime]) -> list[Span]:
    """A span from each bound, ascending, to the next."""
    asked, outcome = _asked(bounds[0], bounds[-1]).subquery(), tables.outcome.c
    number = case(
        *((asked.c.start_at < bound, at) for at, bound in enumerate(bounds[1:])), else_=-1
    ).label("number")
    found = (
        select(
            number,
            func.count(),
            _sum(asked.c.answered_at < asked.c.start_at),
            *(_sum(outcome.outcome == one.value) for one in Outcome),
        )
        .select_from(asked)
        .outerjoin(tables.outcome, outcome.meeting_id == asked.c.id)
        .group_by(number)
    )
    names = ("asked", "answered_in_time", *(_OF_OUTCOME[one] for one in Outcome))
    counted = {row[0]: dict(zip(names, row[1:], strict=True)) for row in tx.execute(found)}
    return [Span(**counted.get(at, {})) for at in range(len(bounds) - 1)]


_OF_OUTCOME = {Outcome.YES: "agreed", Outcome.PARTLY: "partly", Outcome.NO: "not_agreed"}


def _asked(since: datetime, until: datetime) -> Select[Any]:
    """The calls in [since, until) that a question went out about: `id`, `start_at`, when it was
    first `asked_at` and first `answered_at`."""
    meeting, mail = tables.meeting.c, tables.mail.c
    links, answer = tables.mail_meeting.c, tables.answer.c
    is_sent = and_(mail.kind == MailKind.QUESTION.value, mail.state == MailState.SENT.value)
    first_answer = (
        select(func.min(answer.given_at)).where(answer.meeting_id == meeting.id).scalar_subquery()
    )
    return (
        select(
            meeting.id,
            meeting.start_at,
            func.min(mail.sent_at).label("asked_at"),
            first_answer.label("answered_at"),
        )
        .join(tables.mail_meeting, links.meeting_id == meeting.id)
        .join(tables.mail, (mail.id == links.mail_id) & is_sent)
        .where(meeting.start_at >= since, meeting.start_at < until)
        .group_by(meeting.id, meeting.start_at)
    )


def _sum(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)


ANSWERED_WITHIN = (15, 60, 4 * 60, 24 * 60)
"""Minutes from the question to the answer, between which answers are counted."""


def count_answer_times(tx: Connection, since: datetime, until: datetime) -> list[int]:
    """How many calls of [since, until) were answered within each of `ANSWERED_WITHIN`, later than
    all of them, and not at all."""
    asked = _asked(since, until).subquery()
    waited = _minutes_between(tx, asked.c.asked_at, asked.c.answered_at)
    bounds = ((waited < minutes, at) for at, minutes in enumerate(ANSWERED_WITHIN))
    later, never = len(ANSWERED_WITHIN), len(ANSWERED_WITHIN) + 1
    number = case((asked.c.answered_at.is_(None), never), *bounds, else_=later).label("number")
    rows = tx.execute(select(number, func.count()).group_by(number))
    counted = {row[0]: row[1] for row in rows}
    return [counted.get(at, 0) for at in range(never + 1)]


def _minutes_between(
    tx: Connection, earlier: ColumnElement[datetime], later: ColumnElement[datetime]
) -> ColumnElement[Any]:
    if tx.dialect.name == "postgresql":
        return func.extract("epoch", later - earlier) / 60
    return (func.julianday(later) - func.julianday(earlier)) * 24 * 60


@dataclass(frozen=True, slots=True)
class Recent:
    """A call that was asked about: whether it was answered before it began, what came of it, and
    whether the coach took the latest answer for a commitment; `None` where that was not kept."""

    meeting_id: int
    answered_in_time: bool
    outcome: Outcome | None
    is_commitment: bool | None = None


def recently_asked(tx: Connection, since: datetime, until: datetime, most: int) -> list[Recent]:
    """The latest of the calls of [since, until)."""
    asked, outcome = _asked(since, until).subquery(), tables.outcome.c
    answer = tables.answer.c
    judged = (
        select(answer.is_commitment)
        .where(answer.meeting_id == asked.c.id)
        .order_by(answer.revision.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = tx.execute(
        select(
            asked.c.id,
            asked.c.start_at,
            asked.c.answered_at,
            outcome.outcome,
            judged.label("is_commitment"),
        )
        .outerjoin(tables.outcome, outcome.meeting_id == asked.c.id)
        .order_by(asked.c.start_at.desc(), asked.c.id)
        .limit(most)
    )
    return [
        Recent(
            row.id,
            row.answered_at is not None and row.answered_at < row.start_at,
            Outcome(row.outcome) if row.outcome else None,
            row.is_commitment,
        )
        for row in rows
    ]

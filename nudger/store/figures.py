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

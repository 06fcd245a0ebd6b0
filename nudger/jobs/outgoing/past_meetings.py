"""The history of what was asked, answered and agreed, read for a report."""

from __future__ import annotations

from datetime import datetime

from nudger.domain.coach import Kind, coach
from nudger.domain.commitment import Answer
from nudger.domain.history import Past
from nudger.runtime.context import Context
from nudger.store.history import AskedRow, asked_between


def past_meetings(
    ctx: Context, since: datetime, until: datetime, rep_id: int | None = None
) -> list[Past]:
    """The meetings in [since, until) that somebody, or this rep, was asked about; moments are
    aware."""
    with ctx.database.read() as tx:
        rows = list(asked_between(tx, since, until, rep_id))
        answered = [row.meeting_id for row in rows if row.answered_at]
        answers = {one: answer for one, (_, answer) in ctx.answers.latest_of(tx, answered).items()}
    return [_past(row, answers.get(row.meeting_id)) for row in rows]


def _past(row: AskedRow, answer: Answer | None) -> Past:
    objective = answer.commitment_objective if answer else None
    return Past(
        rep=row.rep_email,
        customers=row.customers,
        start=row.start,
        answered_at=row.answered_at,
        answer=answer,
        valid=bool(objective) and coach(objective or "").kind is Kind.COMMITMENT,
        outcome=row.outcome,
    )

"""The history of what was asked, answered and agreed, read for a report."""

from __future__ import annotations

from datetime import datetime

from nudger.domain.commitment import Answer
from nudger.domain.history import Past, is_commitment
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
    judged = row.is_commitment
    if answer is not None and judged is None:
        judged = is_commitment(answer)
    return Past(
        rep=row.rep_email,
        customers=row.customers,
        start=row.start,
        answered_at=row.answered_at,
        answer=answer,
        valid=answer is not None and bool(judged),
        outcome=row.outcome,
    )

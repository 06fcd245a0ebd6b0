"""The history of what was asked, answered and agreed, read for a report."""

from __future__ import annotations

from datetime import datetime

from nudger.domain.coach import Kind, coach
from nudger.domain.history import Past
from nudger.runtime.context import Context
from nudger.store.history import asked_between


def past_meetings(
    ctx: Context, since: datetime, until: datetime, rep_id: int | None = None
) -> list[Past]:
    """The meetings in [since, until) that somebody, or this rep, was asked about; moments are
    aware."""
    found = []
    with ctx.database.read() as tx:
        for row in asked_between(tx, since, until, rep_id):
            latest = ctx.answers.latest(tx, row.meeting_id) if row.answered_at else None
            answer = latest[1] if latest else None
            objective = answer.commitment_objective if answer else None
            found.append(
                Past(
                    rep=row.rep_email,
                    customers=row.customers,
                    start=row.start,
                    answered_at=row.answered_at,
                    answer=answer,
                    valid=bool(objective) and coach(objective or "").kind is Kind.COMMITMENT,
                    outcome=row.outcome,
                )
            )
    return found

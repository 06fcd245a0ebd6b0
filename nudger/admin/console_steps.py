"""How far calls get, from the question to what the customer agreed to, and which milestones they
were about.

What reps wrote is sealed, their milestones with it: they are opened for this, so the latest calls
stand for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from nudger.domain.commitment import Outcome
from nudger.domain.history import NO_MILESTONE, is_commitment
from nudger.runtime.context import Context
from nudger.store import console_figures

LOOKS_BACK = timedelta(weeks=12)
MOST_CALLS = 500
MOST_MILESTONES = 8
OTHERS = "(others)"


@dataclass(frozen=True, slots=True)
class Steps:
    """How many of the calls that are over got to each step, and how many were about each
    milestone, the most frequent first."""

    asked: int
    answered: int
    committed: int
    agreed: int
    milestones: Mapping[str, int]


def steps_of(ctx: Context) -> Steps:
    """Of the latest `MOST_CALLS` that began in `LOOKS_BACK`."""
    now = ctx.clock()
    with ctx.database.read() as tx:
        calls = console_figures.recently_asked(tx, now - LOOKS_BACK, now, MOST_CALLS)
        answered = [one.meeting_id for one in calls if one.answered_in_time]
        answers = {one: answer for one, (_, answer) in ctx.answers.latest_of(tx, answered).items()}
    judged = {one.meeting_id: one.is_commitment for one in calls}
    named = Counter(answer.next_milestone or NO_MILESTONE for answer in answers.values())
    committed = {
        one
        for one, answer in answers.items()
        if (is_commitment(answer) if judged[one] is None else judged[one])
    }
    return Steps(
        asked=len(calls),
        answered=len(answered),
        committed=len(committed),
        agreed=sum(one.outcome is Outcome.YES and one.meeting_id in committed for one in calls),
        milestones=_most(named),
    )


def _most(named: Counter[str]) -> dict[str, int]:
    """The most frequent; the rest as one."""
    most = dict(named.most_common(MOST_MILESTONES))
    rest = named.total() - sum(most.values())
    return {**most, OTHERS: rest} if rest else most

"""The one question that goes back with a confirmation: the missing half, or the coach's."""

from __future__ import annotations

from nudger.domain.coach import coach
from nudger.domain.commitment import Answer
from nudger.jobs.context import Context
from nudger.jobs.rules import milestones_of
from nudger.store.people import Rep

MISSING_OBJECTIVE = "And what will the customer have agreed to do by the end of the call?"
MISSING_MILESTONE = "And which milestone comes next? Its number or name is enough."


def question_back(ctx: Context, rep: Rep, answer: Answer, *, first: bool) -> str | None:
    """At most one question, and none about a correction that left nothing to ask anew.

    `first` is true for the first answer about a meeting: the missing half is asked for once.
    """
    if answer.commitment_objective is None:
        return MISSING_OBJECTIVE if first else None
    listed = milestones_of(ctx.settings)
    milestone = next((one for one in listed if one.name == answer.next_milestone), None)
    advice = coach(
        answer.commitment_objective, milestone=milestone, milestones=listed, us=(rep.name,)
    )
    if advice.question:
        return advice.question
    return MISSING_MILESTONE if first and answer.next_milestone is None and listed else None

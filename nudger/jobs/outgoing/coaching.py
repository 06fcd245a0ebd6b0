"""The one question that goes back with a confirmation: the missing half, or the coach's."""

from __future__ import annotations

from nudger.domain.coach import DEFAULT_ACT, Advice, coach
from nudger.domain.commitment import Answer
from nudger.jobs.outgoing.placement import own_names
from nudger.jobs.outgoing.render import templates_of
from nudger.mail.catalogue import Catalogue
from nudger.mail.phrases import MISSING_MILESTONE, MISSING_OBJECTIVE
from nudger.runtime.context import Context
from nudger.runtime.policies import milestones_of
from nudger.store.meetings import Meeting
from nudger.store.people import Rep


def question_back(ctx: Context, rep: Rep, answer: Answer, *, first: bool) -> str | None:
    """At most one question, and none about a correction that left nothing to ask anew.

    `first` is true for the first answer about a meeting: the missing half is asked for once.
    """
    words = templates_of(ctx, rep).words
    if answer.commitment_objective is None:
        return words.say(MISSING_OBJECTIVE) if first else None
    listed = milestones_of(ctx.settings, rep)
    milestone = next((one for one in listed if one.name == answer.next_milestone), None)
    advice = coach(
        answer.commitment_objective, milestone=milestone, milestones=listed, us=(rep.name,)
    )
    if advice.question:
        return coaching(words, advice)
    if first and answer.next_milestone is None and listed:
        return words.say(MISSING_MILESTONE)
    return None


def advice_on(ctx: Context, rep: Rep, meeting: Meeting, answer: Answer) -> Advice:
    """The coach's word on an answer, whoever reads it."""
    listed = milestones_of(ctx.settings, rep)
    milestone = next((one for one in listed if one.name == answer.next_milestone), None)
    return coach(
        answer.commitment_objective or "",
        milestone=milestone,
        milestones=listed,
        us=own_names(rep, meeting),
    )


def coaching(words: Catalogue, advice: Advice) -> str:
    """The coach's question in the rep's language."""
    if advice.asks is None or words.language == "en":
        return advice.question or ""
    message, own_words = advice.asks
    return words.say(message, words=own_words, act=words.say(DEFAULT_ACT))

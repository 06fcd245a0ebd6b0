"""May a customer read it? Where guests see the note, only a Commitment Objective is put there at
once, and only where it was read with certainty. All else is the rep's until they say otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import Enum, StrEnum, auto

from nudger.domain.coach import coach
from nudger.domain.commitment import Answer, Milestone
from nudger.domain.reasons import Reason


class PublishRule(StrEnum):
    """What an admin lets stand where guests read it without the rep's second word."""

    COMMITMENTS = "commitments"
    EVERYTHING = "everything"


class Origin(Enum):
    """Where the sentences of an answer come from: `READ` in a reply with certainty, `GUESSED` from
    it, or `PUBLIC` already, since guests read the same ones now."""

    READ = auto()
    GUESSED = auto()
    PUBLIC = auto()


KEPT_BACK = frozenset({
    Reason.NO_COMMITMENT, Reason.UNSURE_COMMITMENT, Reason.GUESSED, Reason.UNLISTED_MILESTONE,
})  # fmt: skip
"""Why an answer is kept from the guests although the rep did not ask for it."""


def same_sentences(one: Answer, other: Answer) -> bool:
    """Whether two answers say the same in the rep's own words; their milestones may differ."""
    said = (one.commitment_objective, one.fallback)
    return said == (other.commitment_objective, other.fallback)


def why_kept_back(
    answer: Answer,
    *,
    milestones: Sequence[Milestone],
    us: Collection[str],
    origin: Origin = Origin.READ,
) -> Reason | None:
    """Why guests must not read this answer yet, `None` where they may.

    Each of the rep's words counts, the fallback as well; a milestone is none where it is one of
    `milestones`.
    """
    if origin is Origin.GUESSED:
        return Reason.GUESSED
    if answer.next_milestone and answer.next_milestone not in {one.name for one in milestones}:
        return Reason.UNLISTED_MILESTONE
    if origin is Origin.PUBLIC:
        return None
    sentences = [answer.commitment_objective or "", *filter(None, [answer.fallback])]
    advices = [coach(sentence, milestones=milestones, us=us) for sentence in sentences]
    if not all(advice.is_commitment for advice in advices):
        return Reason.NO_COMMITMENT
    if not all(advice.may_be_published for advice in advices):
        return Reason.UNSURE_COMMITMENT
    return None

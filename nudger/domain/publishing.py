"""May a customer read it? Where guests see the note, only a Commitment Objective is put there at
once, and only where it was read with certainty. All else is the rep's until they say otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from nudger.domain.coach import coach
from nudger.domain.commitment import Answer, Milestone
from nudger.domain.reasons import Reason


class PublishRule(StrEnum):
    """What an admin lets stand where guests read it without the rep's second word."""

    COMMITMENTS = "commitments"
    EVERYTHING = "everything"


KEPT_BACK = frozenset({Reason.NO_COMMITMENT, Reason.UNSURE_COMMITMENT, Reason.GUESSED})
"""Why an answer is kept from the guests although the rep did not ask for it."""


def why_kept_back(
    answer: Answer,
    *,
    milestones: Sequence[Milestone],
    us: Collection[str],
    is_doubtful: bool = False,
) -> Reason | None:
    """Why guests must not read this answer yet, `None` where they may.

    Each of the rep's words counts, the fallback as well; a milestone is none where it is one of
    `milestones`. `is_doubtful` says that the answer was guessed from the reply rather than read.
    """
    if is_doubtful:
        return Reason.GUESSED
    if answer.next_milestone and answer.next_milestone not in {one.name for one in milestones}:
        return Reason.GUESSED
    sentences = [answer.commitment_objective or "", *filter(None, [answer.fallback])]
    advices = [coach(sentence, milestones=milestones, us=us) for sentence in sentences]
    if not all(advice.is_commitment for advice in advices):
        return Reason.NO_COMMITMENT
    if not all(advice.may_be_published for advice in advices):
        return Reason.UNSURE_COMMITMENT
    return None

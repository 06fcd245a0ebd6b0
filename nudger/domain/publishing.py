"""May a customer read it? Where guests see the note, only a Commitment Objective is put there at
once, and only where it was read with certainty. All else is the rep's until they say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import Enum, StrEnum, auto

from nudger.domain.clauses import is_plan
from nudger.domain.coach import coach, words
from nudger.domain.commitment import Answer, Milestone
from nudger.domain.reasons import Reason
from nudger.domain.sentences import CLAUSE_END, SENTENCE_END, clauses_of


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


_MAY_END = re.compile(
    rf"{SENTENCE_END.pattern}|;(?=\s)|[.!?;]{{2,9}}(?=\s)|[!?;](?=[^\W\d_])|[。！？；]"
    r"|(?<=[^\W\d_]{3})\.(?=(?-i:[A-ZÄÖÜÉ])[^\W\d_.])|\s(?:[-=]{1,3}>|-{2,3}|[>|*~→•·])(?=\s)",
    re.IGNORECASE,
)
"""What people put between two sentences, also without a space, and in place of a mark."""
_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]{1,400})[)\]}]|[(\[{]([^()\[\]{}]{1,400})$")
_DETAIL = re.compile(r"[A-ZÄÖÜÉ]\S*|\d\S*(?:\s\S+){0,2}")
_EXPLAINED = re.compile(rf"\s(?=(?:{words.EXPLAINS})\s)", re.IGNORECASE)
_JOINED = re.compile(rf"\s(?:{words.AND})\s", re.IGNORECASE)
PLAN_FROM = 0.6
PLAN_OF_JOINED_FROM = 0.15
"""How likely a clause, and what a mere "and" joins, are to be of the plan before guests read them:
joined are names and half sentences, most times."""
_CLAUSE_ENDS = ((CLAUSE_END, PLAN_FROM), (_EXPLAINED, PLAN_FROM), (_JOINED, PLAN_OF_JOINED_FROM))
KEPT_BACK = frozenset({
    Reason.NO_COMMITMENT, Reason.UNSURE_COMMITMENT, Reason.GUESSED, Reason.UNLISTED_MILESTONE,
})  # fmt: skip
"""Why an answer is kept from the guests although the rep did not ask for it."""


def same_sentences(one: Answer, other: Answer) -> bool:
    """Whether two answers say the same in the rep's own words; their milestones may differ."""
    said = (one.commitment_objective, one.fallback)
    return said == (other.commitment_objective, other.fallback)


def sentences_for_guests(text: str) -> list[str]:
    """Its sentences, and what stands in brackets by itself, but for a mere "(CFO)" or "(30 min)":
    guests read each of them. Where it is unclear whether a sentence ends, it does."""
    enclosed = [shut or left_open for shut, left_open in _BRACKETS.findall(text)]
    aside = [one for one in enclosed if not _DETAIL.fullmatch(one.strip())]
    plain = _BRACKETS.sub(" ", text) if aside else text
    return [one.strip() for one in (*_MAY_END.split(plain), *aside) if one.strip()]


def why_kept_back(
    answer: Answer,
    *,
    milestones: Sequence[Milestone],
    us: Collection[str],
    origin: Origin = Origin.READ,
) -> Reason | None:
    """Why guests must not read this answer yet, `None` where they may.

    Each of the rep's sentences counts, those of the fallback as well: it has to be a commitment by
    itself, and none of its clauses a remark. A milestone counts as none where it is one of
    `milestones`.
    """
    if origin is Origin.GUESSED:
        return Reason.GUESSED
    if answer.next_milestone and answer.next_milestone not in {one.name for one in milestones}:
        return Reason.UNLISTED_MILESTONE
    if origin is Origin.PUBLIC:
        return None
    said = [answer.commitment_objective or "", *filter(None, [answer.fallback])]
    wholes = [coach(text, milestones=milestones, us=us) for text in said]
    if not all(whole.is_commitment for whole in wholes):
        return Reason.NO_COMMITMENT
    parts = (part for text in said for part in sentences_for_guests(text) if part != text)
    each = (*wholes, *(coach(part, milestones=milestones, us=us) for part in parts))
    if not all(advice.may_be_published for advice in each):
        return Reason.UNSURE_COMMITMENT
    return None if all(map(_is_of_the_plan, said)) else Reason.UNSURE_COMMITMENT


def _is_of_the_plan(text: str) -> bool:
    """Whether each of its clauses is likely enough to be."""
    return all(
        is_plan(clause, least) for end, least in _CLAUSE_ENDS for clause in clauses_of(text, end)
    )

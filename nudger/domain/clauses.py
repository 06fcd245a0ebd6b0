"""What a clause of a reply is: part of the plan for the call, talk beside it, or a word to us.

A linear model tells it, trained by `make coach` from `data/clauses`: people apologize, joke, wish
and refuse in more ways than lists of phrases could hold.
"""

from __future__ import annotations

import gzip
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from nudger.domain.coach.features import words_of
from nudger.domain.coach.judge import is_commitment
from nudger.domain.coach.linear import LinearModel

WEIGHTS = "clauses.weights.gz"
WORDS = "words.gz"
"""The words that the model was trained on, a line each, packed with gzip."""
LEAST_KNOWN = 0.6
PLAN_FROM = 0.5


class ClauseKind(StrEnum):
    """An `ASIDE` speaks to us or of the rep's own day; nothing of the plan is lost without it. A
    `REMARK` is about the customer or the deal, and nothing that anybody is to agree to. `FILLER`
    stands where an answer belongs and says nothing; a `QUESTION` is back to us. The others are what
    reps command."""

    PLAN = "plan"
    REMARK = "remark"
    ASIDE = "aside"
    QUESTION = "question"
    FILLER = "filler"
    PRIVATE = "private"
    PUBLISH = "publish"
    UNDO = "undo"
    SKIP = "skip"
    LATER = "later"
    NOT_CUSTOMER = "not_customer"
    HAND_OVER = "hand_over"
    STOP = "stop"
    PAUSE = "pause"


CLAUSE_KINDS = tuple(ClauseKind)


class ClauseModel(LinearModel):
    """The judge of clauses."""

    __slots__ = ()


@cache
def clause_model() -> ClauseModel:
    """The shipped model, read once."""
    content = (files("nudger.domain") / "data" / "clauses" / WEIGHTS).read_bytes()
    return ClauseModel.unpacked(content, len(CLAUSE_KINDS))


@lru_cache(maxsize=2048)
def likelihood(text: str) -> tuple[float, ...]:
    """How likely each of `CLAUSE_KINDS` is; they add up to 1. Never raises."""
    return clause_model().probabilities(text)


def is_plan(text: str, least: float = PLAN_FROM) -> bool:
    """Whether a clause is part of the plan for the call with more than such a likelihood; by
    default with more than anything else."""
    return likelihood(text)[CLAUSE_KINDS.index(ClauseKind.PLAN)] > least


def is_clear_commitment(text: str, least: float) -> bool:
    """Whether the coach takes a text for a commitment with such a likelihood, and this model for a
    part of the plan."""
    return is_commitment(text, least) and is_plan(text)


def is_in_known_words(text: str) -> bool:
    """Whether the model has learned most of the words of a text: of languages that it has not
    seen, and of names, it can tell nothing."""
    words = words_of(text)
    return sum(word in _known_words() for word in words) >= LEAST_KNOWN * max(len(words), 1)


@cache
def _known_words() -> frozenset[str]:
    packed = (files("nudger.domain") / "data" / "clauses" / WORDS).read_bytes()
    return frozenset(gzip.decompress(packed).decode().split())

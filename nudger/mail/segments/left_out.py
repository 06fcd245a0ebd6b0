"""What of a reply is in none of its fields, and whether it may be left out of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from nudger.domain.clauses import is_clear_commitment
from nudger.mail.segments.spans import Span
from nudger.mail.segments.tags import Tag
from nudger.mail.vocabulary import all_of

LEFT_OUT = frozenset({Tag.REMARK, Tag.QUESTION, Tag.TALK, Tag.LEAD})
FEWEST_WORDS = 3
COMMITMENT_FROM = 0.9


def may_be_left_out(text: str, parts: Sequence[Span]) -> bool:
    """Whether nothing is among it that belongs to an answer or shows what it is: words that are
    clearly a commitment, and laughter, which shows a joke."""
    said = [part.of(text) for part in parts if part.tag in LEFT_OUT]
    return not any(map(_is_commitment, said)) and not any(map(_laughs, said))


def _is_commitment(said: str) -> bool:
    is_sentence = len(said.split()) >= FEWEST_WORDS
    return is_sentence and is_clear_commitment(said, COMMITMENT_FROM)


def _laughs(said: str) -> bool:
    return _laughter().search(said) is not None


@cache
def _laughter() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{all_of('laughter')})(?!\w)", re.IGNORECASE)

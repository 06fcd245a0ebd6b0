"""Who of the customer's side a sentence names: a role, or somebody by name."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from nudger.domain.coach import words as w
from nudger.domain.coach.grammar import THEIR_SIDE

_TITLED = re.compile(rf"(?<!\w)(?:{w.TITLES})\.? [^\W\d_][\w'’-]*", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w'’&-]*")


def who(text: str) -> str | None:
    """The role or name in a sentence; `None` where nobody is to be seen, "" where a word may be a
    name."""
    role: re.Match[str] | None = THEIR_SIDE.search(text.lower()) or _TITLED.search(text)
    if role:
        return role[0]
    words: list[str] = _WORD.findall(text)
    for word, after in pairwise(words):
        if _is_capital(word) and _may_be_name(word) and _acts(after):
            return word
    if any(_is_capital(word) and _may_be_name(word) for word in words):
        return ""
    is_small = len(words) > 1 and _may_be_name(words[0]) and _acts(words[1])
    return "" if is_small else None


def _is_capital(word: str) -> bool:
    """Whether a word begins as names do, and is no abbreviation such as NDA."""
    return word[0].isupper() and not word.isupper()


def _may_be_name(word: str) -> bool:
    """Whether no list has the word as something else than a name."""
    return _no_names().fullmatch(word.lower().replace("’", "'")) is None


def _acts(word: str) -> bool:
    return _verbs().fullmatch(word.lower()) is not None


@cache
def _verbs() -> re.Pattern[str]:
    return re.compile(rf"(?:{w.AGREES}|{w.ACTS_ELSEWHERE}|(?:{w.ACTS})e?s|{w.JOINS})")


@cache
def _no_names() -> re.Pattern[str]:
    lists = (
        w.CUSTOMER, w.AGREES, w.ACTS, w.ACTS_ELSEWHERE, w.ADVANCES, w.LEARNS, w.SELLS, w.WHEN,
        w.SMALL,
    )  # fmt: skip
    return re.compile(rf"(?:{'|'.join(lists)})")

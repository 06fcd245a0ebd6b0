"""Who of the customer's side a sentence names: a role, or somebody by name."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from nudger.domain.coach import words as w
from nudger.domain.coach.grammar import THEIR_SIDE

_TITLED = re.compile(
    r"(?<!\w)(?:mr|mrs|ms|dra?|prof|herrn?|hr|frau|fr|mme|monsieur|madame|sra?|srta|señora?"
    r"|sig(?:ra|nora?)?|dott(?:oressa|ssa|or)?|senhora?|dhr|meneer|mevr(?:ouw)?)\.?"
    r" [^\W\d_][\w'’-]*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w'’&-]*")
_JOINS = "to|will|shall|must|should|can|and|has|is|hat|wird|und|va|et|a|y|ha|e|vai|gaat|zal|en"
_CLOSED = (
    "a|an|the|this|that|these|those|all|both|each|some|one|we|i|you|it|our|my|your|its|us|get|gets"
    "|by|at|on|in|to|for|from|with|before|after|until|and|or|if|when|then|so|next|new|first|final"
    "|have|let|make|see|want|need|hope|hopefully|yes|no|please|today|tomorrow|maybe|within"
    "|der|die|das|den|dem|ein|eine|wir|ich|unser|bis|am|im|mit|nach|vor|und|oder|wenn|dann|sie|er"
    "|le|la|les|un|une|nous|je|on|avant|après|avec|pour|que|qu|si|et|ou|il|elle|ils|elles"
    "|el|los|las|una|yo|nosotros|antes|después|con|para|que|y|o"
    "|lo|gli|uno|noi|io|prima|dopo|per|che|se|os|as|um|uma|nós|eu|depois|com"
    "|het|een|wij|ik|we|voor|na|met|dat|als|of|dus|also|allora|bueno|alors|então"
)


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
    return re.compile(rf"(?:{w.AGREES}|{w.ACTS_ELSEWHERE}|(?:{w.ACTS})e?s|{_JOINS})")


@cache
def _no_names() -> re.Pattern[str]:
    lists = (w.CUSTOMER, w.AGREES, w.ACTS, w.ACTS_ELSEWHERE, w.ADVANCES, w.LEARNS, w.SELLS, w.WHEN)
    return re.compile(rf"(?:{'|'.join(lists)}|{_CLOSED})")

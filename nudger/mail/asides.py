"""Words of a reply that are no part of an answer: fillers, questions to us, and small talk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from nudger.mail.commands import is_polite
from nudger.mail.plain_form import bare
from nudger.mail.visible import without_signs
from nudger.mail.vocabulary import all_of, whole

LONGEST_FILLER = 120
MOST_HEDGES = 4
LONGEST_QUESTION = 200
_MARKS = " .,;:!…()[]-–—_/\\*'\""
_CLAUSE_END = re.compile(r"[,;.!:](?=\s|$)|\s[-–—]\s")


def is_filler(text: str) -> bool:
    """Whether a text fills a gap and says nothing: "tbd", "n/a", "don't know yet", "?"."""
    plain = " ".join(bare(text).split())
    if not any(character.isalnum() for character in plain):
        return True
    if len(plain) > LONGEST_FILLER:
        return False
    return any(_is_filler(one) for one in (plain, plain.strip(_MARKS))) or _fills_first(plain)


def _is_filler(plain: str) -> bool:
    return any(map(whole("filler").fullmatch, _unhedged(plain)))


def _unhedged(plain: str) -> Iterator[str]:
    """Without more and more of what people put around "no idea": "hm", "to be honest"."""
    left = plain
    for _ in range(MOST_HEDGES):
        yield left
        without_end = _hedge_end().sub("", left).strip(_MARKS)
        yield without_end
        shorter = _hedge_start().sub("", without_end).strip(_MARKS)
        if shorter == left or not shorter:
            return
        left = shorter
    yield left


@cache
def _hedge_start() -> re.Pattern[str]:
    return re.compile(rf"\A(?:{all_of('hedge')})(?![\w'’])[\s.,;:!?…–—-]*+")


@cache
def _hedge_end() -> re.Pattern[str]:
    return re.compile(rf"(?<=[\s,])(?:{all_of('hedge')})[\s.,;:!?…]*+\Z")


def _fills_first(plain: str) -> bool:
    """Whether the first clause fills the gap, so that the rest only says why; or each does."""
    first, *rest = _CLAUSE_END.split(plain)
    said = first.strip(_MARKS)
    if not said or not rest:
        return False
    if is_polite(said):
        return _fills_first(plain[len(first) + 1 :].strip()) or _is_filler(
            plain[len(first) + 1 :].strip(_MARKS)
        )
    return _is_filler(said)


def asks_us(text: str) -> bool:
    """Whether a text is a question back to us: "what do you mean by C.O.?"."""
    plain = bare(text)
    if len(plain) > LONGEST_QUESTION or not plain.endswith("?"):
        return False
    return _question().match(_without_polite(plain)) is not None


def _without_polite(plain: str) -> str:
    head, comma, rest = plain.partition(",")
    return rest.strip() if comma and rest.strip() and is_polite(head) else plain


@cache
def _question() -> re.Pattern[str]:
    return re.compile(rf"[¿\s]*+(?:{all_of('asks_back')})(?!\w)", re.IGNORECASE)


def is_chatter(line: str) -> bool:
    """Whether a line beside an answer talks of something else: an apology, "by the way …"."""
    text = without_signs(line).strip(" ([*_¡¿").replace("’", "'")
    if not text:
        return True
    return _chatter().match(text) is not None or is_polite(text) or asks_us(text)


@cache
def _chatter() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('chatter')})(?!\w)", re.IGNORECASE)


def goes_on(before: str, line: str) -> bool:
    """Whether a line goes on with the sentence before it."""
    if before.rstrip().endswith((".", "!", "?", ":")):
        return False
    first = line.strip().split(" ", 1)[0].strip(",;").lower()
    if before.rstrip().endswith((",", "-", "–", "—", "&", "+", "/")):
        return True
    if line[:1].islower() and whole("goes_on").fullmatch(first):
        return True
    last = before.rstrip().rpartition(" ")[2].lower()
    return whole("goes_on").fullmatch(last) is not None and len(before.split()) > 2

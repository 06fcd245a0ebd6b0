"""Words of a reply that are no part of an answer: fillers, questions to us, and small talk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from nudger.domain.clauses import is_clear_commitment
from nudger.domain.sentences import ANY_CLAUSE_END, sentences_of
from nudger.mail.commands import is_polite, without_polite_start
from nudger.mail.plain_form import bare
from nudger.mail.visible import without_signs
from nudger.mail.vocabulary import all_of, whole

LONGEST_FILLER = 120
COMMITS_FROM = 0.9
MOST_HEDGES = 4
MOST_ASIDES = 8
LONGEST_ASIDE = 90
FEWEST_WORDS_LEFT = 2
LONGEST_QUESTION = 200
_MARKS = " .,;:!…()[]-–—_/\\*'\""
SENTENCE_ENDS = (".", "!", "?", "…")
_CLAUSE_END = re.compile(r"[,;.!:](?=\s|$)|\s[-–—]\s")
_ASIDE_END = re.compile(rf"{ANY_CLAUSE_END.pattern}|\s:(?=\s)")


def is_filler(text: str) -> bool:
    """Whether a text fills a gap and says nothing: "tbd", "n/a", "don't know yet", "?"."""
    plain = " ".join(bare(text).split())
    if not any(character.isalnum() for character in plain):
        return True
    if len(plain) > LONGEST_FILLER:
        return False
    if any(_is_filler(one) for one in (plain, plain.strip(_MARKS))):
        return True
    return _fills_first(plain) and not _commits(text)


def _commits(text: str) -> bool:
    """Whether an answer goes on behind "let me think": the coach is sure of a commitment."""
    said = (text, *sentences_of(text))
    return any(is_clear_commitment(one, COMMITS_FROM) for one in said)


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


def without_hedge(text: str) -> str:
    """A text without the "um" or "well" that it begins with."""
    match = _hedge_start().match(text)
    return text[match.end() :] if match else text


@cache
def _hedge_start() -> re.Pattern[str]:
    return re.compile(rf"\A(?:{all_of('hedge')})(?![\w'’])[\s.,;:!?…–—-]*+", re.IGNORECASE)


@cache
def _hedge_end() -> re.Pattern[str]:
    return re.compile(rf"(?<=[\s,])(?:{all_of('hedge')})[\s.,;:!?…]*+\Z")


def _fills_first(plain: str) -> bool:
    """Whether the first clause fills the gap, so that the rest only says why; or each does."""
    first, *rest = _CLAUSE_END.split(plain)
    said = first.strip(_MARKS)
    if _begins_as_filler(said):
        return True
    if not said or not rest:
        return False
    if is_polite(said):
        return _fills_first(plain[len(first) + 1 :].strip()) or _is_filler(
            plain[len(first) + 1 :].strip(_MARKS)
        )
    return _is_filler(said)


def _begins_as_filler(clause: str) -> bool:
    """Whether a clause goes on from "tbd" without a mark: "tbd will think about it"."""
    start = _filler_start().match(clause)
    return start is not None and _filler_breaks().search(clause, start.end()) is None


@cache
def _filler_start() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?:{all_of('hedge')})[\s.,…]++){{0,2}}(?:{all_of('filler_start')})\s++(?=\w)"
    )


@cache
def _filler_breaks() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{all_of('filler_breaks')})(?!\w)")


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


def without_small_talk(text: str) -> str:
    """A line without the clauses that it begins with and that speak to us, not of the customer:
    "Sorry for the delay, crazy week. Dana signs". The whole line where no answer follows them."""
    left, is_apart = text, False
    for _ in range(MOST_ASIDES):
        end = _ASIDE_END.search(left[: LONGEST_ASIDE + 4])
        if end is None:
            break
        head, rest = left[: end.start()], left[end.end() :].lstrip()
        is_courtesy = is_polite(head.lower())
        if not (is_courtesy or _talks_to_us(head)):
            break
        is_apart = is_apart or not is_courtesy
        left = rest
    is_answer = len(left.split()) >= FEWEST_WORDS_LEFT and not is_chatter(left)
    return left if is_apart and is_answer and not _talks_to_us(left) else text


def without_small_talk_behind(text: str) -> str:
    """A line without what speaks to us at its end: "Dana signs. Will let you know how it goes"."""
    left = text
    for _ in range(MOST_ASIDES):
        begin = max(0, len(left) - LONGEST_ASIDE)
        end = next(reversed(list(_ASIDE_END.finditer(left, begin))), None)
        said = left[end.end() :] if end else ""
        if end is not None and _speaks_to_us_last(said, end[0]):
            left = left[: end.end() if end[0] in SENTENCE_ENDS else end.start()].rstrip()
        else:
            break
    is_answer = len(left.split()) >= FEWEST_WORDS_LEFT and not _talks_to_us(left)
    return left if is_answer else text


def _speaks_to_us_last(clause: str, mark: str) -> bool:
    """Whether the last clause is no part of the answer; behind a comma, "on the phone" may be."""
    plain = without_signs(clause).strip(_MARKS + "¡¿?").replace("’", "'")
    if not plain:
        return False
    is_apart = mark in SENTENCE_ENDS and _small_talk().match(plain) is not None
    return is_apart or _small_talk_end().match(plain) is not None


@cache
def _small_talk_end() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('small_talk_end')})(?!\w)", re.IGNORECASE)


def _talks_to_us(clause: str) -> bool:
    plain = without_signs(clause).strip(_MARKS + "¡¿").replace("’", "'")
    for _ in range(2):
        if _small_talk().match(plain):
            return True
        plain = without_polite_start(plain)
    return _small_talk().match(plain) is not None


@cache
def _small_talk() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('small_talk')})(?!\w)", re.IGNORECASE)


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

"""The shipped model of replies' parts, and what it makes of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from itertools import pairwise, starmap

from nudger.domain.clauses import is_clear_commitment, is_plan
from nudger.mail.message import Asked, Reply
from nudger.mail.segments.chain import ChainModel
from nudger.mail.segments.features import features_of
from nudger.mail.segments.said import Reading, reading_of, said_of_calls
from nudger.mail.segments.spans import Span, spans_of
from nudger.mail.segments.tags import COMMANDS, Tag
from nudger.mail.segments.tokens import tokens_of
from nudger.mail.talk import asks_who_reads
from nudger.mail.vocabulary import find_label

LEFT_OUT = frozenset({Tag.REMARK, Tag.QUESTION, Tag.TALK, Tag.LEAD})
FEWEST_WORDS = 3
COMMITMENT_FROM = 0.9
WEIGHTS = "segments.weights.gz"


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a reply says of each call, by its number, and how likely the least likely part of that
    is; nothing is sure where what is left out may be about who reads the answer."""

    readings: Mapping[int, Reading]
    sure: Mapping[int, float]


@cache
def segment_model() -> ChainModel:
    """The shipped model, read once."""
    return ChainModel.unpacked((files("nudger.mail.segments") / WEIGHTS).read_bytes())


def tagged(text: str, asked: Asked, by_rules: Reply) -> Tagged:
    """What the parts of a text say; `by_rules` is what the rules made of it. Nothing where words
    would be left out that are clearly a commitment. Never raises."""
    parts = parts_of(text, asked, by_rules)
    said = said_of_calls(text, parts, asked)
    read = {number: reading_of(text, one, asked) for number, one in said.items()}
    left_out = [part.of(text) for part in parts if part.tag in LEFT_OUT]
    if any(map(_says_more, left_out)):
        return Tagged({}, {})
    asks = any(map(asks_who_reads, left_out))
    return Tagged(
        {number: reading for number, reading in read.items() if reading is not None},
        {number: 0.0 if asks else one.sure for number, one in said.items()},
    )


def parts_of(text: str, asked: Asked, by_rules: Reply) -> list[Span]:
    """The labelled parts of a text, in their order."""
    tokens = tokens_of(text)
    tags, sure = segment_model().likeliest(features_of(text, tokens, asked, by_rules))
    parts = spans_of(tokens, tags, sure)
    return _with_an_answer(text, [*starmap(partial(_as_led, text), pairwise([None, *parts]))])


def _as_led(text: str, lead: Span | None, part: Span) -> Span:
    """A commitment behind the label of a fallback is one; one that is a label leads to it."""
    if part.tag is Tag.COMMITMENT and find_label(part.of(text)) is not None:
        return replace(part, tag=Tag.LEAD)
    if part.tag is not Tag.COMMITMENT or lead is None or lead.tag is not Tag.LEAD:
        return part
    label = find_label(lead.of(text))
    is_fallback = label is not None and label.field == "fallback"
    return replace(part, tag=Tag.FALLBACK) if is_fallback else part


def _with_an_answer(text: str, parts: list[Span]) -> list[Span]:
    """Where there is neither a commitment nor a command, a remark that is likely of the plan is
    what the rep answered."""
    if any(part.tag is Tag.COMMITMENT or part.tag in COMMANDS for part in parts):
        return parts
    return [_as_answer(text, part) for part in parts]


def _as_answer(text: str, part: Span) -> Span:
    is_remark = part.tag is Tag.REMARK and is_plan(part.of(text))
    return replace(part, tag=Tag.COMMITMENT, sure=0.0) if is_remark else part


def _says_more(part: str) -> bool:
    is_sentence = len(part.split()) >= FEWEST_WORDS
    return is_sentence and is_clear_commitment(part, COMMITMENT_FROM)

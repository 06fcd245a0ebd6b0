"""The shipped model of replies' parts, and what it makes of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nudger.mail.message import Asked, Reply
from nudger.mail.segments.belonging import as_they_belong
from nudger.mail.segments.chain import ChainModel
from nudger.mail.segments.features import features_of
from nudger.mail.segments.left_out import LEFT_OUT, may_be_left_out
from nudger.mail.segments.other_calls import cut_at_calls
from nudger.mail.segments.said import Reading, reading_of, said_of_calls
from nudger.mail.segments.spans import Span, spans_of
from nudger.mail.segments.tokens import tokens_of
from nudger.mail.talk import asks_who_reads

WEIGHTS = "segments.weights.gz"


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a reply says of each call, by its number, and how likely the least likely part of that
    is. `asks_who_reads` says that what is left out may be about who reads the answer."""

    readings: Mapping[int, Reading]
    sure: Mapping[int, float]
    asks_who_reads: bool = False


@cache
def segment_model() -> ChainModel:
    """The shipped model, read once."""
    return ChainModel.unpacked((files("nudger.mail.segments") / WEIGHTS).read_bytes())


def tagged(text: str, asked: Asked, by_rules: Reply) -> Tagged:
    """What the parts of a text say; `by_rules` is what the rules made of it. Nothing where words
    would be left out that may not be. Never raises."""
    parts = parts_of(text, asked, by_rules)
    if not may_be_left_out(text, parts):
        return Tagged({}, {})
    said = said_of_calls(text, parts, asked)
    read = {number: reading_of(text, one, asked) for number, one in said.items()}
    return Tagged(
        {number: reading for number, reading in read.items() if reading is not None},
        {number: one.sure for number, one in said.items()},
        any(asks_who_reads(part.of(text)) for part in parts if part.tag in LEFT_OUT),
    )


def parts_of(text: str, asked: Asked, by_rules: Reply) -> list[Span]:
    """The labelled parts of a text, in their order."""
    tokens = tokens_of(text)
    tags, sure = segment_model().likeliest(features_of(text, tokens, asked, by_rules))
    parts = as_they_belong(text, spans_of(tokens, tags, sure))
    return cut_at_calls(text, parts, asked)

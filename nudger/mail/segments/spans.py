"""The parts of a reply, from the tags of its tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from nudger.mail.segments.tags import Tag
from nudger.mail.segments.tokens import Token

_OPENS = frozenset("(€$£¥#¿¡\"“„«'‘&+~")
_CLOSES = frozenset(")?%€$£¥\"”»'’!+")
"""Marks that belong to the words that they stand before or behind."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, from `start` to before `end`, that is `tag`; `sure` is how likely its
    least likely token is that."""

    tag: Tag
    start: int
    end: int
    sure: float

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def spans_of(tokens: Sequence[Token], tags: Sequence[str], sure: Sequence[float]) -> list[Span]:
    """In their order. Line ends and marks between two parts belong to neither; a mere mark is a
    part where it stands in an answer's place."""
    tagged = zip(tags, tokens, sure, strict=True)
    runs = (
        [(token, s) for _, token, s in run] for _, run in groupby(tagged, key=lambda one: one[0])
    )
    kinds = (Tag(tag) for tag, _ in groupby(tags))
    return [span for tag, run in zip(kinds, runs, strict=True) for span in _span(tag, run)]


def _span(tag: Tag, run: Sequence[tuple[Token, float]]) -> Iterator[Span]:
    first, last = 0, len(run)
    if tag is not Tag.FILLER:
        while first < last and not _belongs(run[first][0], _OPENS):
            first += 1
        while last > first and not _belongs(run[last - 1][0], _CLOSES):
            last -= 1
    if first < last:
        sure = min(likely for _, likely in run[first:last])
        yield Span(tag, run[first][0].start, run[last - 1][0].end, sure)


def _belongs(token: Token, marks: frozenset[str]) -> bool:
    return token.is_word or token.text[0] in marks

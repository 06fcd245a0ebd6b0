"""Parts of a reply about several calls, cut where they go on to speak of another call."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nudger.mail.calls import begins_with_call, named_by_words
from nudger.mail.message import Asked
from nudger.mail.segments.spans import Span
from nudger.mail.segments.tags import Tag

_CUT = frozenset({Tag.COMMITMENT, Tag.TALK, Tag.REMARK})
_SENTENCE = re.compile(r"(?:[^.!?;\n]|[.!?;](?!\s|\Z))++[.!?;]*+")
_MARKS = " .,:;!?-–—"


def cut_at_calls(text: str, parts: Sequence[Span], asked: Asked) -> list[Span]:
    """The parts, with each sentence of a commitment by itself that begins with the people of
    another call than what stands before it, and a pointer for each that is a call's name and
    nothing else. What follows the last word about a call stays as it is."""
    if len(asked.meetings) < 2:
        return list(parts)
    last = max((part.start for part in parts if part.tag is not Tag.TALK), default=0)
    return [
        piece
        for part in parts
        for piece in (_cut(text, part, asked) if part.start <= last else (part,))
    ]


def _cut(text: str, part: Span, asked: Asked) -> Iterator[Span]:
    if part.tag not in _CUT:
        yield part
        return
    begin, of = part.start, begins_with_call(part.of(text), asked.meetings)
    for match in list(_SENTENCE.finditer(text, part.start, part.end)):
        said = match[0].strip(_MARKS)
        start = match.start() + match[0].find(said)
        number = begins_with_call(said, asked.meetings) if said else None
        if number is None:
            continue
        is_name = named_by_words(said, asked.meetings) == number
        if is_name or (part.tag is Tag.COMMITMENT and number != of):
            yield from _until(text, part, begin, start)
            begin, of = start, number
        if is_name:
            yield Span(Tag.CALL, start, start + len(said), part.sure)
            begin = start + len(said)
    yield from _until(text, part, begin, part.end)


def _until(text: str, part: Span, begin: int, end: int) -> Iterator[Span]:
    """What of a part stands between two places, where there are words."""
    said = text[begin:end].strip(" .,:;\n-–—") if begin > part.start or end < part.end else None
    if said is None:
        yield part
    elif said:
        start = begin + text[begin:end].find(said)
        yield Span(part.tag, start, start + len(said), part.sure)

"""Which calls of a digest each part of a reply is about, by the parts that point at calls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from nudger.mail.calls import MARKS, begins_with_call, mentioned, named_by_words, number_of
from nudger.mail.message import Asked
from nudger.mail.milestones import read_number
from nudger.mail.plain_form import folded_words
from nudger.mail.segments.spans import Span
from nudger.mail.segments.tags import BESIDE, COMMANDS, OF_A_CALL, Tag
from nudger.mail.sentences_of_calls import all_calls, named_calls
from nudger.mail.vocabulary import all_of, the_rest, whole

HEADS = frozenset({Tag.COMMITMENT, *COMMANDS})
"""What begins to speak of another call."""
MOST_WORDS_OF_A_COMMAND = 6
OF_ALL = frozenset({Tag.WISH, *COMMANDS})
"""What is said of every call where none is pointed at."""


def placed(
    text: str, spans: Sequence[Span], asked: Asked
) -> Iterator[tuple[Span, tuple[int, ...]]]:
    """The parts that say something of calls, each with their numbers; none where they are not
    known. A command's argument follows its command, without numbers."""
    everything = numbers_of(asked)
    if len(everything) == 1:
        yield from ((span, everything) for span in spans if span.tag in OF_A_CALL)
        yield from ((span, ()) for span in spans if span.tag is Tag.ARGUMENT)
        return
    pointed = _pointed(text, spans, asked)
    current: tuple[int, ...] = ()
    is_answered = False
    last = 0
    for at, span in enumerate(spans):
        if span.tag is Tag.CALL:
            is_listed = _goes_on().fullmatch(text, spans[last].end, span.start) is not None
            goes_on = at > 0 and spans[last].tag is Tag.CALL and is_listed
            current = (*current, *pointed[at]) if goes_on else pointed[at]
            is_answered = False
        last = at
        if span.tag is Tag.ARGUMENT:
            yield span, ()
        if span.tag not in OF_A_CALL:
            continue
        behind = _behind(spans, at, pointed)
        said = _labelled(text, spans, at) if span.tag is Tag.WISH else span
        if said.tag is Tag.COMMITMENT and not behind:
            if not current or is_answered:
                current = _by_people(said.of(text), current, asked)
            is_answered = True
        if span.tag in OF_ALL and not behind and not current:
            named = _next_to(text, spans, at, pointed) or _named_within(span.of(text), asked)
            yield span, named or everything
        else:
            yield span, behind or current


def _labelled(text: str, spans: Sequence[Span], at: int) -> Span:
    """The part that a wish stands before as a label: "private: Tom pays"."""
    following = spans[at + 1] if at + 1 < len(spans) else spans[at]
    gap = text[spans[at].end : following.start]
    return following if gap.strip(" ") == ":" or spans[at].of(text).endswith(":") else spans[at]


def _next_to(
    text: str, spans: Sequence[Span], at: int, pointed: Mapping[int, tuple[int, ...]]
) -> tuple[int, ...]:
    """The calls of a pointer that follows a command without a mark: "skip the second one"."""
    is_next = at + 1 < len(spans) and spans[at + 1].tag is Tag.CALL
    between = text[spans[at].end : spans[at + 1].start] if is_next else "-"
    return pointed[at + 1] if not between.strip(" ") else ()


def numbers_of(asked: Asked) -> tuple[int, ...]:
    """The numbers of the calls that a mail asked about; a single one is the first."""
    return tuple(one.number for one in asked.meetings) if len(asked.meetings) > 1 else (1,)


def _named_within(said: str, asked: Asked) -> tuple[int, ...] | None:
    """The calls that a command names in its own words: "skip 2"."""
    if len(said.split()) <= MOST_WORDS_OF_A_COMMAND:
        return pointed_at(said, asked)
    return tuple(mentioned(said, asked.meetings))


def _by_people(said: str, current: tuple[int, ...], asked: Asked) -> tuple[int, ...]:
    """The call of the people that a commitment begins with, or alone speaks of where none was
    pointed at before."""
    number = begins_with_call(said, asked.meetings)
    if current:
        return current if number is None or number in current else (number,)
    spoken_of = mentioned(said, asked.meetings)
    return (number,) if number else tuple(spoken_of) if len(spoken_of) == 1 else ()


def _pointed(text: str, spans: Sequence[Span], asked: Asked) -> dict[int, tuple[int, ...]]:
    """The calls that each pointer names, by its place among the parts."""
    found = {
        at: pointed_at(span.of(text), asked)
        for at, span in enumerate(spans)
        if span.tag in (Tag.CALL, Tag.CALL_BEHIND)
    }
    named = {number for numbers in found.values() for number in numbers or ()}
    left = tuple(one.number for one in asked.meetings if one.number not in named)
    return {at: left if numbers is None else numbers for at, numbers in found.items()}


def pointed_at(said: str, asked: Asked) -> tuple[int, ...] | None:
    """The calls that a pointer names, `None` where it names the rest."""
    bare = said.strip(" \n:.,;-–—()/|")
    numbers = named_calls(bare, asked.meetings)
    if numbers:
        return numbers
    if the_rest().search(bare.lower()):
        return None
    if all_calls().search(bare):
        return tuple(one.number for one in asked.meetings)
    words = folded_words(bare)
    count = len(asked.meetings)
    found = [number_of(word.strip(MARKS), count) for word in bare.split()]
    if not any(found):
        found = [named_by_words(word, asked.meetings) for word in words]
    if not any(found):
        counted = [word for word in words if whole("number_tail").fullmatch(word) is None]
        found = [read_number(word) for word in counted]
    if not any(found):
        found = [read_number(word) for word in words]
    known = {one.number for one in asked.meetings}
    return tuple(dict.fromkeys(number for number in found if number in known))


def _behind(
    spans: Sequence[Span], at: int, pointed: Mapping[int, tuple[int, ...]]
) -> tuple[int, ...]:
    """The calls of the pointers behind a part, before another call is spoken of."""
    found: tuple[int, ...] = ()
    for other in range(at + 1, len(spans)):
        tag = spans[other].tag
        if tag is Tag.CALL_BEHIND:
            found = (*found, *pointed.get(other, ()))
        elif tag is Tag.CALL or tag in HEADS or (found and tag not in BESIDE):
            break
    return found


@cache
def _goes_on() -> re.Pattern[str]:
    """What may stand between two pointers that name calls together: "A, B and C: …"."""
    return re.compile(rf"[ ,&+/()]*+(?:(?:{all_of('and_word')})[ ]*+)?", re.IGNORECASE)

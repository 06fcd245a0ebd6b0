"""The labelled replies in data/segments, and what each of their tokens is.

A line of a file is a reply: `language`, `rep`, `milestones` ("name|alias"), `meetings` of a digest
(`label`, `title`, `customer`, `guests`) or none, `correction` where an answer was given before, and
`segments`, whose texts make up the reply: their kind, their text, and in a digest the letters of
the calls that they are about.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from nudger.domain.coach.kinds import Kind
from nudger.domain.commitment import Answer, Milestone
from nudger.mail.by_rules import read_by_rules
from nudger.mail.message import Asked, AskedMeeting
from nudger.mail.reply_text import text_words
from nudger.mail.segments.features import features_of
from nudger.mail.segments.pointers import pointed_at
from nudger.mail.segments.said import Reading, reading_of, said_of_calls
from nudger.mail.segments.spans import spans_of
from nudger.mail.segments.tags import BESIDE, Tag
from nudger.mail.segments.tokens import Token, tokens_of
from training.sentences import training_sentences

FOLDER = Path(__file__).parent.parent / "data" / "segments"
EACH_SENTENCE = 5
"""Of the coach's sentences so many, that whole replies are more."""
_NOT_LISTED = Asked(meetings=(AskedMeeting(1, "ACME: pilot review", ("acme.example",)),))
_EARLIER = Answer(commitment_objective="Dana signs the order")


@dataclass(frozen=True, slots=True)
class Segment:
    kind: str
    text: str
    calls: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class LabelledReply:
    """A reply as its author cut it, and the mail that it answers."""

    segments: tuple[Segment, ...]
    asked: Asked
    author: str

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.segments)


@dataclass(frozen=True, slots=True)
class Example:
    """What one reply teaches: the tag of each token of the rep's own words, and its features."""

    text: str
    asked: Asked
    tokens: tuple[Token, ...]
    tags: tuple[str, ...]
    features: tuple[list[str], ...]


def training_replies(folder: Path = FOLDER) -> list[LabelledReply]:
    """In a fixed order. Raises `ValueError` with file and line where one is no labelled reply."""
    return [reply for file in sorted(folder.glob("*.jsonl")) for reply in _read(file)]


def held_out_replies() -> list[LabelledReply]:
    """Those that nothing has learned from."""
    return training_replies(FOLDER / "held-out")


def _read(file: Path) -> Iterator[LabelledReply]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            told = json.loads(line)
            segments = tuple(_segment(*one) for one in told["segments"])
            yield LabelledReply(segments, _asked(told), file.stem)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{file.name}, line {number}: {error}") from error


def plain_replies() -> Iterator[LabelledReply]:
    """Sentences that the coach learns from, of every kind that is an answer, good or bad: whatever
    a rep gives is kept."""
    answers = [one for one in training_sentences() if one.kind is not Kind.UNCLEAR]
    for one in answers[::EACH_SENTENCE]:
        yield LabelledReply((Segment(Tag.COMMITMENT.value, one.text),), _NOT_LISTED, one.author)


def _segment(kind: str, text: str, letters: str = "") -> Segment:
    return Segment(Tag(kind).value, text, frozenset(ord(one) - ord("A") + 1 for one in letters))


def _asked(told: Mapping[str, Any]) -> Asked:
    names = [line.split("|") for line in told["milestones"]]
    last = _EARLIER if told.get("correction") else None
    meetings = [
        AskedMeeting(number, one["title"], (one["customer"],), guests=tuple(one["guests"]))
        for number, one in enumerate(told["meetings"], start=1)
    ] or [AskedMeeting(1, "ACME: pilot review", ("acme.example",), last=last)]
    listed = tuple(Milestone(name, aliases=tuple(aliases)) for name, *aliases in names)
    return Asked(listed, tuple(meetings), rep_name=told["rep"])


def example_of(reply: LabelledReply) -> Example:
    """The reply as the tagger meets it: without signature and what else `text_words` cuts off."""
    text = text_words(reply.text, (), (reply.asked.rep_name,))
    tokens = tokens_of(text)
    features = features_of(text, tokens, reply.asked, read_by_rules(text, reply.asked))
    return Example(text, reply.asked, tuple(tokens), tuple(_tags(reply, tokens)), tuple(features))


def _tags(reply: LabelledReply, tokens: Sequence[Token]) -> list[str]:
    """The kinds of the segments that the tokens of the rep's own words come from."""
    whole = tokens_of(reply.text)
    kinds = [
        kind for at, one in enumerate(reply.segments) for kind in [_kind(reply, at)] * len(one.text)
    ]
    tags = [Tag.TALK.value] * len(tokens)
    matcher = SequenceMatcher(
        None, [one.text for one in whole], [one.text for one in tokens], autojunk=False
    )
    for first, second, count in matcher.get_matching_blocks():
        for at in range(count):
            tags[second + at] = kinds[whole[first + at].start]
    return tags


def _kind(reply: LabelledReply, at: int) -> str:
    """The kind of a segment; of a pointer whether it stands behind what it points at, which shows
    from whose calls stand before and behind it."""
    segments = reply.segments
    if segments[at].kind != Tag.CALL:
        return segments[at].kind
    said = [other for other in range(len(segments)) if segments[other].kind not in BESIDE]
    before = next((other for other in reversed(said) if other < at), None)
    if before is None:
        return Tag.CALL
    if segments[before].kind == Tag.CALL:
        return _kind(reply, before)
    between = "".join(one.text for one in segments[before + 1 : at])
    behind = next((segments[other].calls for other in said if other > at), frozenset())
    own = frozenset(pointed_at(segments[at].text, reply.asked) or segments[before].calls)
    is_near = "\n" not in between and not segments[before].text.endswith("\n")
    ends_line = segments[at].text.rstrip(" ").endswith((")", ".", "\n"))
    is_of_before = own <= segments[before].calls and (ends_line or not own <= behind)
    return Tag.CALL_BEHIND if is_near and is_of_before else Tag.CALL


def readings(example: Example, tags: Sequence[str]) -> dict[int, Reading | None]:
    """What some tags say of each call; remarks apart, which go no further than to the rep."""
    spans = spans_of(example.tokens, tags, [1.0] * len(tags))
    said = said_of_calls(example.text, spans, example.asked)
    read = {number: reading_of(example.text, one, example.asked) for number, one in said.items()}
    return {
        number: replace(one, remark=None) if isinstance(one, Answer) else one
        for number, one in read.items()
        if one is not None
    }

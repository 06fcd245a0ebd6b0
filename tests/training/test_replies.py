"""The labelled replies that the tagger of parts learns from."""

from __future__ import annotations

from collections import Counter

import pytest

from nudger.mail.segments.tags import Tag
from training.replies import (
    LabelledReply,
    Segment,
    example_of,
    held_out_replies,
    plain_replies,
    training_replies,
)
from training.replies import readings as read_by_tags

LEARNED = training_replies()


def test_there_are_enough_of_one_call_and_of_several() -> None:
    calls = Counter(len(reply.asked.meetings) > 1 for reply in LEARNED)
    assert calls[False] >= 4000
    assert calls[True] >= 2000
    assert len({reply.author for reply in LEARNED}) >= 25


def test_each_kind_of_part_is_there() -> None:
    kinds = Counter(part.kind for reply in LEARNED for part in reply.segments)
    assert {kind for kind in Tag if kinds[kind] < 20} == set()


def test_nobody_who_is_held_out_is_learned_from() -> None:
    held_out = held_out_replies()
    assert len(held_out) >= 1500
    assert {one.author for one in held_out}.isdisjoint(one.author for one in LEARNED)
    assert {one.text for one in held_out}.isdisjoint(
        one.text for one in LEARNED if len(one.text) > 40
    )


def test_whatever_a_rep_gives_is_an_answer() -> None:
    plain = list(plain_replies())
    assert len(plain) >= 1500
    assert {part.kind for reply in plain for part in reply.segments} == {Tag.COMMITMENT}


def test_the_words_of_a_commitment_are_read_as_one() -> None:
    """But for the few that are cut off as signatures are, or parted otherwise by their author."""
    sampled = LEARNED[::67]
    assert sum(map(keeps_its_commitments, sampled)) >= 0.97 * len(sampled)


def keeps_its_commitments(reply: LabelledReply) -> bool:
    example = example_of(reply)
    read = read_by_tags(example, example.tags).values()
    kept = letters(" ".join(str(getattr(one, "commitment_objective", "")) for one in read))
    said = (part.text for part in reply.segments if part.kind == Tag.COMMITMENT)
    return all(letters(one) in kept for one in said)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def digest(*segments: tuple[str, str, str]) -> LabelledReply:
    parts = tuple(
        Segment(kind, text, frozenset(ord(one) - ord("A") + 1 for one in letters))
        for kind, text, letters in segments
    )
    several = next(reply.asked for reply in LEARNED if len(reply.asked.meetings) > 2)
    return LabelledReply(parts, several, "author")


@pytest.mark.parametrize(
    ("reply", "pointers"),
    [
        (digest(("call", "A: ", ""), ("commitment", "they sign", "A")), [Tag.CALL]),
        (
            digest(("commitment", "they sign", "A"), ("call", " (A)\n", ""), ("skip", "no", "B")),
            [Tag.CALL_BEHIND],
        ),
        (
            digest(("skip", "skip ", "B"), ("call", "B", ""), ("talk", ". ", "")),
            [Tag.CALL_BEHIND],
        ),
        (
            digest(("commitment", "pays. ", "A"), ("call", "B ", ""), ("commitment", "signs", "B")),
            [Tag.CALL],
        ),
    ],
)
def test_a_pointer_stands_before_or_behind(reply: LabelledReply, pointers: list[Tag]) -> None:
    tags = dict.fromkeys(example_of(reply).tags)
    assert [tag for tag in tags if tag in (Tag.CALL, Tag.CALL_BEHIND)] == pointers

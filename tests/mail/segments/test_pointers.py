"""Which calls of a digest the parts of a reply are about."""

from __future__ import annotations

import pytest

from nudger.mail.message import Asked, AskedMeeting
from nudger.mail.segments.pointers import placed, pointed_at
from nudger.mail.segments.spans import Span
from nudger.mail.segments.tags import Tag

ASKED = Asked(
    meetings=(
        AskedMeeting(
            1, "Pilot review", ("acme.example",), guests=("Dana Reyes <dana@acme.example>",)
        ),
        AskedMeeting(
            2, "Roof survey", ("globex.example",), guests=("Tom Hall <tom@globex.example>",)
        ),
        AskedMeeting(3, "Renewal", ("initech.example",), guests=("Kim Lee <kim@initech.example>",)),
    )
)
ONE = Asked(meetings=ASKED.meetings[:1])
C, F, M, P, B, L, S, T, W = (
    Tag.COMMITMENT, Tag.FALLBACK, Tag.MILESTONE, Tag.CALL, Tag.CALL_BEHIND, Tag.LEAD, Tag.SKIP,
    Tag.TALK, Tag.WISH,
)  # fmt: skip


def cut(*parts: tuple[Tag | None, str]) -> tuple[str, list[Span]]:
    """A text and its parts; what has no tag lies between them."""
    text, spans = "", []
    for tag, said in parts:
        if tag is not None:
            spans.append(Span(tag, len(text), len(text) + len(said), 1.0))
        text += said
    return text, spans


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("A:", (1,)),
        ("b)", (2,)),
        ("A and C:", (1, 3)),
        ("For Globex ", (2,)),
        ("Dana's call", (1,)),
        ("the second one:", (2,)),
        ("on the roof one", (2,)),
        ("both:", (1, 2, 3)),
        ("the rest", None),
        ("somebody's", ()),
    ],
)
def test_what_a_pointer_names(said: str, numbers: tuple[int, ...] | None) -> None:
    assert pointed_at(said, ASKED) == numbers


@pytest.mark.parametrize(
    ("parts", "numbers"),
    [
        (((P, "A:"), (None, " "), (C, "they sign"), (None, ", "), (M, "demo")), [(1,), (1,)]),
        (((P, "A"), (None, " and "), (P, "B:"), (None, " "), (C, "they sign")), [(1, 2)]),
        (((P, "A"), (None, "\n"), (P, "B"), (None, "\n"), (C, "they sign")), [(2,)]),
        (
            ((C, "they sign"), (None, " ("), (B, "A)"), (None, "\n"), (C, "pays"), (B, "C")),
            [(1,), (3,)],
        ),
        (((S, "skip"), (None, " "), (B, "B"), (None, ", "), (P, "A:"), (C, "signs")), [(2,), (1,)]),
        (
            ((P, "B:"), (C, "signs"), (None, ". "), (S, "skip"), (None, " "), (B, "the rest")),
            [(2,), (1, 3)],
        ),
        (((C, "Tom pays"),), [(2,)]),
        (((C, "they pay"),), [()]),
        (
            ((C, "Dana signs"), (None, "\n"), (W, "private"), (None, ": "), (C, "Tom pays")),
            [(1,), (2,), (2,)],
        ),
        (
            ((C, "Dana signs"), (None, ". "), (W, "Private"), (None, ". "), (C, "Tom pays")),
            [(1,), (1,), (2,)],
        ),
        # Whoever goes on with the people of another call speaks of that one; a pointer knows better.
        (((C, "Dana signs"), (None, "\n"), (C, "Tom pays")), [(1,), (2,)]),
        (((P, "A:"), (C, "signs"), (None, ". "), (C, "Tom pays"), (M, "demo")), [(1,), (2,), (2,)]),
        (((P, "A:"), (C, "signs"), (None, ". "), (C, "she asks Tom")), [(1,), (1,)]),
        (((P, "A:"), (C, "Tom pays"), (None, "\n"), (P, "C:"), (C, "signs")), [(1,), (3,)]),
        (((P, "both:"), (C, "they sign"), (None, ". "), (C, "Tom pays")), [(1, 2, 3), (1, 2, 3)]),
        (((S, "not today"),), [(1, 2, 3)]),
        (((S, "skip 2"),), [(2,)]),
        (
            ((P, "A:"), (L, "goal: "), (C, "they sign"), (L, " if not "), (F, "a date")),
            [(1,), (1,)],
        ),
        (((T, "Hi"), (P, "C:"), (T, "well"), (C, "signs")), [(3,)]),
    ],
)
def test_each_part_has_its_calls(
    parts: tuple[tuple[Tag | None, str], ...], numbers: list[tuple[int, ...]]
) -> None:
    assert [found for _, found in placed(*cut(*parts), ASKED)] == numbers


def test_an_argument_follows_its_command() -> None:
    text, spans = cut((P, "A:"), (Tag.LATER, "remind me"), (None, " "), (Tag.ARGUMENT, "at nine"))
    assert [(span.tag, found) for span, found in placed(text, spans, ASKED)] == [
        (Tag.LATER, (1,)),
        (Tag.ARGUMENT, ()),
    ]


def test_of_one_call_everything_is_about_it() -> None:
    text, spans = cut((P, "Plan B:"), (C, "they sign"), (None, " "), (M, "demo"))
    assert [found for _, found in placed(text, spans, ONE)] == [(1,), (1,)]

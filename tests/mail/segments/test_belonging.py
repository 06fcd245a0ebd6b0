"""Which part words belong to, and what may be left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nudger.mail.segments.belonging import LEAST_SURE, as_they_belong
from nudger.mail.segments.left_out import may_be_left_out
from nudger.mail.segments.tags import Tag
from tests.mail.segments.test_pointers import cut

C, F, L, M, R, T, W = (
    Tag.COMMITMENT, Tag.FALLBACK, Tag.LEAD, Tag.MILESTONE, Tag.REMARK, Tag.TALK, Tag.WISH,
)  # fmt: skip
Parts = tuple[tuple[Tag | None, str], ...]


@pytest.mark.parametrize(
    ("parts", "belong"),
    [
        (((C, "C.O."), (None, ": "), (C, "Dana signs")), [(L, "C.O."), (C, "Dana signs")]),
        (((L, "Fallback"), (None, ": "), (C, "a date")), [(L, "Fallback"), (F, "a date")]),
        (((L, "they say that"), (None, " "), (C, "a date")), [(L, "they say that"), (C, "a date")]),
        # A milestone with a mere comma is one of a list; a number is the milestone's.
        (((M, "Demo"), (None, ", "), (C, "training agreed")), [(C, "Demo, training agreed")]),
        (((M, "Demo"), (None, ". "), (C, "they sign")), [(M, "Demo"), (C, "they sign")]),
        (((M, "4"), (None, ", "), (C, "they sign")), [(M, "4"), (C, "they sign")]),
        # What leads to nothing ends the sentence that it stands in.
        (((C, "they tell us"), (None, "\n"), (L, "when it is done"), (None, ".\n"), (M, "demo")),
         [(C, "they tell us\nwhen it is done"), (M, "demo")]),
        (((C, "they sign"), (None, "\n"), (L, "the next milestone is"), (None, "\n"), (M, "demo")),
         [(C, "they sign"), (L, "the next milestone is"), (M, "demo")]),
        (((C, "they sign"), (None, "\n"), (L, "no"), (None, ". "), (M, "4")),
         [(C, "they sign"), (L, "no"), (M, "4")]),
        # Whoever is to act belongs to what is done.
        (((L, "I want her to"), (None, " "), (C, "sign")), [(L, "I want "), (C, "her to sign")]),
        (((L, "Get the new buyer to"), (None, " "), (C, "sign")), [(C, "Get the new buyer to sign")]),
        (((L, "My goal is for Dana to"), (None, " "), (C, "sign")),
         [(L, "My goal is for "), (C, "Dana to sign")]),
        (((L, "I want to"), (None, " "), (C, "meet Dana")), [(L, "I want to"), (C, "meet Dana")]),
        (((L, "I want her to"), (None, ": "), (C, "sign")), [(L, "I want her to"), (C, "sign")]),
        # Where nothing else answers, a remark of the plan does.
        (((R, "Dana names five clerks who take part"),), [(C, "Dana names five clerks who take part")]),
        (((R, "She always haggles over the price"),), [(R, "She always haggles over the price")]),
        (((C, "Dana signs"), (None, ". "), (R, "Tom pays the deposit by Friday")),
         [(C, "Dana signs"), (R, "Tom pays the deposit by Friday")]),
    ],
)  # fmt: skip
def test_parts(parts: Parts, belong: list[tuple[Tag, str]]) -> None:
    text, spans = cut(*parts)
    assert [(part.tag, part.of(text)) for part in as_they_belong(text, spans)] == belong


@pytest.mark.parametrize(
    ("sure", "kept"), [(LEAST_SURE - 0.1, "Dana signs, too"), (1.0, "Dana signs")]
)
def test_talk_that_may_be_none_stays_with_the_answer(sure: float, kept: str) -> None:
    text, (answer, talk) = cut((C, "Dana signs"), (None, ", "), (T, "too"))
    first, *_ = as_they_belong(text, [answer, replace(talk, sure=sure)])
    assert first.of(text) == kept


@pytest.mark.parametrize(
    ("parts", "may_be"),
    [
        (((T, "Hi there"), (None, ", "), (C, "Dana signs")), True),
        (((C, "Dana signs"), (None, ". "), (R, "He moans a lot")), True),
        (((T, "Dana signs the pilot agreement by Friday"), (None, ". "), (C, "Tom pays")), False),
        (((T, "haha"), (None, ", "), (C, "world domination")), False),
        (((C, "sie zahlen"), (None, " "), (T, "hihi")), False),
        (((C, "haha they sign"),), True),
        (((T, "Hallo Hanna"), (None, ", "), (C, "sie zahlen")), True),
    ],
)
def test_what_may_be_left_out(parts: Parts, may_be: bool) -> None:
    assert may_be_left_out(*cut(*parts)) is may_be

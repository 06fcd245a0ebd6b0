"""From the parts of a reply to answers and commands."""

from __future__ import annotations

import pytest

from nudger.domain.commitment import Answer, Milestone
from nudger.mail.message import Asked, AskedMeeting, Command, CommandName
from nudger.mail.segments.said import Reading, reading_of, said_of_calls
from nudger.mail.segments.spans import Span, spans_of
from nudger.mail.segments.tags import Tag
from nudger.mail.segments.tokens import tokens_of
from tests.mail.segments.test_pointers import cut

ASKED = Asked(
    (Milestone("Discovery"), Milestone("Site survey", aliases=("survey",)), Milestone("Pilot")),
    (AskedMeeting(1, "Pilot review", ("acme.example",)),),
)
C, F, M, R, W = Tag.COMMITMENT, Tag.FALLBACK, Tag.MILESTONE, Tag.REMARK, Tag.WISH


@pytest.mark.parametrize(
    ("parts", "reading"),
    [
        (((C, "Dana signs"),), Answer("Dana signs")),
        (((C, "Dana\nsigns"),), Answer("Dana signs")),
        (((C, "Dana signs"), (None, ". "), (R, "He moans"), (None, ". "), (C, "Tom pays")),
         Answer("Dana signs. Tom pays", remark="He moans")),
        (((C, "Dana signs"), (None, " ("), (W, "private"), (None, ") "), (C, "by Friday")),
         Answer("Dana signs. by Friday", private=True)),
        (((C, "Dana signs"), (None, ", "), (M, "survey")), Answer("Dana signs", "Site survey")),
        (((M, "the third one"),), Answer(next_milestone="Pilot")),
        (((C, "Dana signs"), (M, "the moon")), Answer("Dana signs")),
        (((C, "Dana signs"), (None, ", "), (F, "she names a date")),
         Answer("Dana signs", fallback="she names a date")),
        (((W, "not for their eyes"),), Command(CommandName.PRIVATE)),
        (((C, "Dana signs " * 50),), None),
        (((C, "Dana signs"), (None, " "), (W, "publish it please")),
         Answer("Dana signs")),
        (((Tag.SKIP, "skip it"),), Command(CommandName.SKIP)),
        (((Tag.LATER, "remind me"), (None, " "), (Tag.ARGUMENT, "tomorrow at 9 please")),
         Command(CommandName.LATER, "tomorrow at 9")),
        (((Tag.LATER, "remind me"), (None, " "), (Tag.ARGUMENT, "whenever Dana calls")),
         Command(CommandName.LATER)),
        (((Tag.NOT_ME, "ask"), (None, " "), (Tag.ARGUMENT, "Kim (kim@ourco.example)")),
         Command(CommandName.HAND_OVER, "kim@ourco.example")),
        (((Tag.SKIP, "skip"), (None, " "), (Tag.ARGUMENT, "tomorrow")), Command(CommandName.SKIP)),
        (((C, "Dana signs"), (None, " "), (Tag.SKIP, "skip")), None),
        (((R, "He moans"),), None),
        (((Tag.FILLER, "?"),), None),
    ],
)  # fmt: skip
def test_readings(parts: tuple[tuple[Tag | None, str], ...], reading: Reading | None) -> None:
    text, spans = cut(*parts)
    said = said_of_calls(text, spans, ASKED)
    assert reading_of(text, said[1], ASKED) == reading


def test_how_sure_it_is_rests_on_what_is_kept() -> None:
    text = "Hi Dana signs demo"
    spans = [Span(Tag.TALK, 0, 2, 0.1), Span(C, 3, 13, 0.9), Span(M, 14, 18, 0.8)]
    assert said_of_calls(text, spans, ASKED)[1].sure == 0.8


@pytest.mark.parametrize(
    ("text", "tags", "parts"),
    [
        ("Dana signs.", "CCC", ["Dana signs"]),
        ("(Dana signs (30 %).", "CCCCCCCC", ["(Dana signs (30 %)"]),
        ("- Dana signs\n", "TCCC", ["Dana signs"]),
        ("?", "F", ["?"]),
        ("?", "C", []),
        ("Dana signs. Tom", "CCTC", ["Dana signs", "Tom"]),
    ],
)
def test_marks_between_parts_belong_to_neither(text: str, tags: str, parts: list[str]) -> None:
    kinds = {"C": Tag.COMMITMENT, "T": Tag.TALK, "F": Tag.FILLER}
    spans = spans_of(tokens_of(text), [kinds[tag] for tag in tags], [1.0] * len(tags))
    assert [span.of(text) for span in spans] == parts


@pytest.mark.parametrize(
    ("parts", "milestone"),
    [
        (((M, "pilot"), (None, ", not the "), (M, "site survey")), "Pilot"),
        (((M, "3"), (None, " instead of "), (M, "2")), "Pilot"),
        (((M, "discovery"), (None, " or "), (M, "pilot")), "Pilot"),
        (((M, "discovery"), (None, "\n"), (M, "pilot")), "Discovery"),
    ],
)
def test_what_a_milestone_is_not_is_none(
    parts: tuple[tuple[Tag | None, str], ...], milestone: str
) -> None:
    text, spans = cut(*parts)
    reading = reading_of(text, said_of_calls(text, spans, ASKED)[1], ASKED)
    assert reading == Answer(next_milestone=milestone)

"""Where a reply about several calls goes on to speak of another one."""

from __future__ import annotations

import pytest

from nudger.mail.segments.other_calls import cut_at_calls
from nudger.mail.segments.tags import Tag
from tests.mail.segments.test_pointers import ASKED, ONE, C, M, P, T, cut

R = Tag.REMARK


@pytest.mark.parametrize(
    ("parts", "pieces"),
    [
        # Each line, and each sentence, that begins with the people of another call.
        (((C, "Dana signs\nTom pays by May"),), [(C, "Dana signs"), (C, "Tom pays by May")]),
        (((C, "Dana signs. Tom pays. So does Kim"),), [(C, "Dana signs"), (C, "Tom pays. So does Kim")]),
        (((C, "Dana signs. Dana pays"),), [(C, "Dana signs. Dana pays")]),
        (((C, "Dana signs. She asks Tom"),), [(C, "Dana signs. She asks Tom")]),
        (((C, "Dana signs the v1.5 plan by 4.30"),), [(C, "Dana signs the v1.5 plan by 4.30")]),
        # A name by itself points at its call.
        (((C, "Tom. Pays by May"),), [(P, "Tom"), (C, "Pays by May")]),
        (((C, "Globex"), (None, ", "), (C, "they sign")), [(P, "Globex"), (C, "they sign")]),
        (((T, "In the car. Globex"), (None, ", "), (C, "they sign")),
         [(T, "In the car"), (P, "Globex"), (C, "they sign")]),
        (((R, "Kim is slow. Tom"), (None, ": "), (C, "pays")), [(R, "Kim is slow"), (P, "Tom"), (C, "pays")]),
        (((R, "Dana is slow. Tom is not"), (C, "signs")), [(R, "Dana is slow. Tom is not"), (C, "signs")]),
        # Other parts stay, and so does what stands below the last word about a call.
        (((M, "Tom"), (C, "signs")), [(M, "Tom"), (C, "signs")]),
        (((C, "Dana signs"), (None, "\n\n"), (T, "Cheers.\nTom")), [(C, "Dana signs"), (T, "Cheers.\nTom")]),
    ],
)  # fmt: skip
def test_parts_are_cut_at_calls(
    parts: tuple[tuple[Tag | None, str], ...], pieces: list[tuple[Tag, str]]
) -> None:
    text, spans = cut(*parts)
    assert [(span.tag, span.of(text)) for span in cut_at_calls(text, spans, ASKED)] == pieces


def test_of_one_call_nothing_is_cut() -> None:
    text, spans = cut((C, "Dana signs\nTom pays"))
    assert cut_at_calls(text, spans, ONE) == spans

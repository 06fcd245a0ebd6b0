"""Where a sentence ends and where a clause of it does."""

from __future__ import annotations

import pytest

from nudger.domain.sentences import ANY_CLAUSE_END, clauses_of, sentences_of
from tests.growth import TWICE_LINEAR, growth


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dana signs. She pays", ["Dana signs.", "She pays"]),
        ("Good question :) Jo signs", ["Good question :)", "Jo signs"]),
        ("Dr. Stein signs by 15.3. if asked", ["Dr. Stein signs by 15.3. if asked"]),
        ("done! really? yes…", ["done!", "really?", "yes…"]),
        ("one\ntwo", ["one", "two"]),
        (
            "Dana signs on the 12. She always haggles",
            ["Dana signs on the 12.", "She always haggles"],
        ),
        ("chances are 1 in 4. the school picks", ["chances are 1 in 4.", "the school picks"]),
        ("Dana zahlt am 12. Mai oder 3. Juni", ["Dana zahlt am 12. Mai oder 3. Juni"]),
        ("am 3. und 4. im 2. Quartal", ["am 3. und 4. im 2. Quartal"]),
        ("1. Dana signs", ["1. Dana signs"]),
        ("photos incl. the outlet, e.g. two. Done", ["photos incl. the outlet, e.g. two.", "Done"]),
        ("Fotos inkl. Dach, z.B. zwei", ["Fotos inkl. Dach, z.B. zwei"]),
        ("  ", []),
    ],
)
def test_sentences(text, expected):
    assert sentences_of(text) == expected


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Dana, the CFO, signs the plan by Friday", ["signs the plan by Friday"]),
        ("Dana signs - I bet she bluffs", ["I bet she bluffs"]),
        ("we need this: Dana signs it", ["we need this", "Dana signs it"]),
        ("Dana signs at 9:30 on the follow-up", []),
        ("Dana signs the plan. She is nice", []),
        ("Dana signs the plan by Friday", []),
        ("", []),
    ],
)
def test_the_clauses_that_could_say_something_of_their_own(text, clauses):
    assert clauses_of(text) == clauses


def test_the_clauses_of_several_sentences():
    text = "Dana signs the plan. She is nice, I think so… and fast. Yes"
    assert clauses_of(text, ANY_CLAUSE_END) == ["Dana signs the plan", "She is nice", "I think so"]


@pytest.mark.parametrize("mark", [". ", ", ", " - ", ":) ", "Dr. "])
def test_it_grows_with_the_text(mark):
    assert growth(sentences_of, lambda size: mark * (size // len(mark))) < TWICE_LINEAR
    assert growth(clauses_of, lambda size: mark * (size // len(mark))) < TWICE_LINEAR

"""A greeting takes nothing with it that stands in its line."""

from __future__ import annotations

import pytest

from nudger.mail.greeted import without_greeting
from nudger.mail.message import CommandName, Disposition
from nudger.mail.reply import read_text
from tests.mail.test_words import ONE

PLAN = "Dana signs the contract by Friday"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Hi, skip please", "skip please"),
        ("Hi all, confidential please", "confidential please"),
        ("Hey - private", "private"),
        ("Hallo, bitte privat", "bitte privat"),
        ("Hello, Dana signs Friday", "Dana signs Friday"),
        ("Hello, milestone 4", "milestone 4"),
        ("Hi, Ana", "Hi, Ana"),
        ("Hi Ana Maria Weber,", "Hi Ana Maria Weber,"),
        ("Dear Nudger team", "Dear Nudger team"),
        ("Liebes Team", "Liebes Team"),
        ("Hi", "Hi"),
        (PLAN, PLAN),
        ("", ""),
    ],
)
def test_what_stands_behind_a_greeting(line, said):
    assert without_greeting(line) == said


@pytest.mark.parametrize(
    "opening",
    ["Hi, private please.", "Hello, between us please", "Hi all, confidential please",
     "Hallo, bitte privat", "Bonjour, privé svp", "Hola, privado por favor",
     "Ciao, privato per favore", "Olá, privado por favor", "Hoi, privé graag"],
)  # fmt: skip
def test_a_wish_behind_a_greeting_counts(opening):
    answer = read_text(f"{opening}\n{PLAN}", ONE).answers[1]
    assert (answer.commitment_objective, answer.private) == (PLAN, True)


def test_a_command_and_an_answer_behind_a_greeting_are_not_lost():
    assert read_text("Hi, skip please", ONE).command.name is CommandName.SKIP
    assert read_text("Hi Dana signs Friday", ONE).answers[1].commitment_objective == (
        "Dana signs Friday"
    )
    assert read_text("Hi Ana", ONE).disposition is Disposition.EMPTY

"""What opens the words about a call in a reply about several."""

from __future__ import annotations

import pytest

from nudger.mail.digest import part
from nudger.mail.message import Asked, AskedMeeting, CommandName

ASKED = Asked(
    meetings=(
        AskedMeeting(1, "Pilot", ("acme.example",), guests=("Dana Reyes <dana@acme.example>",)),
        AskedMeeting(2, "Roof", ("globex.example",), guests=("Tom Hall <tom@globex.example>",)),
        AskedMeeting(3, "Renewal", ("initech.example",), guests=("Kim Lee <kim@initech.example>",)),
    )
)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        # A name that is a sentence by itself.
        ("Dana. Signs by May\nTom. Pays", {1: ["Signs by May"], 2: ["Pays"]}),
        ("Globex. They sign", {2: ["They sign"]}),
        # Small letters count in lines that begin with the first of them.
        ("a they sign\nb they pay", {1: ["they sign"], 2: ["they pay"]}),
        (
            "a they sign\nb they pay\nc they wait",
            {1: ["they sign"], 2: ["they pay"], 3: ["they wait"]},
        ),
        ("A: they sign\nb they pay\nc they wait", {1: ["they sign", "b they pay", "c they wait"]}),
        ("A: a pilot agreed\na date for it", {1: ["a pilot agreed", "a date for it"]}),
        # An arrow is a mark.
        ("Dana → signs\nTom ➔ pays", {1: ["signs"], 2: ["pays"]}),
        # The last of the calls.
        ("first one they sign\nlast one, they pay", {1: ["they sign"], 3: ["they pay"]}),
        ("first call: they sign\nlast week they paid", {1: ["they sign", "last week they paid"]}),
    ],
)
def test_what_is_said_of_each_call(text: str, lines: dict[int, list[str]]) -> None:
    assert part(text.split("\n"), ASKED).lines == lines


@pytest.mark.parametrize(
    ("text", "commands", "lines"),
    [
        # What was said in an earlier mail is no other call's answer.
        ("A: Dana signs. C: same as last time", {}, {1: ["Dana signs."], 3: ["same as last time"]}),
        ("A Dana signs\nC same as last time", {3: CommandName.SAME}, {1: ["Dana signs"]}),
        ("Same as before for Kim. Dana: signs", {3: CommandName.SAME}, {1: ["signs"]}),
        ("Dana: signs\nfür Kim wie letztes Mal", {3: CommandName.SAME}, {1: ["signs"]}),
        ("A: Dana signs\nno change for Kim", {3: CommandName.SAME}, {1: ["Dana signs"]}),
        ("A: Dana signs\nKim no change", {3: CommandName.SAME}, {1: ["Dana signs"]}),
        ("A: Dana signs\nthe rest as last time", {2: CommandName.SAME, 3: CommandName.SAME},
         {1: ["Dana signs"]}),
        ("A: Dana signs\nRest wie letztes Mal", {2: CommandName.SAME, 3: CommandName.SAME},
         {1: ["Dana signs"]}),
        ("A: Dana signs\nC: as before", {}, {1: ["Dana signs"], 3: ["as before"]}),
        ("A: Dana signs\nsame for the rest", {}, {1: ["Dana signs"], 2: ["Dana signs"], 3: ["Dana signs"]}),
        ("A: Dana signs\nC same", {}, {1: ["Dana signs"], 3: ["Dana signs"]}),
    ],
)  # fmt: skip
def test_the_same_as_another_call_or_as_last_time(
    text: str, commands: dict[int, CommandName], lines: dict[int, list[str]]
) -> None:
    parts = part(text.split("\n"), ASKED)
    assert {number: one.name for number, one in parts.commands.items()} == commands
    assert parts.lines == lines


def test_small_words_of_a_language_are_no_letters() -> None:
    five = tuple(AskedMeeting(n, f"Call {n}", (f"firm{n}.example",)) for n in range(1, 6))
    parts = part(["a Dana assina o piloto", "e o Tom paga"], Asked(meetings=five))
    assert parts.lines == {}

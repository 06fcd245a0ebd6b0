"""What is typed about milestones: the whole list at once, and what a button does to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nudger.domain.commitment import Milestone

MOST, LONGEST_NAME, LONGEST_LINE = 50, 80, 300
NO_NAME = "Each milestone has a name: remove the row, or name it."
TWICE = "“{}” names two milestones: replies could not tell them apart."
TOO_LONG = f"A name has at most {LONGEST_NAME} characters."
_PRESSED = re.compile(r"(up|down|remove)-(\d{1,2})", re.ASCII)
_APART = re.compile(r"[,;]")


@dataclass(frozen=True, slots=True)
class Edited:
    """The list after a button was pressed, and the row to go on with."""

    milestones: tuple[Milestone, ...]
    row: int


def typed_list(
    names: Sequence[str], exits: Sequence[str], aliases: Sequence[str]
) -> tuple[Milestone, ...]:
    """The rows as they were typed."""
    rows = zip(names[:MOST], exits[:MOST], aliases[:MOST], strict=False)
    return tuple(
        Milestone(name.strip(), text.strip()[:LONGEST_LINE], _names(also))
        for name, text, also in rows
    )


def pressed(milestones: tuple[Milestone, ...], button: str) -> Edited:
    """What a button other than that to save does."""
    if button == "add":
        return Edited((*milestones, Milestone("")), len(milestones))
    found = _PRESSED.fullmatch(button)
    at = int(found[2]) if found else MOST
    if found is None or at >= len(milestones):
        return Edited(milestones, 0)
    rest = [one for number, one in enumerate(milestones) if number != at]
    if found[1] == "remove":
        return Edited(tuple(rest), max(0, at - 1))
    to = max(0, at - 1) if found[1] == "up" else min(len(rest), at + 1)
    rest.insert(to, milestones[at])
    return Edited(tuple(rest), to)


def problem_of(milestones: Sequence[Milestone]) -> str | None:
    """Why the list cannot be saved."""
    seen: set[str] = set()
    for one in milestones:
        if not one.name:
            return NO_NAME
        if len(one.name) > LONGEST_NAME:
            return TOO_LONG
        own = {name.casefold() for name in (one.name, *one.aliases)}
        if both := seen & own:
            return TWICE.format(min(both))
        seen |= own
    return None


def _names(text: str) -> tuple[str, ...]:
    found = (one.strip()[:LONGEST_NAME] for one in _APART.split(text))
    return tuple(dict.fromkeys(one for one in found if one))

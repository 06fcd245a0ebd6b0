"""What is other in one text than in another, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

AROUND = 2
"""So many lines that are the same are shown beside one that is not."""
MOST_LINES = 2_000
"""Comparing takes the longer the more lines there are, by their square."""


class Is(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Line:
    """A line, and its number in the text before and in that after; of lines that were skipped, how
    many there are as the text."""

    what: Is
    text: str
    before: int | None = None
    after: int | None = None


def changes(before: str, after: str) -> tuple[Line, ...] | None:
    """Nothing where both are the same; `None` where they are too long to be compared."""
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > MOST_LINES:
        return None
    return tuple(_changes(old, new))


def _changes(old: list[str], new: list[str]) -> Iterator[Line]:
    groups = list(SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND))
    seen = 0
    for group in groups:
        yield from _skipped(group[0][1] - seen)
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                for at in range(old_to - old_from):
                    number = old_from + at
                    yield Line(Is.SAME, old[number], number + 1, new_from + at + 1)
                continue
            for number in range(old_from, old_to):
                yield Line(Is.GONE, old[number], before=number + 1)
            for number in range(new_from, new_to):
                yield Line(Is.NEW, new[number], after=number + 1)
        seen = group[-1][2]
    if groups:
        yield from _skipped(len(old) - seen)


def _skipped(count: int) -> Iterator[Line]:
    if count:
        yield Line(Is.SKIPPED, str(count))

"""Which calls have changed since somebody last asked: pure functions of moments and a cursor.

A worker dates a change before its transaction ends, so that one may appear that is a little older
than what was told already. A cursor therefore remembers what it has told of the last `OVERLAP`, and
what else turns up in that time is told as well: nothing is left out, and nothing is told twice.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

OVERLAP = timedelta(minutes=2)
"""Longer than a transaction lasts and workers' clocks differ."""

_MARK = 8
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reader has come: all is told that changed until `position`, and of the last
    `OVERLAP` before it the changes with these `marks`."""

    position: datetime
    marks: frozenset[str] = frozenset()

    @property
    def looks_back_to(self) -> datetime:
        """Changes after this moment have to be looked at."""
        return self.position - OVERLAP

    def __str__(self) -> str:
        content = f"1 {self.position.isoformat()} {''.join(sorted(self.marks))}"
        return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


START = Cursor(_BEGINNING)


def read_cursor(text: str) -> Cursor:
    """The cursor that was printed as `text`. Raises `ValueError`."""
    padded = text.strip() + "=" * (-len(text.strip()) % 4)
    version, position, marks = base64.b64decode(padded, b"-_", validate=True).decode().split(" ")
    at = datetime.fromisoformat(position)
    if version != "1" or at.tzinfo is None or len(marks) % _MARK or not 2000 <= at.year < 9000:
        raise ValueError("no cursor of this version")
    return Cursor(at, frozenset(marks[n : n + _MARK] for n in range(0, len(marks), _MARK)))


@dataclass(frozen=True, slots=True)
class Change:
    """When a call changed last, and all that is told of it, so that two changes of one moment are
    two."""

    at: datetime
    content: str = field(repr=False)


def untold(
    changes: Mapping[int, Change], after: Cursor, most: int | None = None
) -> tuple[list[int], Cursor]:
    """The calls to tell of, the oldest change first, `most` at most; and the cursor to go on with.

    `changes` has the last change of each call, of all that changed since `after.looks_back_to`; or
    of as many of them, the oldest first, that nothing which is told lies after one that is not.
    """
    found = sorted(
        (change.at, one) for one, change in changes.items()
        if change.at > after.position or _mark(one, change) not in after.marks
    )  # fmt: skip
    told = [one for _, one in found[:most]]
    left = {one for _, one in found} - set(told)
    known = {one: change for one, change in changes.items() if one not in left}
    following = Cursor(max([after.position, *(change.at for change in known.values())]))
    marks = (
        _mark(one, change) for one, change in known.items() if change.at > following.looks_back_to
    )
    return told, Cursor(following.position, frozenset(marks))


def _mark(call: int, change: Change) -> str:
    said = f"{call} {change.at.isoformat()} {change.content}"
    return hashlib.sha256(said.encode(errors="replace")).hexdigest()[:_MARK]

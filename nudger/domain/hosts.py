"""Whether a call went from one of our people to another: a booking tool that shares calls out in
turn takes the event out of one calendar and puts a new one, with another title, into the next.

Outlook's events keep their organizer for good, so that there it cannot be done in another way
(Graph v1.0, event resource). Sources: docs/internals.md#planning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Call:
    """A meeting by its id, or an event by its own: when it starts, and its guests' addresses."""

    id: str
    start: datetime
    guests: frozenset[str]


def passed_on(gone: Sequence[Call], new: Sequence[Call]) -> dict[str, str]:
    """The new call's id -> that of the one which went from a colleague's calendar and is the same:
    at the same moment, with a guest in common. Each at most once, more guests in common first."""
    pairs = sorted(
        (-len(one.guests & other.guests), one.id, other.id)
        for one in new
        for other in gone
        if one.start == other.start and one.guests & other.guests
    )
    found: dict[str, str] = {}
    for _, new_id, gone_id in pairs:
        if new_id not in found and gone_id not in found.values():
            found[new_id] = gone_id
    return found

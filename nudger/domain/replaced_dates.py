"""Which date of a calendar a new one was before, where it was made anew and has another id.

Sources: docs/how-it-works.md#series.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

REPLACEMENT_WINDOW = timedelta(days=3, hours=12)
"""Half a week: a date of a weekly series is never taken for its neighbour."""


@dataclass(frozen=True, slots=True)
class DateSeen:
    """An event of a calendar, as far as telling goes what it was before. `series_id` is `None` for
    a single event; `title` is `None` where it is not known any more."""

    event_id: str
    series_id: str | None
    start: datetime
    customers: frozenset[str]
    title: str | None


def replaced(gone: Sequence[DateSeen], new: Sequence[DateSeen]) -> dict[str, str]:
    """New event id -> the id of the event that it replaces, each at most once, the nearest first.

    A whole series that is edited, and "this and following", give dates new ids: the old ones are
    gone and new ones are there (Google, recurring events guide). So does who deletes an event and
    makes it again.
    """
    pairs = sorted(
        (abs(one.start - other.start), one.event_id, other.event_id)
        for one in new
        for other in gone
        if _may_replace(one, other)
    )
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, new_id, gone_id in pairs:
        if new_id not in found and gone_id not in taken:
            found[new_id] = gone_id
            taken.add(gone_id)
    return found


def _may_replace(new: DateSeen, gone: DateSeen) -> bool:
    if abs(new.start - gone.start) > REPLACEMENT_WINDOW:
        return False
    if new.series_id is not None and new.series_id == gone.series_id:
        return True
    if not new.customers & gone.customers:
        return False
    both_recur = new.series_id is not None and gone.series_id is not None
    return both_recur or _same_title(new.title, gone.title)


def _same_title(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return False
    return one.casefold().split() == other.casefold().split()

"""The dates of a series: which are asked about, and which one a new date was before.

Dates are original starts: where the series put them, unchanged when one is moved. Sources:
docs/how-it-works.md#series.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from nudger.domain.reasons import Reason
from nudger.domain.verdict import Decision, Verdict

MAX_STEP = 52
REPLACEMENT_WINDOW = timedelta(days=3, hours=12)
"""Half a week: a date of a weekly series is never taken for its neighbour."""

MAX_GAP = timedelta(days=62)
"""Two months: what begins later than that after a series ended is a new one."""


class CadenceKind(StrEnum):
    MUTED = "muted"
    FIRST_ONLY = "first_only"
    EVERY_NTH = "every"


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often a series is asked about: `MUTED`, `FIRST_ONLY`, or one date in `step`."""

    kind: CadenceKind
    step: int = 1

    def __str__(self) -> str:
        """As it is stored: "muted", "first_only", "every:2"."""
        counts = self.kind is CadenceKind.EVERY_NTH
        return f"{self.kind}:{self.step}" if counts else self.kind.value


MUTED = Cadence(CadenceKind.MUTED)
FIRST_ONLY = Cadence(CadenceKind.FIRST_ONLY)
EACH = Cadence(CadenceKind.EVERY_NTH)


def one_in(step: int) -> Cadence:
    """One date in so many."""
    return Cadence(CadenceKind.EVERY_NTH, step)


def read_cadence(stored: str) -> Cadence:
    """The cadence that is stored so."""
    kind, _, step = stored.partition(":")
    return Cadence(CadenceKind(kind), int(step or 1))


@dataclass(frozen=True, slots=True)
class SeriesRule:
    """How often a series is asked about, and `counted_from`: a date that is asked about. Later
    ones are counted from it."""

    cadence: Cadence
    counted_from: datetime


def asks_on(rule: SeriesRule, date: datetime, dates: Sequence[datetime]) -> bool:
    """Whether this date is asked about; `dates` are the known dates of the series, in order."""
    if rule.cadence == MUTED:
        return False
    if date <= rule.counted_from or rule.cadence == FIRST_ONLY:
        return date == rule.counted_from
    passed = bisect_right(dates, date) - bisect_right(dates, rule.counted_from)
    return passed % rule.cadence.step == 0


def in_series(
    verdict: Verdict, rule: SeriesRule | None, date: datetime | None, dates: Sequence[datetime]
) -> Verdict:
    """The verdict on an event once its series had its say; `date` is `None` for a single event."""
    if rule is None or not verdict.asks:
        return verdict
    if rule.cadence == MUTED:
        return replace(verdict, decision=Decision.SKIP, reason=Reason.SERIES_MUTED)
    if date is None or asks_on(rule, date, dates):
        return verdict
    return replace(verdict, decision=Decision.SKIP, reason=Reason.OTHER_DATE)


def goes_on(last: datetime | None, first: datetime) -> bool:
    """Whether a series that begins at `first` can go on from one whose last date was `last`."""
    return last is not None and last < first <= last + MAX_GAP


def latest_counted(rule: SeriesRule, dates: Sequence[datetime], before: datetime) -> datetime:
    """The latest date up to `before` that is asked about: counting may begin there instead."""
    asked = (date for date in reversed(dates) if date <= before)
    return next((date for date in asked if asks_on(rule, date, dates)), rule.counted_from)


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

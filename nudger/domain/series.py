"""The dates of a series: which are asked about, and whether a series goes on from another.

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

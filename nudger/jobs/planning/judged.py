"""From judged events to meetings, and what is kept of each event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nudger.domain.domains import DomainRules
from nudger.domain.impact import outsiders
from nudger.domain.reasons import Reason
from nudger.jobs.planning.meetings import (
    exclude_series_dates,
    plan_meetings,
    preserve_begun,
    withdraw_orphans,
)
from nudger.jobs.planning.model import Judged, Planning
from nudger.jobs.planning.series import apply_series_rules
from nudger.store import calendars, series
from nudger.store.calendars import Seen


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events were judged, and how many of them are meetings."""

    events: int = 0
    planned: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.events + other.events, self.planned + other.planned)


def as_meetings(judged: Sequence[Judged], known: Mapping[str, int]) -> list[Judged]:
    """The judged events as the meetings that they were, by event id."""
    return [
        replace(one, meeting_id=known[one.event_id]) if one.event_id in known else one
        for one in judged
    ]


def plan(planning: Planning, judged: Sequence[Judged]) -> Counts:
    """Plan the judged events, and keep what was made of each."""
    ruling = apply_series_rules(planning, judged)
    series.keep(planning.tx, ruling.begun)
    planned = plan_meetings(planning, ruling.judged)
    planned |= preserve_begun(planning, ruling.judged)
    planned |= exclude_series_dates(planning, ruling.judged)
    rules = planning.rules.judging(planning.rep).rules
    calendars.save_seen(planning.tx, planning.rep.id, _seen(ruling.judged, planned, rules))
    for reason, meeting_ids in _no_longer(ruling.judged, planned).items():
        withdraw_orphans(planning, meeting_ids, reason)
    return Counts(len(judged), len(planned))


def _seen(
    judged: Sequence[Judged], planned: Mapping[str, int], rules: DomainRules
) -> Iterator[Seen]:
    for one in judged:
        event = one.event
        yield Seen(
            event_id=event.event_id,
            series_id=event.key.series_id,
            etag=event.etag,
            start_at=event.start,
            verdict=one.verdict.decision.value,
            reason=one.verdict.reason.value,
            meeting_id=planned.get(event.event_id),
            original_start=event.key.original_start,
            outsiders=outsiders(event, one.verdict, rules),
        )


def _no_longer(judged: Sequence[Judged], planned: Mapping[str, int]) -> dict[Reason, list[int]]:
    """Meetings that these events were, and are not any more, by the reason."""
    found: dict[Reason, list[int]] = {}
    for one in judged:
        if one.meeting_id and planned.get(one.event_id) != one.meeting_id:
            found.setdefault(one.verdict.reason, []).append(one.meeting_id)
    return found

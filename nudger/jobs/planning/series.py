"""Series: not every date is asked about.

Sources: docs/internals.md#series.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from nudger.domain.commitment import MeetingState
from nudger.domain.series import (
    EACH,
    SeriesRule,
    goes_on,
    in_series,
)
from nudger.jobs.planning.model import Judged, Planning
from nudger.runtime.policies import Rules
from nudger.store import series
from nudger.store.people import Rep
from nudger.store.series import Series

ASKED_STATES = (MeetingState.ASKED, MeetingState.ANSWERED, MeetingState.WRITTEN)


@dataclass(frozen=True, slots=True)
class SeriesRuling:
    """Judged events, and the series of which something is to be kept from now on."""

    judged: Sequence[Judged]
    begun: Sequence[Series] = ()


def apply_series_rules(planning: Planning, judged: Sequence[Judged]) -> SeriesRuling:
    """The judged events of one calendar once their series had their say.

    Events that are meetings that somebody was asked about stay. Series that only the policy thins
    out are counted from their first date that deserves a question.
    """
    recurring = [one for one in judged if one.verdict.asks and one.event.key.original_start]
    if not recurring:
        return SeriesRuling(judged)
    tx, rules, rep = planning.tx, planning.rules, planning.rep
    kept = series.find(tx, {one.event.key.series_id for one in recurring})
    begun = _going_on(tx, recurring, kept)
    if rules.for_rep(rep).cadence != EACH:
        begun |= _begun(rep, recurring, kept | begun)
    kept |= begun
    if not kept:
        return SeriesRuling(judged)
    choices = Choices(
        {series_id: rule_of(rules, rep, one) for series_id, one in kept.items()},
        {series_id: _dates(tx, one, recurring) for series_id, one in kept.items()},
        _asked_about(planning, recurring),
    )
    return SeriesRuling([_apply_cadence(one, choices) for one in judged], list(begun.values()))


@dataclass(frozen=True, slots=True)
class Choices:
    """How often each series is asked about, its known dates, and the events that stay."""

    rules: Mapping[str, SeriesRule]
    dates: Mapping[str, Sequence[datetime]]
    stay: Collection[str]


def _asked_about(planning: Planning, recurring: Iterable[Judged]) -> set[str]:
    were = {one.event_id: one.meeting_id for one in recurring if one.meeting_id}
    found = planning.ctx.meetings.find_ids(planning.tx, set(were.values()))
    return {event_id for event_id, m in were.items() if found[m].state in ASKED_STATES}


def _begun(rep: Rep, recurring: Iterable[Judged], kept: Mapping[str, Series]) -> dict[str, Series]:
    begun: dict[str, Series] = {}
    for one in sorted(recurring, key=lambda each: each.event.start):
        series_id, date = one.event.key.series_id, one.event.key.original_start
        if series_id not in kept and series_id not in begun and date is not None:
            title = series.hash_of_title(one.event.title)
            customers = one.verdict.customers
            begun[series_id] = Series(series_id, rep.id, None, date, customers, title_hash=title)
    return begun


def _going_on(
    tx: Connection, recurring: Iterable[Judged], kept: Mapping[str, Series]
) -> dict[str, Series]:
    """New series that go on where one with the same title and customer ended, further ahead than
    had been read when it was split."""
    first: dict[str, Judged] = {}
    for one in sorted(recurring, key=lambda each: each.event.start):
        if one.event.key.series_id not in kept:
            first.setdefault(one.event.key.series_id, one)
    if not first:
        return {}
    hashes = {new_id: series.hash_of_title(one.event.title) for new_id, one in first.items()}
    ended = series.titled(tx, set(hashes.values()))
    last_dates = series.last_dates(tx, [old.series_id for old in ended])
    going_on: dict[str, Series] = {}
    for new_id, one in first.items():
        for old in ended:
            last = last_dates.get(old.series_id)
            alike = old.title_hash == hashes[new_id]
            same_customer = not set(one.verdict.customers).isdisjoint(old.customers)
            if alike and same_customer and goes_on(last, one.event.start):
                going_on[new_id] = series.followed(old, new_id)
    return going_on


def rule_of(rules: Rules, rep: Rep, one: Series) -> SeriesRule:
    """What was chosen for the series, else what the policy says."""
    return SeriesRule(one.cadence or rules.for_rep(rep).cadence, one.counted_from)


def _dates(tx: Connection, one: Series, recurring: Iterable[Judged]) -> list[datetime]:
    now_seen = {
        each.event.key.original_start
        for each in recurring
        if each.event.key.series_id == one.series_id and each.event.key.original_start
    }
    return sorted(now_seen.union(series.dates_of(tx, one)))


def _apply_cadence(one: Judged, choices: Choices) -> Judged:
    key = one.event.key
    if key.original_start is None or one.event_id in choices.stay:
        return one
    rule = choices.rules.get(key.series_id)
    dates = choices.dates.get(key.series_id, ())
    return replace(one, verdict=in_series(one.verdict, rule, key.original_start, dates))

"""The dates of exported series that lie in a window, moved and cancelled ones in their places."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar
from icalendar import Event as Entry

from nudger.domain.event import Event
from nudger.ics.calendar_zones import Assumption, unusual
from nudger.ics.entries import UNREADABLE
from nudger.ics.event import as_event, is_override
from nudger.ics.load import Exported
from nudger.ics.rules import MOST_DATES_OF_A_SERIES
from nudger.ics.series import RECURS, prepared, series_of

MOST_DATES = 50_000
Named = Collection[tuple[str, list[Entry]]]
Watch = Callable[[Named], Iterable[tuple[str, list[Entry]]]]


@dataclass(slots=True)
class Dates:
    """The occurrences in a window. `assumed` says for each UID how its zones were read, `counted`
    how many occurrences each of these concerns; `problems` are lines for whoever exported."""

    events: list[Event] = field(default_factory=list)
    assumed: dict[str, list[Assumption]] = field(default_factory=dict)
    counted: dict[Assumption, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def assumptions(self, default_zone: str) -> list[str]:
        """What was assumed, a line each."""
        return [one.text(count, default_zone) for one, count in self.counted.items()]

    def _assume(self, event: Event, known: Iterable[Assumption]) -> None:
        odd = unusual(event.start.tzinfo, event.start)
        found = [] if event.all_day else [*known, *([odd] if odd else [])]
        for one in found:
            self.counted[one] = self.counted.get(one, 0) + 1
        if found:
            listed = self.assumed.setdefault(event.ical_uid, [])
            listed += [one for one in found if one not in listed]

    def add(self, event: Event, known: Iterable[Assumption]) -> None:
        self.events.append(event)
        self._assume(event, known)


def occurrences(
    exported: Exported,
    owner: str,
    window: tuple[datetime, datetime],
    default_zone: str,
    watched: Watch = list,
) -> Dates:
    """Every occurrence that touches the window, as it would lie in `owner`'s calendar.

    Times without a zone are in `default_zone`; `watched` sees how far it is.
    """
    zone = ZoneInfo(default_zone)
    found = Dates(problems=list(exported.problems))
    dates = 0
    for uid, entries in watched(exported.copies.entries.items()):
        if dates > MOST_DATES:
            found.problems.append(f"the first {dates} dates of these days are shown, no more")
            break
        for entry in _expanded(found, uid, entries, window, zone):
            dates += 1
            try:
                event = as_event(entry, uid, owner, zone, recurs=_recurs(entries))
            except UNREADABLE:
                found.problems.append(f"an event of {uid} cannot be read, left out")
                continue
            if event.end > window[0] and event.start < window[1]:
                found.add(event, exported.assumed.get(uid, ()))
    return found


def _recurs(entries: list[Entry]) -> bool:
    return any(name in entry for entry in entries for name in RECURS) or any(
        map(is_override, entries)
    )


def _expanded(
    found: Dates, uid: str, entries: list[Entry], window: tuple[datetime, datetime], zone: ZoneInfo
) -> Iterator[Entry]:
    if len(entries) == 1 and not any(name in entries[0] for name in RECURS):
        yield entries[0]
        return
    for series in series_of(entries):
        try:
            dates = _between(series, window, zone)
        except Exception:  # the library raises what its parsers raise; one series must not stop all
            found.problems.append(f"the series {uid} has a rule that cannot be read: dates missing")
            dates = [_without_rule(entry) for entry in series]
        if len(dates) > MOST_DATES_OF_A_SERIES:
            found.problems.append(
                f"the series {uid} has more than {MOST_DATES_OF_A_SERIES} dates in these days: "
                "the others are left out"
            )
        yield from dates[:MOST_DATES_OF_A_SERIES]


def _between(
    entries: list[Entry], window: tuple[datetime, datetime], zone: ZoneInfo
) -> list[Entry]:
    """Raises whatever the library does, and `ValueError` for a rule that no series of meetings
    has."""
    begin, end = (moment.astimezone(zone) for moment in window)
    calendar = Calendar()
    for entry in prepared(entries, (begin.astimezone(UTC), end.astimezone(UTC)), zone):
        calendar.add_component(entry)
    dates: list[Entry] = recurring_ical_events.of(calendar).between(begin, end)
    return dates


def _without_rule(entry: Any) -> Entry:
    for name in (*RECURS, "EXDATE"):
        entry.pop(name, None)
    kept: Entry = entry
    return kept

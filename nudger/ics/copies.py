"""Which of several copies of an event counts (RFC 5546, 2.1.5), and which only share its UID."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from icalendar import Event as Entry

from nudger.ics.entries import UNREADABLE, as_utc

_Mark = datetime | date | None


@dataclass(slots=True)
class Copies:
    """`entries` maps a UID to its entries; `older` counts copies that are left out although they
    say another time than the newer one."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    older: int = 0
    _places: dict[tuple[str, _Mark], int] = field(default_factory=dict)
    _others: dict[tuple[str, _Mark, object, str], str] = field(default_factory=dict)

    def keep(self, new: Entry, unnamed: str, number: int) -> str:
        """Keep an entry if none newer is known. Returns the UID under which it is found: `unnamed`
        where it has none, its UID with `number` where another event has that already."""
        uid = str(new.get("UID", "")).strip() or unnamed
        known = self._known(uid, new)
        if known is not None and _is_another(known, new):
            what = (uid, mark_of(new), as_utc(_start(new)), _title(new))
            uid = self._others.setdefault(what, f"{uid}#{number}")
            known = self._known(uid, new)
        if known is None:
            entries = self.entries.setdefault(uid, [])
            self._places[uid, mark_of(new)] = len(entries)
            entries.append(new)
            return uid
        self.older += _start(known) != _start(new)
        if version_of(new) > version_of(known):
            self.entries[uid][self._places[uid, mark_of(new)]] = new
        return uid

    def _known(self, uid: str, new: Entry) -> Entry | None:
        at = self._places.get((uid, mark_of(new)))
        return None if at is None else self.entries[uid][at]


def mark_of(entry: Any) -> _Mark:
    """Which date of its series an entry is about, `None` for the series or a single event."""
    value = entry.get("RECURRENCE-ID")
    return None if value is None else as_utc(value.dt)


def _is_another(known: Entry, new: Entry) -> bool:
    """Of one version there cannot be two beginnings or titles: these are two events."""
    if _sequence(known) != _sequence(new) or _both_stamped(known, new):
        return False
    return as_utc(_start(known)) != as_utc(_start(new)) or _title(known) != _title(new)


def _both_stamped(known: Entry, new: Entry) -> bool:
    """Whether DTSTAMP tells the copies apart."""
    return "" not in (_stamp(known), _stamp(new)) and _stamp(known) != _stamp(new)


def version_of(entry: Entry) -> tuple[int, str, bool]:
    """What makes one copy newer than another: its number, of equals when it was made, of those the
    cancellation."""
    return _sequence(entry), _stamp(entry), str(entry.get("STATUS", "")).upper() == "CANCELLED"


def _start(entry: Any) -> datetime | date:
    start: datetime | date = entry["DTSTART"].dt
    return start


def _title(entry: Any) -> str:
    return str(entry.get("SUMMARY", "")).strip()


def _stamp(entry: Any) -> str:
    try:
        moment = entry["DTSTAMP"].dt
    except UNREADABLE:
        return ""
    return as_utc(moment).isoformat() if isinstance(moment, date) else ""


def _sequence(entry: Any) -> int:
    try:
        return int(entry.get("SEQUENCE", 0))
    except UNREADABLE:
        return 0

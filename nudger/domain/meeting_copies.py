"""What makes the copies of a meeting in several calendars one meeting."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from nudger.domain.event import (
    AttendeeKind,
    Event,
    Provider,
)
from nudger.domain.zones import zone_or_utc


@dataclass(frozen=True, slots=True)
class Identity:
    """By what an event is known to be a meeting that another calendar shows too: by either."""

    meeting_key: str
    fingerprint: str


def identity(event: Event) -> Identity:
    return Identity(meeting_key(event), fingerprint(event))


def fingerprint(event: Event) -> str:
    """What copies of one meeting at different providers have in common: organizer, start, title
    and people. Their identifiers are the providers' own and differ."""
    people = {a.email for a in event.attendees if a.kind is not AttendeeKind.RESOURCE}
    organizer = event.organizer.email if event.organizer else ""
    title = " ".join(event.title.casefold().split())
    parts = [organizer, _start(event), title, *sorted(people | {organizer})]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _start(event: Event) -> str:
    """The moment; of whole days the first, whose midnight is another one in each zone."""
    if event.all_day:
        return f"{event.start.astimezone(zone_or_utc(event.time_zone)):%Y-%m-%d}"
    return str(int(event.start.timestamp()))


def meeting_key(event: Event) -> str:
    """What copies of one meeting in several calendars of one provider have in common.

    Google's iCalUID is one for a whole series, so that the original start tells its dates apart;
    Outlook's differs for each date.
    """
    original = event.key.original_start
    if original is None or event.key.provider is Provider.MICROSOFT:
        return f"{event.key.provider}:{event.ical_uid}"
    return f"{event.key.provider}:{event.ical_uid}:{original:%Y%m%dT%H%M%SZ}"

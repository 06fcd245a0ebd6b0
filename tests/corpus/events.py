"""Labelled events by an author who has not seen the rules: what a sales manager would be asked
about.

A line of events.jsonl is an event as a calendar shows it, its `theme`, the `verdict` ("ask" or
"skip") with `why`, the `customers` and what a person would call the customer (`customer_name`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nudger.domain.event import (
    Attendee,
    AttendeeKind,
    Event,
    EventKind,
    EventStatus,
    OccurrenceKey,
    Provider,
    Response,
    Visibility,
)

REP = "lea.brandt@northwind-sales.com"
FILE = Path(__file__).parent / "events.jsonl"


@dataclass(frozen=True, slots=True)
class Labelled:
    """An event with the judgement of a person."""

    event: Event
    theme: str
    asks: bool
    why: str
    customers: tuple[str, ...]
    customer_name: str | None


def labelled_events(file: Path = FILE) -> Iterator[Labelled]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            said = json.loads(line)
            yield Labelled(
                _event(said, f"event-{number}"),
                said["theme"],
                said["verdict"] == "ask",
                said["why"],
                tuple(said["customers"]),
                said["customer_name"],
            )


def _event(said: dict[str, Any], name: str) -> Event:
    organizer = said["organizer"]
    return Event(
        key=OccurrenceKey(Provider.GOOGLE, name),
        event_id=name,
        calendar=REP,
        ical_uid=name,
        etag="1",
        title=said["title"],
        start=datetime.fromisoformat(said["start"]),
        end=datetime.fromisoformat(said["end"]),
        time_zone="Europe/Berlin",
        organizer=_organizer(organizer) if organizer else None,
        attendees=tuple(_attendee(one) for one in said["attendees"]),
        status=EventStatus(said["status"]),
        kind=EventKind(said["kind"]),
        visibility=Visibility(said["visibility"]),
        all_day=said["all_day"],
        busy=said["busy"],
        organized_here=bool(organizer) and organizer["email"] == REP,
    )


def _organizer(said: dict[str, str]) -> Attendee:
    return Attendee(said["email"].lower(), said["name"], Response.ACCEPTED)


def _attendee(said: dict[str, str]) -> Attendee:
    return Attendee(
        said["email"].lower(),
        said["name"],
        Response(said["response"]),
        AttendeeKind(said["kind"]),
    )

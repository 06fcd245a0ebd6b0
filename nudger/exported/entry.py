"""One entry of an exported calendar as an `Event`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

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

_RESPONSES = {
    "ACCEPTED": Response.ACCEPTED,
    "TENTATIVE": Response.TENTATIVE,
    "DECLINED": Response.DECLINED,
}
_KINDS = {
    "ROOM": AttendeeKind.RESOURCE,
    "RESOURCE": AttendeeKind.RESOURCE,
    "GROUP": AttendeeKind.GROUP,
}
_STATUSES = {"CANCELLED": EventStatus.CANCELLED, "TENTATIVE": EventStatus.TENTATIVE}
_CLASSES = {
    "PRIVATE": Visibility.PRIVATE,
    "CONFIDENTIAL": Visibility.CONFIDENTIAL,
    "PUBLIC": Visibility.PUBLIC,
}
_BUSY = "X-MICROSOFT-CDO-BUSYSTATUS"
_OTHER_BUSY = "X-MICROSOFT-CDO-INTENDEDSTATUS"


def is_override(entry: Any) -> bool:
    return "RECURRENCE-ID" in entry


def original_start(entry: Any, zone: ZoneInfo) -> datetime:
    """Where the series put this date."""
    value = entry.get("RECURRENCE-ID") or entry["DTSTART"]
    return _moment(value.dt, zone)


def as_event(entry: Any, uid: str, owner: str, zone: ZoneInfo, *, recurs: bool) -> Event:
    """Raises `ValueError` and its like for what cannot be read."""
    start_value = entry["DTSTART"].dt
    start = _moment(start_value, zone)
    all_day = _is_all_day(entry, start_value)
    organizer = _organizer(entry)
    attendees = tuple(_attendees(entry))
    return Event(
        key=OccurrenceKey(
            Provider.FILE, uid, original_start(entry, zone).astimezone(UTC) if recurs else None
        ),
        event_id=uid,
        calendar=owner,
        ical_uid=uid,
        etag="",
        title=str(entry.get("SUMMARY", "")).strip(),
        start=start,
        end=_end(entry, start, zone, all_day=all_day),
        time_zone=_zone_name(start_value, zone),
        organizer=organizer,
        attendees=attendees,
        status=_STATUSES.get(_word(entry, "STATUS"), EventStatus.CONFIRMED),
        kind=_kind(entry),
        visibility=_CLASSES.get(_word(entry, "CLASS"), Visibility.DEFAULT),
        all_day=all_day,
        busy=_busy(entry),
        organized_here=organizer is not None and organizer.email == owner,
        location=str(entry.get("LOCATION", "")),
        description=str(entry.get("DESCRIPTION", "")),
    )


def _word(entry: Any, name: str) -> str:
    value = entry.get(name, "")
    value = value[0] if isinstance(value, list) and value else value
    return str(value).strip().upper()


def _moment(value: datetime | date, zone: ZoneInfo) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=zone)
    return datetime(value.year, value.month, value.day, tzinfo=zone)


def _zone_name(value: datetime | date, zone: ZoneInfo) -> str:
    own = getattr(value, "tzinfo", None)
    return own.key if isinstance(own, ZoneInfo) else zone.key


def _is_all_day(entry: Any, start: datetime | date) -> bool:
    return not isinstance(start, datetime) or _word(entry, "X-MICROSOFT-CDO-ALLDAYEVENT") == "TRUE"


def _end(entry: Any, start: datetime, zone: ZoneInfo, *, all_day: bool) -> datetime:
    """RFC 5545, 3.6.1: without an end, a day for a date and no time at all for a moment."""
    if "DTEND" in entry:
        return max(start, _moment(entry["DTEND"].dt, zone))
    if "DURATION" in entry:
        lasts: timedelta = entry["DURATION"].dt
        return max(start, start + lasts)
    return start + timedelta(days=1) if all_day else start + timedelta(minutes=1)


def _kind(entry: Any) -> EventKind:
    statuses = (_word(entry, _BUSY), _word(entry, _OTHER_BUSY))
    if "OOF" in statuses:
        return EventKind.OUT_OF_OFFICE
    return EventKind.WORKING_LOCATION if "WORKINGELSEWHERE" in statuses else EventKind.MEETING


def _busy(entry: Any) -> bool:
    return _word(entry, "TRANSP") != "TRANSPARENT" and _word(entry, _BUSY) != "FREE"


def _organizer(entry: Any) -> Attendee | None:
    value = entry.get("ORGANIZER")
    value = value[0] if isinstance(value, list) and value else value
    address = _address(value) if value is not None else ""
    return Attendee(address, name=_name(value)) if address else None


def _attendees(entry: Any) -> list[Attendee]:
    values = entry.get("ATTENDEE", [])
    values = values if isinstance(values, list) else [values]
    found: dict[str, Attendee] = {}
    for value in values:
        address = _address(value)
        if not address:
            continue
        parameters = getattr(value, "params", {})
        kind = str(parameters.get("CUTYPE", "")).upper()
        found.setdefault(
            address,
            Attendee(
                email=address,
                name=_name(value),
                response=_RESPONSES.get(
                    str(parameters.get("PARTSTAT", "")).upper(), Response.NEEDS_ACTION
                ),
                kind=_KINDS.get(kind, AttendeeKind.PERSON),
                optional=str(parameters.get("ROLE", "")).upper() == "OPT-PARTICIPANT",
            ),
        )
    return list(found.values())


def _address(value: Any) -> str:
    """The address behind "mailto:", however it is written; EMAIL where the value is none."""
    text = str(value).strip()
    bare = text[7:] if text.lower().startswith("mailto:") else text
    if "@" not in bare:
        bare = str(getattr(value, "params", {}).get("EMAIL", ""))
    bare = bare.strip().strip("<>").partition("?")[0].lower()
    return bare if "@" in bare and not any(c.isspace() for c in bare) else ""


def _name(value: Any) -> str:
    return str(getattr(value, "params", {}).get("CN", "")).strip('" ')

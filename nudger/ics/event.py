"""One entry of an exported calendar as an `Event`.

Sources: RFC 5545 and 5546; [MS-OXCICAL] for Outlook's X-MICROSOFT properties; vCalendar 1.0 for
what old phones write.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from nudger.domain.addresses import plain_address
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
    is_invitation,
)
from nudger.ics.calendar_zones import iana_of

_RESPONSES = {
    "ACCEPTED": Response.ACCEPTED,
    "TENTATIVE": Response.TENTATIVE,
    "DECLINED": Response.DECLINED,
    "DELEGATED": Response.DECLINED,
}
_KINDS = {
    "ROOM": AttendeeKind.RESOURCE,
    "RESOURCE": AttendeeKind.RESOURCE,
    "GROUP": AttendeeKind.GROUP,
}
_STATUSES = {"CANCELLED": EventStatus.CANCELLED, "TENTATIVE": EventStatus.TENTATIVE}
_CLASSES = {
    "": Visibility.DEFAULT,
    "PUBLIC": Visibility.PUBLIC,
    "CONFIDENTIAL": Visibility.CONFIDENTIAL,
}
_SHOWN_AS = (
    "X-MICROSOFT-CDO-BUSYSTATUS",
    "X-MICROSOFT-MSNCALENDAR-BUSYSTATUS",
    "X-MICROSOFT-CDO-INTENDEDSTATUS",
)
_ALL_DAY = ("X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT")
_MADE_FROM_MAIL = "mail.google.com/mail?extsrc=cal"
"""Where Google's "this event was created from an email" leads, in every language."""

_SCHEME = re.compile(r"(?:(?:mailto|smtp):\s*)+", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<![^\s<>\"'(),:;\\@])[^\s\0<>\"'(),:;\\@]++@[^\s\0<>\"'(),:;\\@?]+")
_MADE_UP = "@imip.me.com"
"""Where iCloud takes answers in an organizer's name; the address itself is in EMAIL."""


def is_override(entry: Any) -> bool:
    return "RECURRENCE-ID" in entry


def original_start(entry: Any, zone: ZoneInfo) -> datetime:
    """Where the series put this date; where a change goes for "this and following" (RANGE, RFC
    5545, 3.2.13) every date after it repeats the first one's RECURRENCE-ID, so that the start
    tells them apart."""
    value = entry.get("RECURRENCE-ID")
    if value is None or "RANGE" in getattr(value, "params", {}):
        value = entry["DTSTART"]
    return _moment(value.dt, zone)


def as_event(entry: Any, uid: str, owner: str, zone: ZoneInfo, *, recurs: bool) -> Event:
    """Raises `ValueError` and its like for what cannot be read."""
    start_value = entry["DTSTART"].dt
    start = _moment(start_value, zone)
    all_day = _is_all_day(entry, start_value)
    organizer = _organizer(entry)
    attendees, complete = _attendees(entry)
    description = _first(entry, "DESCRIPTION")
    return Event(
        key=OccurrenceKey(
            Provider.FILE, uid, original_start(entry, zone).astimezone(UTC) if recurs else None
        ),
        event_id=uid,
        calendar=owner,
        ical_uid=uid,
        etag="",
        title=_first(entry, "SUMMARY"),
        start=start,
        end=_end(entry, start, zone, all_day=all_day),
        time_zone=_zone_name(start_value, zone),
        organizer=organizer,
        attendees=attendees,
        status=_STATUSES.get(_word(entry, "STATUS"), EventStatus.CONFIRMED),
        kind=_kind(entry, description, attendees, owner),
        visibility=_CLASSES.get(_word(entry, "CLASS"), Visibility.PRIVATE),
        all_day=all_day,
        busy=_is_busy(entry),
        attendees_complete=complete,
        organized_here=organizer is not None and organizer.email == owner,
        description=description,
    )


def _first(entry: Any, *names: str) -> str:
    """The first of these properties that is there, the first value where it stands twice."""
    value = next((entry[name] for name in names if name in entry), "")
    value = value[0] if isinstance(value, list) and value else value
    return str(value).strip()


def _word(entry: Any, *names: str) -> str:
    return _first(entry, *names).upper()


def _moment(value: datetime | date, zone: ZoneInfo) -> datetime:
    """Raises `OverflowError` for one before the first day of UTC or after its last."""
    if isinstance(value, datetime):
        moment = value if value.tzinfo is not None else value.replace(tzinfo=zone)
    else:
        moment = datetime(value.year, value.month, value.day, tzinfo=zone)
    moment.astimezone(UTC)
    return moment


def _zone_name(value: datetime | date, zone: ZoneInfo) -> str:
    return iana_of(getattr(value, "tzinfo", None)) or zone.key


def _is_all_day(entry: Any, start: datetime | date) -> bool:
    return not isinstance(start, datetime) or _word(entry, *_ALL_DAY) == "TRUE"


def _end(entry: Any, start: datetime, zone: ZoneInfo, *, all_day: bool) -> datetime:
    """RFC 5545, 3.6.1: without an end, a day for a date and no time at all for a moment."""
    if "DTEND" in entry:
        return max(start, _moment(entry["DTEND"].dt, zone))
    if "DURATION" in entry:
        lasts: timedelta = entry["DURATION"].dt
        return max(start, start + lasts)
    return start + timedelta(days=1) if all_day else start + timedelta(minutes=1)


def _kind(entry: Any, description: str, attendees: tuple[Attendee, ...], owner: str) -> EventKind:
    """Shown as out of office, it is an absence whoever is invited; working elsewhere says where the
    owner works only where nobody is: a call from home is a call."""
    if _MADE_FROM_MAIL in description:
        return EventKind.FROM_MAIL
    shown = _word(entry, *_SHOWN_AS)
    if shown == "OOF":
        return EventKind.OUT_OF_OFFICE
    if shown == "WORKINGELSEWHERE" and not is_invitation(attendees, owner):
        return EventKind.WORKING_LOCATION
    return EventKind.MEETING


def _is_busy(entry: Any) -> bool:
    """Outlook's word goes before the plain one, which knows but two; not "busy", which other
    programs leave as it was when they set an event free."""
    shown = _word(entry, *_SHOWN_AS[:2])
    if shown in ("TENTATIVE", "WORKINGELSEWHERE"):
        return True
    return shown != "FREE" and _word(entry, "TRANSP") not in ("TRANSPARENT", "1")


def _organizer(entry: Any) -> Attendee | None:
    value = entry.get("ORGANIZER")
    value = value[0] if isinstance(value, list) and value else value
    address = _address(value) if value is not None else ""
    return Attendee(address, name=_name(value)) if address else None


def _attendees(entry: Any) -> tuple[tuple[Attendee, ...], bool]:
    """The guest list, and whether every guest on it has an address."""
    values = entry.get("ATTENDEE", [])
    values = values if isinstance(values, list) else [values]
    found: dict[str, Attendee] = {}
    complete = True
    for value in values:
        address, kind = _address(value), _attendee_kind(value)
        if address:
            found.setdefault(address, _attendee(value, address, kind))
        elif kind is not AttendeeKind.RESOURCE and _is_somebody(value):
            complete = False
    return tuple(found.values()), complete


def _attendee(value: Any, address: str, kind: AttendeeKind) -> Attendee:
    response = _parameter(value, "PARTSTAT") or _parameter(value, "STATUS")
    return Attendee(
        email=address,
        name=_name(value),
        response=_RESPONSES.get(response, Response.NEEDS_ACTION),
        kind=kind,
    )


def _attendee_kind(value: Any) -> AttendeeKind:
    """Who is "copied for information purposes only" (RFC 5545, 3.2.16) takes no part, as a room;
    who handed the invitation on is no participant either, and has that as an answer."""
    role, answer = _parameter(value, "ROLE"), _parameter(value, "PARTSTAT")
    if role == "NON-PARTICIPANT" and answer not in ("DELEGATED", "DECLINED"):
        return AttendeeKind.RESOURCE
    return _KINDS.get(_parameter(value, "CUTYPE"), AttendeeKind.PERSON)


def _is_somebody(value: Any) -> bool:
    """Whether this is a guest whose address is not told: a name without one. A path or a directory
    name is somebody of the same server as the calendar, so of ours."""
    text = _SCHEME.sub("", str(value).strip())
    return bool(_name(value) or text) and not text.startswith("/")


def _address(value: Any) -> str:
    """The address behind "mailto:", however it is written; else EMAIL's, else the name's."""
    text = unquote(_SCHEME.sub("", str(value).strip()))
    candidates = [text, str(getattr(value, "params", {}).get("EMAIL", "")), _name(value)]
    found = [plain_address(match[0]) for match in map(_ADDRESS.search, candidates) if match]
    real = [address for address in found if not address.endswith(_MADE_UP)]
    return (real or found or [""])[0]


def _parameter(value: Any, name: str) -> str:
    return str(getattr(value, "params", {}).get(name, "")).strip().upper()


def _name(value: Any) -> str:
    return str(getattr(value, "params", {}).get("CN", "")).strip("\"' ")

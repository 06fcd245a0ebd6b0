"""From a Calendar API event resource to `Event`.

Source: https://developers.google.com/workspace/calendar/api/v3/reference/events#resource
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
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
    TextFormat,
    Visibility,
)
from nudger.domain.zones import iana_name, zone_or_utc
from nudger.providers.storable_text import storable_text

MALFORMED = (LookupError, ValueError, TypeError, AttributeError, OverflowError)
"""What reading raises for an event that is not as Google describes events."""

FIELDS = (
    "id,iCalUID,etag,status,summary,start,end,originalStartTime,recurringEventId,eventType,"
    "transparency,visibility,attendeesOmitted,guestsCanSeeOtherGuests,htmlLink,"
    "organizer(email,displayName,self),"
    "attendees(email,displayName,responseStatus,resource,self)"
)

_KINDS = {
    "focusTime": EventKind.FOCUS_TIME,
    "outOfOffice": EventKind.OUT_OF_OFFICE,
    "workingLocation": EventKind.WORKING_LOCATION,
    "birthday": EventKind.BIRTHDAY,
    "fromGmail": EventKind.FROM_MAIL,
}
_RESPONSES = {
    "accepted": Response.ACCEPTED,
    "tentative": Response.TENTATIVE,
    "declined": Response.DECLINED,
}
_STATUSES = {"tentative": EventStatus.TENTATIVE, "cancelled": EventStatus.CANCELLED}
_VISIBILITIES = {
    "public": Visibility.PUBLIC,
    "private": Visibility.PRIVATE,
    "confidential": Visibility.CONFIDENTIAL,
}
_MARKUP = re.compile(
    r"<(?:br|p|div|span|b|i|u|a|ul|ol|li|strong|em|html-blob|h[1-6]|table)\b[^<>]*>|&(?:nbsp|amp|lt|gt|"
    r"quot|#\d{1,6});",
    re.IGNORECASE,
)


def parse_event(item: Mapping[str, Any], calendar: str, calendar_zone: str) -> Event:
    """The event of a list or get. Raises what is `MALFORMED`."""
    event_id = id_of(item)
    starts, listed = item["start"], item.get("attendees", ())
    attendees = tuple([_attendee(one) for one in listed if one.get("email")])
    organizer = item.get("organizer") or {}
    description = item.get("description")
    if not isinstance(description, str | None):
        raise TypeError("a description that is no text")
    return Event(
        key=_key(item, calendar_zone),
        event_id=event_id,
        calendar=calendar,
        ical_uid=storable_text(item.get("iCalUID")) or event_id,
        etag=storable_text(item.get("etag")),
        title=storable_text(item.get("summary")),
        start=_moment(starts, calendar_zone),
        end=_moment(item["end"], calendar_zone),
        time_zone=_zone(starts, calendar_zone),
        organizer=_attendee(organizer) if organizer.get("email") else None,
        attendees=attendees,
        status=_STATUSES.get(item.get("status", ""), EventStatus.CONFIRMED),
        kind=_KINDS.get(item.get("eventType", ""), EventKind.MEETING),
        visibility=_VISIBILITIES.get(item.get("visibility", ""), Visibility.DEFAULT),
        all_day="dateTime" not in starts,
        busy=item.get("transparency") != "transparent",
        attendees_complete=len(attendees) == len(listed) and _complete(item, organizer),
        organized_here=bool(organizer.get("self")),
        link=storable_text(item.get("htmlLink")),
        description=description,
        description_format=text_format(description) if description else TextFormat.PLAIN,
        zone_known=_is_zone_known(starts),
    )


def text_format(description: str) -> TextFormat:
    """Google keeps plain text and HTML in one field: markup in it tells which it is."""
    return TextFormat.HTML if _MARKUP.search(description) else TextFormat.PLAIN


def _key(item: Mapping[str, Any], calendar_zone: str) -> OccurrenceKey:
    series, original = item.get("recurringEventId"), item.get("originalStartTime")
    if series is None or original is None:
        return OccurrenceKey(Provider.GOOGLE, id_of(item))
    return OccurrenceKey(Provider.GOOGLE, id_of({"id": series}), _moment(original, calendar_zone))


def id_of(item: Mapping[str, Any]) -> str:
    """Raises what is `MALFORMED`."""
    found = storable_text(item["id"])
    if not found:
        raise ValueError("an event without an id")
    return found


def _moment(value: Mapping[str, str], calendar_zone: str) -> datetime:
    """The moment in UTC; of a whole day, its midnight in the calendar's zone."""
    if "dateTime" in value:
        moment = datetime.fromisoformat(value["dateTime"])
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone_or_utc(_zone(value, calendar_zone)))
        return moment.astimezone(UTC)
    day = date.fromisoformat(value["date"])
    local = datetime(day.year, day.month, day.day, tzinfo=zone_or_utc(calendar_zone))
    return local.astimezone(UTC)


def _zone(value: Mapping[str, str], calendar_zone: str) -> str:
    """The name of a moment's zone; of a whole day, and for a zone that does not exist, the
    calendar's."""
    named = value.get("timeZone") if "dateTime" in value else None
    return iana_name(named or "") or calendar_zone


def _is_zone_known(value: Mapping[str, str]) -> bool:
    named = value.get("timeZone")
    return not named or iana_name(named) is not None


def _attendee(item: Mapping[str, Any]) -> Attendee:
    email = storable_text(item["email"]).strip().lower()
    if not email:
        raise ValueError("a guest whose address is no text")
    return Attendee(
        email=email,
        name=storable_text(item.get("displayName")),
        response=_RESPONSES.get(item.get("responseStatus", ""), Response.NEEDS_ACTION),
        kind=_kind(item, email),
    )


def _kind(item: Mapping[str, Any], email: str) -> AttendeeKind:
    if item.get("resource") or email.endswith("@resource.calendar.google.com"):
        return AttendeeKind.RESOURCE
    is_group = email.endswith(("@googlegroups.com", "@group.calendar.google.com"))
    return AttendeeKind.GROUP if is_group else AttendeeKind.PERSON


def _complete(item: Mapping[str, Any], organizer: Mapping[str, Any]) -> bool:
    """Whether the guest list came whole: Google may cut it, an organizer may hide it."""
    hidden = item.get("guestsCanSeeOtherGuests") is False and not organizer.get("self")
    return not item.get("attendeesOmitted") and not hidden

"""Events as Graph shows them in one person's calendar, and the changes that a body asks for.

Sources: Graph v1.0 resources event, attendee, itemBody; [MS-OXOCAL] for global object ids.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from nudger.sandbox.entries import Entry, Guest
from nudger.sandbox.microsoft.answers import bad_request, immutable_id

_RESPONSES = {"accepted": "accepted", "tentative": "tentativelyAccepted", "declined": "declined"}
_WINDOWS = {
    "Europe/Berlin": "W. Europe Standard Time", "America/New_York": "Eastern Standard Time",
    "Asia/Kolkata": "India Standard Time", "UTC": "UTC",
}  # fmt: skip
_UNSAFE = re.compile(r"<!--.*?-->|\sdata-[\w-]+=\"[^\"]*\"|<script.*?</script>", re.DOTALL | re.I)
_PAGE = (
    '<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>'
    "<body>{}</body></html>"
)


def windows_zone(zone: str) -> str:
    """What Exchange calls an IANA zone; one that it has no name for keeps its own."""
    return _WINDOWS.get(zone, zone)


def is_exception(entry: Entry) -> bool:
    """Whether a date of a series was changed since the series put it there."""
    return entry.series_id is not None and entry.sequence > 1


def event_type(entry: Entry) -> str:
    if entry.series_id is None:
        return "singleInstance"
    return "exception" if is_exception(entry) else "occurrence"


def bare(entry: Entry) -> dict[str, Any]:
    """What a delta tells of an untouched date of a series."""
    return {
        "@odata.type": "#microsoft.graph.event",
        "id": immutable_id(entry.owner, entry.id),
        "seriesMasterId": immutable_id(entry.owner, entry.series_id or ""),
        "type": "occurrence",
        "start": _time(entry.start),
        "end": _time(entry.end),
    }


def master(first: Entry) -> dict[str, Any]:
    """The series itself, described by its first date."""
    shown = whole(first)
    shown |= {
        "id": immutable_id(first.owner, first.series_id or ""),
        "type": "seriesMaster",
        "seriesMasterId": None,
        "iCalUId": _uid(first.uid, None, first.zone),
    }
    shown.pop("originalStart", None)
    return shown


def whole(entry: Entry) -> dict[str, Any]:
    """Every property but the body."""
    own = next((one for one in entry.guests if one.email == entry.owner), None)
    shown: dict[str, Any] = {
        "@odata.etag": f'W/"{entry.changed}"',
        "id": immutable_id(entry.owner, entry.id),
        "changeKey": str(entry.changed),
        "type": event_type(entry),
        "iCalUId": _uid(entry.uid, entry.original_start, entry.zone),
        "seriesMasterId": (immutable_id(entry.owner, entry.series_id) if entry.series_id else None),
        "subject": entry.title,
        "start": _time(entry.start, entry if entry.all_day else None),
        "end": _time(entry.end, entry if entry.all_day else None),
        "originalStartTimeZone": windows_zone(entry.zone),
        "isAllDay": entry.all_day,
        "isCancelled": entry.status == "cancelled",
        "isDraft": False,
        "isOrganizer": entry.is_organizers,
        "organizer": {"emailAddress": {"name": entry.organizer, "address": entry.organizer}},
        "attendees": [_attendee(one) for one in _listed(entry)],
        "hideAttendees": entry.guests_hidden,
        "responseStatus": {
            "response": "organizer" if entry.is_organizers else _answer(own),
            "time": "0001-01-01T00:00:00Z",
        },
        "sensitivity": "private" if entry.visibility == "private" else "normal",
        "showAs": _shown_as(entry),
        "location": {"displayName": entry.location},
        "webLink": f"https://outlook.office365.com/owa/?itemid={entry.id}",
    }
    if entry.series_id and entry.original_start:
        shown["originalStart"] = entry.original_start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return shown


def body_of(entry: Entry) -> dict[str, str]:
    """Always HTML, a whole page, whatever it was written as."""
    return {"contentType": "html", "content": as_page(entry.description)}


def as_page(description: str) -> str:
    if "<html" in description[:200].lower():
        return description
    if "<" in description:
        return _PAGE.format(description)
    return _PAGE.format(html.escape(description, quote=False).replace("\n", "<br>\r\n"))


def stored_body(body: Mapping[str, Any]) -> str:
    """What Exchange keeps of an itemBody: text becomes a page, unsafe HTML goes."""
    content = str(body.get("content", ""))
    if str(body.get("contentType", "text")).lower() == "text":
        return as_page(content)
    return as_page(_UNSAFE.sub("", content))


def fields_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """The entry's fields that a POST or PATCH sets. Raises `GraphRefusal`."""
    fields: dict[str, Any] = {}
    if "subject" in body:
        fields["title"] = str(body["subject"] or "")
    if "body" in body:
        fields["description"] = stored_body(body["body"])
    if "showAs" in body:
        fields["transparent"] = body["showAs"] == "free"
    if "sensitivity" in body:
        fields["visibility"] = "private" if body["sensitivity"] == "private" else "default"
    for name in ("start", "end"):
        if name in body:
            fields[name] = _read_time(body[name])
    if "isAllDay" in body:
        fields["all_day"] = body["isAllDay"] is True
    if fields.get("all_day"):
        fields["zone"] = _whole_days(body)
    return fields


def _whole_days(body: Mapping[str, Any]) -> str:
    """The zone of whole days: Exchange takes midnights of one zone alone."""
    zones = {body[name]["timeZone"] for name in ("start", "end")}
    midnights = {body[name]["dateTime"][11:19] for name in ("start", "end")}
    if len(zones) > 1 or midnights != {"00:00:00"}:
        raise bad_request(
            "The Duration of an all-day event must be whole days.", "ErrorInvalidRequest"
        )
    return str(zones.pop())


def _read_time(value: Mapping[str, str]) -> datetime:
    try:
        zone = ZoneInfo(
            {v: k for k, v in _WINDOWS.items()}.get(value["timeZone"], value["timeZone"])
        )
        return datetime.fromisoformat(value["dateTime"]).replace(tzinfo=zone).astimezone(UTC)
    except (LookupError, ValueError, TypeError) as error:
        raise bad_request("The date or time is not valid.", "ErrorInvalidRequest") from error


def _time(moment: datetime, all_day: Entry | None = None) -> dict[str, str]:
    """All-day times are midnights of the day, whatever the zone beside them says."""
    local = moment.astimezone(ZoneInfo(all_day.zone) if all_day else UTC)
    return {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"}


def _uid(uid: str, original: datetime | None, zone: str) -> str:
    """Exchange's own ids hold the date of the series; what came from elsewhere keeps its own."""
    if uid.endswith("@google.com"):
        return uid
    digest = hashlib.sha256(uid.encode()).hexdigest().upper()
    date = "00000000"
    if original is not None:
        day = original.astimezone(ZoneInfo(zone))
        date = f"{day.year:04X}{day.month:02X}{day.day:02X}"
    return f"040000008200E00074C5B7101A82E008{date}{digest[:48]}"


def _listed(entry: Entry) -> list[Guest]:
    others = [one for one in entry.guests if one.email != entry.organizer]
    if entry.guests_hidden and not entry.is_organizers:
        return [one for one in others if one.email == entry.owner]
    return others


def _attendee(guest: Guest) -> dict[str, Any]:
    kind = "resource" if guest.resource else "optional" if guest.optional else "required"
    return {
        "type": kind,
        "status": {"response": _answer(guest), "time": "0001-01-01T00:00:00Z"},
        "emailAddress": {"name": guest.name or guest.email, "address": guest.email},
    }


def _answer(guest: Guest | None) -> str:
    return _RESPONSES.get(guest.response, "none") if guest else "none"


def _shown_as(entry: Entry) -> str:
    if entry.kind == "outOfOffice":
        return "oof"
    return "free" if entry.transparent else "busy"

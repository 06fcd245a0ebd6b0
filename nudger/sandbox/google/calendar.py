"""Calendar API v3 as the sandbox answers it: events, with their refusals.

Sources: developers.google.com/workspace/calendar/api, guides sync, errors, version-resources,
recurringevents and the reference of events.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from nudger.sandbox.calendars import new_entry_id
from nudger.sandbox.entries import Entry, Guest
from nudger.sandbox.google.answers import Call, Refusal, bad_request, not_found
from nudger.sandbox.world import World

MOST_DESCRIPTION = 8192
MOST_RESULTS = 2500
NOT_WITH_A_TOKEN = (
    "iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin",
    "timeMax", "updatedMin",
)  # fmt: skip
KEPT_BY_A_TOKEN = ("singleEvents", "maxResults", "showDeleted", "eventTypes")


class CalendarApi:
    """The methods by their id; each takes a `Call` and returns the resource."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._cache: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}
        self.methods = {
            "calendar.events.list": self.list_events,
            "calendar.events.get": self.get,
            "calendar.events.patch": self.patch,
            "calendar.events.insert": self.insert,
            "calendar.events.delete": self.delete,
            "calendar.calendars.get": self.calendar,
            "calendar.calendarList.get": self.calendar,
            "calendar.settings.get": self.setting,
        }

    def calendar(self, call: Call) -> dict[str, Any]:
        owner = self._owner(call)
        person = self._world.people[owner]
        return {"kind": "calendar#calendar", "id": owner, "timeZone": person.zone}

    def setting(self, call: Call) -> dict[str, Any]:
        if call.path["setting"] != "timezone":
            raise not_found()
        return {"kind": "calendar#setting", "id": "timezone", "value": self._zone(call.person)}

    def list_events(self, call: Call) -> dict[str, Any]:
        owner = self._owner(call)
        if "syncToken" in call.query:
            since = self._read_token(owner, call)
        else:
            since = {"at": 0, "kept": _kept(call), "min": call.query.get("timeMin")}
            if call.query.get("orderBy") == "startTime" and not call.flag("singleEvents"):
                raise bad_request("The requested ordering is not available.")
        until = self._world.calendars.clock
        chosen = self._chosen(owner, call, since)
        return self._page(owner, call, chosen, {**since, "at": until})

    def get(self, call: Call) -> dict[str, Any]:
        """Calendars that others share with somebody can be read as well."""
        owner = call.path["calendarId"].lower()
        if call.person not in self._world.calendars.readers.get(owner, ()):
            return self._resource(self._entry(call))
        entry = self._world.calendars.find(owner, call.path["eventId"])
        if entry is None:
            raise not_found()
        return self._resource(entry)

    def patch(self, call: Call) -> dict[str, Any]:
        entry = self._entry(call)
        wanted = call.headers.get("if-match")
        if wanted and wanted not in ("*", entry.etag):
            raise Refusal(412, "conditionNotMet", "Precondition Failed")
        fields = _fields(call.body)
        if len(fields.get("description", "")) > MOST_DESCRIPTION:
            raise bad_request("The description is too long.", "invalid")
        if entry.is_organizers:
            notify = call.query.get("sendUpdates", "none") in ("all", "externalOnly")
            self._world.calendars.change(entry, call.person, notify, **fields)
            return self._resource(entry)
        return self._patched_by_guest(entry, call.person, fields)

    def insert(self, call: Call) -> dict[str, Any]:
        owner = self._owner(call)
        entry_id = call.body.get("id") or new_entry_id()
        if self._world.calendars.find(owner, entry_id) is not None:
            raise Refusal(409, "duplicate", "The requested identifier already exists.")
        fields = _fields(call.body)
        if "start" not in fields or "end" not in fields:
            raise bad_request("Missing start or end time.", "required")
        entry = Entry(
            id=entry_id, owner=owner, uid=f"{entry_id}@google.com", organizer=owner,
            title=fields.pop("title", ""), start=fields.pop("start"), end=fields.pop("end"),
        )  # fmt: skip
        for name, value in fields.items():
            setattr(entry, name, value)
        self._world.calendars.add(entry)
        return self._resource(entry)

    def delete(self, call: Call) -> dict[str, Any]:
        entry = self._entry(call)
        if entry.status == "cancelled":
            raise Refusal(410, "deleted", "Resource has been deleted")
        notify = call.query.get("sendUpdates", "none") in ("all", "externalOnly")
        self._world.calendars.cancel(entry, call.person, notify)
        return {}

    def _patched_by_guest(
        self, entry: Entry, person: str, fields: dict[str, Any]
    ) -> dict[str, Any]:
        if entry.locked or entry.quirk == "refuse":
            message = "Shared properties can only be changed by the organizer of the event."
            raise Refusal(403, "forbiddenForNonOrganizer", message)
        if entry.quirk == "local":
            self._world.calendars.change(entry, person, False, **fields)
        return self._resource(entry)

    def _owner(self, call: Call) -> str:
        owner = call.path.get("calendarId", call.person).lower()
        owner = call.person if owner == "primary" else owner
        person = self._world.people.get(owner)
        if owner != call.person or person is None or not person.has_calendar:
            raise not_found()
        return owner

    def _entry(self, call: Call) -> Entry:
        entry = self._world.calendars.find(self._owner(call), call.path["eventId"])
        if entry is None:
            raise not_found()
        return entry

    def _zone(self, owner: str) -> str:
        return self._world.people[owner].zone

    def _read_token(self, owner: str, call: Call) -> dict[str, Any]:
        refused = [name for name in NOT_WITH_A_TOKEN if name in call.query]
        if refused:
            raise bad_request(f"Sync token cannot be used with {refused[0]}.")
        if call.query.get("showDeleted", "").lower() == "false":
            raise bad_request("showDeleted must not be false with a sync token.")
        try:
            token = json.loads(base64.urlsafe_b64decode(call.query["syncToken"]))
            at, owned = token["at"], token["owner"]
        except (ValueError, LookupError, TypeError) as error:
            raise bad_request("Invalid sync token value.", "invalid") from error
        if owned != owner or at < self._world.calendars.expired_before.get(owner, 0):
            raise Refusal(
                410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required."
            )
        if token["kept"] != _kept(call):
            raise bad_request("Sync token cannot be used with changed parameters.")
        return dict(token)

    def _chosen(self, owner: str, call: Call, since: Mapping[str, Any]) -> list[Entry]:
        entries = self._world.calendars.of(owner).values()
        incremental = since["at"] > 0
        earliest = _parsed(since["min"]) if since["min"] else None
        latest = _parsed(call.query["timeMax"]) if "timeMax" in call.query else None
        kinds = set(call.query.get("eventTypes", "").split(",")) - {""}
        return [
            one
            for one in entries
            if one.changed > since["at"]
            and (earliest is None or one.end > earliest)
            and (latest is None or one.start < latest)
            and (incremental or call.flag("showDeleted") or one.status != "cancelled")
            and (not kinds or one.kind in kinds)
        ]

    def _page(
        self, owner: str, call: Call, chosen: list[Entry], token: dict[str, Any]
    ) -> dict[str, Any]:
        if call.query.get("orderBy") == "startTime":
            chosen.sort(key=lambda one: one.start)
        first = int(call.query.get("pageToken", "0"))
        size = min(int(call.query.get("maxResults", "250")), MOST_RESULTS)
        size = self._world.calendars.page_size or size
        if self._world.calendars.empty_pages and "pageToken" not in call.query:
            size = 0
        last = first + size >= len(chosen) and size > 0
        page: dict[str, Any] = {
            "kind": "calendar#events",
            "summary": owner,
            "timeZone": self._zone(owner),
            "items": [self._resource(one) for one in chosen[first : first + size]],
        }
        if last and not self._world.calendars.gives_tokens:
            return page
        if last:
            page["nextSyncToken"] = base64.urlsafe_b64encode(
                json.dumps({**token, "owner": owner}).encode()
            ).decode()
        else:
            page["nextPageToken"] = str(first + size)
        return page

    def _resource(self, entry: Entry) -> dict[str, Any]:
        key = (entry.owner, entry.id)
        cached = self._cache.get(key)
        if cached is None or cached[0] != entry.changed:
            cached = self._cache[key] = (entry.changed, resource(entry))
        return cached[1]


def resource(entry: Entry) -> dict[str, Any]:
    """The event as its owner's calendar shows it."""
    if entry.status == "cancelled":
        gone = {"kind": "calendar#event", "id": entry.id, "status": "cancelled"}
        return gone | _series(entry)
    shown: dict[str, Any] = {
        "kind": "calendar#event",
        "etag": entry.etag,
        "id": entry.id,
        "status": entry.status,
        "htmlLink": f"https://calendar.google.com/event?eid={entry.id}",
        "created": "2026-11-01T08:00:00.000Z",
        "updated": f"2026-11-01T08:00:{entry.changed % 60:02d}.000Z",
        "summary": entry.title,
        "creator": {"email": entry.organizer},
        "organizer": _person(entry.organizer, entry.owner),
        "start": _time(entry, entry.start),
        "end": _time(entry, entry.end),
        "iCalUID": entry.uid,
        "sequence": entry.sequence,
        "eventType": entry.kind,
        "reminders": {"useDefault": True},
    }
    shown |= _optional(entry)
    return shown


def _optional(entry: Entry) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if entry.description:
        shown["description"] = entry.description
    if entry.location:
        shown["location"] = entry.location
    if entry.transparent:
        shown["transparency"] = "transparent"
    if entry.visibility != "default":
        shown["visibility"] = entry.visibility
    shown |= _series(entry) | _guest_list(entry)
    if entry.locked:
        shown["locked"] = True
    if entry.private_properties:
        shown["extendedProperties"] = {"private": entry.private_properties}
    if entry.source:
        shown["source"] = entry.source
    return shown


def _series(entry: Entry) -> dict[str, Any]:
    if not (entry.series_id and entry.original_start):
        return {}
    started = _time(entry, entry.original_start)
    return {"recurringEventId": entry.series_id, "originalStartTime": started}


def _guest_list(entry: Entry) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if entry.guests and not _hides_guests(entry):
        shown["attendees"] = [_attendee(one, entry) for one in entry.guests]
    if entry.guests_hidden:
        shown["guestsCanSeeOtherGuests"] = False
    if entry.guests_omitted or _hides_guests(entry):
        shown["attendeesOmitted"] = True
    return shown


def _hides_guests(entry: Entry) -> bool:
    return entry.guests_hidden and not entry.is_organizers


def _attendee(guest: Guest, entry: Entry) -> dict[str, Any]:
    shown = _person(guest.email, entry.owner)
    shown["responseStatus"] = guest.response
    if guest.name:
        shown["displayName"] = guest.name
    if guest.resource:
        shown["resource"] = True
    if guest.optional:
        shown["optional"] = True
    if guest.email == entry.organizer:
        shown["organizer"] = True
    return shown


def _person(email: str, owner: str) -> dict[str, Any]:
    return {"email": email, "self": True} if email == owner else {"email": email}


def _time(entry: Entry, moment: datetime) -> dict[str, str]:
    local = moment.astimezone(_zone_shown(entry.zone))
    if entry.all_day:
        return {"date": local.date().isoformat()}
    return {"dateTime": local.isoformat(timespec="seconds"), "timeZone": entry.zone}


def _zone_shown(name: str) -> tzinfo:
    """An event that was imported may name any zone; its times are right all the same."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError):
        return UTC


def _fields(body: Mapping[str, Any]) -> dict[str, Any]:
    """The entry's fields that a request body sets; null clears."""
    fields: dict[str, Any] = {}
    for theirs, ours in (("summary", "title"), ("description", "description"),
                         ("location", "location"), ("status", "status"),
                         ("visibility", "visibility"), ("source", "source")):  # fmt: skip
        if theirs in body:
            fields[ours] = body[theirs] or ""
    if "transparency" in body:
        fields["transparent"] = body["transparency"] == "transparent"
    if "attendees" in body:
        fields["guests"] = [_guest(one) for one in body["attendees"]]
    if "extendedProperties" in body:
        fields["private_properties"] = dict(body["extendedProperties"].get("private", {}))
    for name in ("start", "end"):
        if name in body:
            fields[name], fields["zone"], fields["all_day"] = _read_time(body[name])
    return fields


def _guest(item: Mapping[str, Any]) -> Guest:
    response = item.get("responseStatus", "needsAction")
    return Guest(item["email"].lower(), item.get("displayName", ""), response)


def _read_time(value: Mapping[str, str]) -> tuple[datetime, str, bool]:
    zone = value.get("timeZone") or "UTC"
    try:
        if value.get("date"):
            day = date.fromisoformat(value["date"])
            return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)), zone, True
        moment, known = datetime.fromisoformat(value["dateTime"]), ZoneInfo(zone)
    except (LookupError, ValueError) as error:
        raise bad_request("Invalid start or end time.", "invalid") from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=known)
    return aware.astimezone(UTC), zone, False


def _kept(call: Call) -> dict[str, str]:
    return {name: call.query[name] for name in KEPT_BY_A_TOKEN if name in call.query}


def _parsed(moment: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(moment)
    except ValueError as error:
        raise bad_request(f"Invalid time {moment!r}.", "invalid") from error
    if parsed.tzinfo is None:
        raise bad_request("A time zone offset is required.", "invalid")
    return parsed

"""One person's Google calendar, over the Calendar API v3.

Synchronization: https://developers.google.com/workspace/calendar/api/guides/sync

A list tells the calendar's own zone. Working hours are a part of the calendar resource, which our
scope does not open: https://developers.google.com/workspace/calendar/api/v3/reference/calendars
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from nudger.domain.event import Event
from nudger.domain.working_hours import CalendarHours
from nudger.domain.zones import iana_name, zone_or_utc
from nudger.providers.base import (
    AlreadyExists,
    CalendarGone,
    ChangePage,
    CompanionDraft,
    NotFound,
    ProviderError,
    Window,
    with_cursor,
)
from nudger.providers.google.parse import FIELDS, MALFORMED, id_of, parse_event
from nudger.providers.google.transport import Caller
from nudger.providers.storable_text import storable_text

log = logging.getLogger(__name__)

DESCRIPTION_LIMIT = 8192
PAGE_SIZE = 2500
DESCRIBED_FIELDS = f"{FIELDS},description"
LIST_FIELDS = f"timeZone,nextPageToken,nextSyncToken,items({FIELDS})"


_GONE = (
    "The Google calendar {calendar} is not there for us ({error}). Has the person left, or no "
    "Calendar licence? A calendar that is shared with us must still be; a secondary one goes with "
    "its owner's account, and is deleted with it."
)
"""Source: workspaceupdates.googleblog.com, 30 March 2026: secondary calendars have one owner."""


class GoogleCalendar:
    """The primary calendar of `person`, or another by its id, through the `events()` resource of
    the API's client."""

    hours_cost_a_call = False

    def __init__(self, events: Any, caller: Caller, person: str) -> None:
        self._events = events
        self._caller = caller
        self._person = person
        self._zone: str | None = None
        self._common = {
            "calendarId": person,
            "quotaUser": hashlib.sha256(person.encode()).hexdigest()[:32],
        }
        self._list = {
            **self._common,
            "singleEvents": True,
            "maxResults": PAGE_SIZE,
            "fields": LIST_FIELDS,
        }

    @property
    def description_limit(self) -> int | None:
        return DESCRIPTION_LIMIT

    def calendar_hours(self) -> CalendarHours:
        """The zone that the last page told; Google's events tell no working hours."""
        return CalendarHours(time_zone=self._zone)

    def full(self, window: Window) -> Iterator[ChangePage]:
        """See `Calendar.full`. The token that ends it remembers the window's start."""
        return with_cursor(self.peek(window))

    def peek(self, window: Window) -> Iterator[ChangePage]:
        bounds = {"timeMin": _rfc3339(window.start), "timeMax": _rfc3339(window.end)}
        return self._pages(bounds)

    def changes(self, cursor: str) -> Iterator[ChangePage]:
        return with_cursor(self._pages({"syncToken": cursor}))

    def get(self, event_id: str) -> Event:
        request = self._events.get(eventId=event_id, fields=DESCRIBED_FIELDS, **self._common)
        return self._parsed(self._caller.read(request))

    def write_description(self, event: Event, description: str) -> Event | None:
        """See `Calendar.write_description`. Only this field is sent: a patch replaces lists."""
        request = self._events.patch(
            eventId=event.event_id,
            body={"description": description},
            sendUpdates="none",
            fields=DESCRIBED_FIELDS,
            **self._common,
        )
        request.headers["If-Match"] = event.etag
        read = self._tolerant(self._caller.read(request), "UTC")
        return read if isinstance(read, Event) else None

    def write_notifies_guests(self, event: Event) -> bool:  # noqa: ARG002 - the contract's shape
        return False

    def create_companion(self, draft: CompanionDraft) -> Event:
        body = {**_companion_body(draft), "id": draft.id}
        request = self._events.insert(body=body, sendUpdates="none", **self._common)
        try:
            return self._parsed(self._caller.read(request))
        except AlreadyExists:
            self.update_companion(draft.id, draft)
            return self.get(draft.id)

    def update_companion(self, event_id: str, draft: CompanionDraft) -> None:
        body = {**_companion_body(draft), "status": "confirmed"}
        request = self._events.patch(
            eventId=event_id, body=body, sendUpdates="none", **self._common
        )
        self._caller.read(request)

    def delete_companion(self, event_id: str) -> None:
        request = self._events.delete(eventId=event_id, sendUpdates="none", **self._common)
        try:
            self._caller.read(request)
        except NotFound:
            log.info("the companion was gone already")

    def _pages(self, first: Mapping[str, Any]) -> Iterator[ChangePage]:
        parameters = {**self._list, **first}
        while True:
            try:
                page = self._caller.read(self._events.list(**parameters))
            except NotFound as error:
                raise CalendarGone(_GONE.format(calendar=self._person, error=error)) from error
            yield self._page(page)
            if "nextPageToken" not in page:
                return
            parameters["pageToken"] = page["nextPageToken"]

    def _page(self, page: Mapping[str, Any]) -> ChangePage:
        items = page.get("items", [])
        if not isinstance(items, list):
            raise ProviderError("Google's list of events is no list.")
        self._zone = iana_name(storable_text(page.get("timeZone")))
        events, removed = [], []
        for item in items:
            read = self._tolerant(item, self._zone or "UTC")
            if isinstance(read, Event):
                events.append(read)
            elif read is not None:
                removed.append(read)
        cursor = (
            None if "nextPageToken" in page else storable_text(page.get("nextSyncToken")) or None
        )
        return ChangePage(tuple(events), tuple(removed), cursor)

    def _tolerant(self, item: Mapping[str, Any], zone: str) -> Event | str | None:
        """The event, or the id of one that is gone, or `None` for one that is malformed: the
        others must not suffer."""
        try:
            if item.get("status") == "cancelled":
                return id_of(item)
            return parse_event(item, self._person, zone)
        except MALFORMED as error:
            log.warning("an event of %s cannot be read: %r", self._person, error)
            return None

    def _parsed(self, item: Mapping[str, Any]) -> Event:
        if item.get("status") == "cancelled":
            raise NotFound("The event is cancelled.")
        try:
            return parse_event(item, self._person, "UTC")
        except MALFORMED as error:
            raise ProviderError(f"Google's event cannot be read: {error!r}") from error


def _companion_body(draft: CompanionDraft) -> dict[str, Any]:
    body: dict[str, Any] = {
        "summary": draft.title,
        "description": draft.description,
        "start": _time(draft.start, draft),
        "end": _time(draft.end, draft),
        "visibility": "private",
        "transparency": "transparent",
        "reminders": {"useDefault": False},
        "extendedProperties": {"private": {"nudger": "companion"}},
    }
    if draft.meeting_link.startswith(("https://", "http://")):
        body["source"] = {"title": "Meeting", "url": draft.meeting_link}
    return body


def _time(moment: datetime, draft: CompanionDraft) -> dict[str, str | None]:
    """What is not meant is named as null, so that a patch takes it away."""
    if draft.all_day:
        day = moment.astimezone(zone_or_utc(draft.time_zone)).date()
        return {"date": day.isoformat(), "dateTime": None, "timeZone": None}
    return {"date": None, "dateTime": _rfc3339(moment), "timeZone": draft.time_zone}


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")

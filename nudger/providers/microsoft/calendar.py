"""One person's Outlook calendar, as `nudger.providers.base.Calendar`.

`removed` means "gone from the view": deleted, cancelled and taken out, or moved out of the window
that the cursor was made for. Where that makes a difference, `get` tells: `NotFound` or a cancelled
status is a cancellation, an event with other times was moved.

The cursor is Graph's delta link as it is, and the window is frozen in it: what lies behind the
window's end is never seen, so the caller reads fully again before its horizon gets there.

The body of an event is what every guest gets: changing it where the owner organizes mails all of
them, and Graph has no switch for it. `write_notifies_guests` says so; to write or not is decided
elsewhere.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from nudger.domain.event import Event, TextFormat
from nudger.domain.working_hours import CalendarHours
from nudger.domain.zones import zone_or_utc
from nudger.providers.base import (
    AccessDenied,
    AlreadyExists,
    CalendarGone,
    ChangePage,
    CompanionDraft,
    NotFound,
    ProviderError,
    Window,
    WriteRefused,
    with_cursor,
)
from nudger.providers.microsoft.calendar_hours import read_own_hours
from nudger.providers.microsoft.delta import DeltaRound
from nudger.providers.microsoft.graph import Graph
from nudger.providers.microsoft.parse import FIELDS, Unreadable, read_described
from nudger.providers.microsoft.request import (
    CREATED_ONCE,
    ITEM,
    NO_CONTENT,
    Account,
    Json,
    Request,
    by_property,
    carries,
    get,
    get_item,
    get_list,
    quoted,
)

PAGE_SIZE = 200
COMPANION_KEY = "String {5a1f1a52-7d0b-4f4e-9c0a-0f1f4c1d8e63} Name NudgerCompanion"
_TRANSACTIONS = uuid.UUID("3c9a0d1e-2f7b-4b1c-8a55-6f0e9d2b7c41")
_MOST_CREATIONS = 4


class OutlookCalendar:
    """The default calendar of `account`."""

    description_limit: int | None = None
    hours_cost_a_call = True

    def __init__(self, graph: Graph, account: Account, page_size: int = PAGE_SIZE) -> None:
        self._graph = graph
        self._account = account
        self._prefer = f"odata.maxpagesize={page_size}"

    def calendar_hours(self) -> CalendarHours:
        """See `Calendar.calendar_hours`. Needs MailboxSettings.Read; nothing else of the settings
        is read, such as the automatic reply."""
        request = get("/mailboxSettings", {"$select": "timeZone,workingHours"})
        return read_own_hours(self._graph.json(self._account, request))

    def full(self, window: Window) -> Iterator[ChangePage]:
        """See `Calendar.full`."""
        return with_cursor(self.peek(window))

    def peek(self, window: Window) -> Iterator[ChangePage]:
        """See `Calendar.peek`."""
        times = {"startDateTime": _utc(window.start), "endDateTime": _utc(window.end)}
        return self._round(get_list("/calendarView/delta", times, self._prefer))

    def changes(self, cursor: str) -> Iterator[ChangePage]:
        """See `Calendar.changes`."""
        return with_cursor(self._round(get_list(cursor, None, self._prefer)))

    def get(self, event_id: str) -> Event:
        """The event with its HTML body as Graph keeps it. Raises `NotFound`."""
        path = f"/events/{quoted(event_id)}"
        request = get_item(path, {"$select": f"{FIELDS},body"})
        return self._described(self._graph.json(self._account, request))

    def write_description(self, event: Event, description: str) -> Event | None:
        """Put `description`, in the event's own format, into it if it is still at `event.etag`;
        returns the event as Graph answers that it is now.

        Raises `WriteConflict`, `WriteRefused`, `NotFound`.
        """
        is_html = event.description_format is TextFormat.HTML
        body = {"contentType": "html" if is_html else "text", "content": description}
        path = f"/events/{quoted(event.event_id)}"
        etag = event.etag or None
        request = Request("PATCH", path, body={"body": body}, etag=etag, documented=ITEM)
        try:
            answer = self._graph.json(self._account, request)
        except AccessDenied as error:
            raise WriteRefused(str(error)) from error
        try:
            return read_described(answer, self._account.address)
        except Unreadable:
            return None

    def write_notifies_guests(self, event: Event) -> bool:
        """Whether the owner organizes it for somebody: then Graph mails everyone invited."""
        others = any(guest.email != event.calendar for guest in event.attendees)
        return event.organized_here and (others or not event.attendees_complete)

    def create_companion(self, draft: CompanionDraft) -> Event:
        """Create the companion event, or return the one that this draft made before.

        Graph drops a second creation with the same `transactionId`; whether it then answers with
        the first event or with 409 is not written down, so both are understood.
        """
        for round_number in range(_MOST_CREATIONS):
            body = _companion(draft) | _creation(draft, round_number)
            request = Request("POST", "/events", body=body, documented=CREATED_ONCE)
            try:
                created = self._graph.json(self._account, request)
            except AlreadyExists:
                if (found := self._find_companion(draft)) is not None:
                    return found
            else:
                return self._described(created)
        raise ProviderError(f"No companion event could be made for {self._account.address}.")

    def update_companion(self, event_id: str, draft: CompanionDraft) -> None:
        """See `Calendar.update_companion`."""
        path = f"/events/{quoted(event_id)}"
        request = Request("PATCH", path, body=_companion(draft), documented=ITEM)
        self._graph.call(self._account, request)

    def delete_companion(self, event_id: str) -> None:
        """See `Calendar.delete_companion`."""
        request = Request("DELETE", f"/events/{quoted(event_id)}", documented=NO_CONTENT)
        try:
            self._graph.call(self._account, request)
        except NotFound:
            return

    def _round(self, first: Request) -> Iterator[ChangePage]:
        one_round = DeltaRound(self._account.address, self._fetch)
        return one_round.pages(self._listed(first))

    def _listed(self, first: Request) -> Iterator[Json]:
        try:
            yield from self._graph.pages(self._account, first)
        except NotFound as error:
            raise CalendarGone(f"{error} Has the person left, or no Exchange licence?") from error

    def _fetch(self, event_ids: Sequence[str]) -> list[Json | ProviderError]:
        requests = [get_item(f"/events/{quoted(each)}", {"$select": FIELDS}) for each in event_ids]
        return self._graph.batch(self._account, requests)

    def _find_companion(self, draft: CompanionDraft) -> Event | None:
        params = {**by_property(COMPANION_KEY, draft.id), "$select": f"{FIELDS},body"}
        hits = self._graph.json(self._account, get_list("/events", params))["value"]
        found = (one for one in hits if carries(one, COMPANION_KEY, draft.id))
        return next(map(self._described, found), None)

    def _described(self, item: Json) -> Event:
        try:
            return read_described(item, self._account.address)
        except Unreadable as problem:
            raise ProviderError(
                f"An event of {self._account.address} cannot be read: {problem}"
            ) from problem


def _companion(draft: CompanionDraft) -> Json:
    """What the companion shows. As plain text, so that nothing in it is markup."""
    return {
        "subject": draft.title,
        "body": {"contentType": "text", "content": draft.description},
        "start": _time(draft.start, draft),
        "end": _time(draft.end, draft),
        "isAllDay": draft.all_day,
        "showAs": "free",
        "sensitivity": "private",
        "isReminderOn": False,
    }


def _creation(draft: CompanionDraft, round_number: int) -> Json:
    """What makes creating it twice make one; a later round is for one that was deleted since."""
    transaction = uuid.uuid5(_TRANSACTIONS, f"{draft.id}:{round_number}")
    return {
        "transactionId": str(transaction),
        "singleValueExtendedProperties": [{"id": COMPANION_KEY, "value": draft.id}],
    }


def _time(moment: datetime, draft: CompanionDraft) -> Json:
    """Whole days are midnights of their own zone; Graph refuses others."""
    zone = draft.time_zone if draft.all_day else "UTC"
    return {"dateTime": _local(moment, zone), "timeZone": zone}


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _local(moment: datetime, zone: str) -> str:
    return moment.astimezone(zone_or_utc(zone)).strftime("%Y-%m-%dT%H:%M:%S")

"""Calendar files, and what Google and Graph answer about events."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from nudger.domain.event import Attendee, Event
from nudger.ics.load import NotACalendar, read_files
from nudger.ics.occurrences import occurrences
from nudger.ics.trial import TrialRules, judge_all
from nudger.providers.base import ChangePage, NotFound, ProviderError, Window, with_cursor
from nudger.providers.google.calendar import GoogleCalendar
from nudger.providers.microsoft.delta import DeltaRound
from nudger.providers.microsoft.request import LIST
from tests.fuzz.mutate import mutate_json
from tests.fuzz.target import Target, is_storable, promise

ANA = "ana@ourco.example"
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
WINDOW = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))
RULES = TrialRules(ANA, {}, ZoneInfo("Europe/Berlin"))
LABELLED = Path(__file__).parents[2] / "ics" / "labelled"
LONGEST_SEED = 6_000
_TEXTS = ("event_id", "calendar", "ical_uid", "etag", "title", "time_zone", "link")

FILE_WORDS = tuple(
    line.encode() + b"\r\n"
    for line in (
        "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "BEGIN:VALARM", "END:VALARM", "UID:a", "METHOD:CANCEL",
        "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261231", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=9", "RRULE:FREQ=SECONDLY", "RRULE:FREQ=DAILY;INTERVAL=0", "EXDATE:20261124T090000Z",
        "RRULE:FREQ=YEARLY;BYWEEKNO=54", "RRULE:FREQ=DAILY;BYSETPOS=366", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "RDATE:20261125T090000Z", "RDATE;VALUE=PERIOD:20261125T090000Z/PT1H", "RECURRENCE-ID:20261124T090000Z",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261124T090000Z", "DTSTART:00010101T000000Z", "DTSTART:99991231T235959Z",
        "DTSTART;VALUE=DATE:20261124", "DTEND:20261124T100000", "DURATION:P99999999D", "DURATION:-PT1H", "SEQUENCE:x",
        "DTSTART;TZID=Custom:20261124T090000", "TZID:Custom", "TZOFFSETFROM:+2400", "TZOFFSETTO:+0100", "BEGIN:STANDARD",
        "ATTENDEE;CN=\"D\":mailto:dana@acme.example", "ORGANIZER:mailto:ana@ourco.example", "STATUS:CANCELLED", "X-WR-TIMEZONE:Mars",
        "SUMMARY;ENCODING=QUOTED-PRINTABLE:=C3=", "DTSTART;TZID=(UTC+01:00) Berlin:20261124T090000",
    )
)  # fmt: skip
SERIES = (
    b"BEGIN:VCALENDAR\r\nX-WR-TIMEZONE:Europe/Berlin\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Europe/Berlin:20261123T090000\r\n"
    b"DTEND;TZID=Europe/Berlin:20261123T100000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU;COUNT=6\r\nEXDATE;TZID=Europe/Berlin:20261124T090000\r\n"
    b"SUMMARY:ACME\r\nATTENDEE:mailto:dana@acme.example\r\nORGANIZER:mailto:ana@ourco.example\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:a\r\n"
    b"RECURRENCE-ID;TZID=Europe/Berlin:20261130T090000\r\nDTSTART;TZID=Europe/Berlin:20261130T110000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)  # fmt: skip


@cache
def file_seeds() -> Sequence[bytes]:
    """Small calendars: every event of the labelled files with what stands around it, and series."""
    seeds = [SERIES]
    for path in sorted(LABELLED.rglob("*.ics")):
        raw = path.read_bytes()
        head, *events = raw.split(b"BEGIN:VEVENT")
        seeds += [
            head[-1_500:]
            + b"\r\nBEGIN:VEVENT"
            + event.partition(b"END:VCALENDAR")[0]
            + b"END:VCALENDAR\r\n"
            for event in events[:6]
        ]
    return [b"BEGIN:VCALENDAR\r\n" + seed for seed in seeds if len(seed) < LONGEST_SEED]


@cache
def _folder() -> TemporaryDirectory[str]:
    """It goes when the process ends."""
    memory = "/dev/shm"  # noqa: S108 - a folder of our own is made in it
    return TemporaryDirectory(prefix="fuzz", dir=memory if Path(memory).is_dir() else None)


def read_file(data: bytes) -> Hashable:
    file = Path(_folder().name) / "x.ics"
    file.write_bytes(data)
    try:
        exported = read_files([file])
        found = occurrences(exported, ANA, WINDOW, "Europe/Berlin")
    except NotACalendar:
        return "not a calendar"
    finally:
        file.unlink()
    events = found.events
    for event in events:
        _hold(event)
        promise(event.end > WINDOW[0] and event.start < WINDOW[1], "in the window")
    judged = judge_all(events, RULES, NOW)
    problems = {" ".join(line.split()[-3:]) for line in found.problems}
    reasons = {one.reason for one in judged}
    return len(events) if len(events) < 8 else 8, frozenset(problems), frozenset(reasons)


def _hold(event: Event) -> None:
    """What is promised of every event, whoever gave it."""
    promise(all(isinstance(getattr(event, name), str) for name in _TEXTS), "texts are texts")
    promise(all(is_storable(getattr(event, name)) for name in _TEXTS), "texts can be stored")
    promise(isinstance(event.key.series_id, str) and event.key.series_id != "", "a key")
    moments = [event.start, event.end, *filter(None, [event.key.original_start])]
    promise(all(one.tzinfo is not None for one in moments), "moments are aware")
    for one in moments:
        one.astimezone(UTC)
    promise(event.description is None or isinstance(event.description, str), "a description")
    ZoneInfo(event.time_zone)
    guests = [*event.attendees, *filter(None, [event.organizer])]
    promise(all(map(_is_guest, guests)), "guests have an address and a name")
    repr(event), hash(event.key)


def _is_guest(guest: Attendee) -> bool:
    texts = isinstance(guest.email, str) and isinstance(guest.name, str)
    return texts and bool(guest.email) and is_storable(guest.email) and is_storable(guest.name)


class _Events:
    """The pages of one list, in place of the API's client."""

    def __init__(self, pages: Sequence[Any]) -> None:
        self._pages = pages

    def list(self, **parameters: Any) -> Any:
        token = parameters.get("pageToken")
        at = token if isinstance(token, int) else 0
        page = self._pages[min(at, len(self._pages) - 1)]
        if at + 1 < len(self._pages):
            return {**page, "nextPageToken": at + 1}
        return {name: value for name, value in page.items() if name != "nextPageToken"}


class _Caller:
    def read(self, request: Any) -> Any:
        return request


def read_google(data: bytes) -> Hashable:
    """Whole pages of a list: malformed events are left out, anything else is a provider's error."""
    pages = _pages(data)
    if pages is None:
        return "no pages"
    calendar = GoogleCalendar(_Events(pages), _Caller(), ANA)  # type: ignore[arg-type]
    return _read_all(calendar.peek(Window(*WINDOW)))


def _pages(data: bytes) -> list[dict[str, Any]] | None:
    """The transport lets nothing but objects through, and of Google no empty one."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if (
        not isinstance(found, list)
        or not found
        or not all(isinstance(page, dict) and page for page in found)
    ):
        return None
    return found


def _read_all(pages: Iterator[ChangePage]) -> Hashable:
    kinds: set[object] = set()
    count = removed = 0
    try:
        for page in with_cursor(pages):
            promise(page.cursor is None or isinstance(page.cursor, str), "a cursor is a text")
            promise(all(isinstance(one, str) and one for one in page.removed), "ids are texts")
            removed += len(page.removed)
            for event in page.events:
                _hold(event)
                count += 1
                kinds |= {event.kind, event.status, event.all_day, event.visibility}
                kinds |= {event.attendees_complete, len(event.attendees)}
    except ProviderError as error:
        return type(error).__name__, count
    return count, removed, frozenset(map(str, kinds))


GOOGLE_EVENT: dict[str, Any] = {
    "id": "e1", "iCalUID": "e1@google.com", "etag": '"1"', "status": "confirmed", "summary": "ACME", "eventType": "default",
    "organizer": {"email": ANA, "self": True}, "htmlLink": "https://calendar.google.com/x", "transparency": "opaque",
    "start": {"dateTime": "2026-11-24T14:00:00+01:00", "timeZone": "Europe/Berlin"}, "visibility": "default",
    "end": {"dateTime": "2026-11-24T15:00:00+01:00", "timeZone": "Europe/Berlin"}, "guestsCanSeeOtherGuests": True,
    "attendees": [{"email": "dana@acme.example", "displayName": "Dana", "responseStatus": "accepted"}, {"email": ANA, "self": True}],
}  # fmt: skip
GOOGLE_DAY = GOOGLE_EVENT | {
    "id": "e2",
    "start": {"date": "2026-11-24"},
    "end": {"date": "2026-11-25"},
}
GOOGLE_DATE = GOOGLE_EVENT | {
    "id": "e3_x",
    "recurringEventId": "e3",
    "originalStartTime": {"dateTime": "2026-11-24T14:00:00Z"},
}
GOOGLE_SEEDS = (
    [{"timeZone": "Europe/Berlin", "items": [GOOGLE_EVENT, GOOGLE_DAY], "nextSyncToken": "s"}],
    [{"timeZone": "Europe/Berlin", "items": [GOOGLE_DATE]}, {"items": [{"id": "e9", "status": "cancelled"}], "nextSyncToken": "s"}],
    [{"items": [GOOGLE_EVENT | {"eventType": "focusTime", "attendeesOmitted": True, "organizer": {}}], "nextSyncToken": "s"}],
    [{"nextSyncToken": "s"}],
)  # fmt: skip
UID = "040000008200E00074C5B7101A82E00800000000B08A7C4A39A8D901000000000000000010000000AB"
GRAPH_EVENT: dict[str, Any] = {
    "id": "g1", "type": "singleInstance", "subject": "ACME", "iCalUId": UID, "isAllDay": False, "isCancelled": False, "isDraft": False,
    "start": {"dateTime": "2026-11-24T09:00:00.0000000", "timeZone": "UTC"}, "end": {"dateTime": "2026-11-24T10:00:00.0000000", "timeZone": "UTC"},
    "originalStartTimeZone": "W. Europe Standard Time", "organizer": {"emailAddress": {"address": ANA, "name": "Ana"}}, "isOrganizer": True,
    "attendees": [{"emailAddress": {"address": "dana@acme.example", "name": "Dana"}, "type": "required", "status": {"response": "accepted"}}],
    "hideAttendees": False, "responseStatus": {"response": "organizer"}, "sensitivity": "normal", "showAs": "busy", "webLink": "https://x",
    "@odata.etag": 'W/"1"',
}  # fmt: skip
GRAPH_MASTER = GRAPH_EVENT | {"id": "m1", "type": "seriesMaster"}
GRAPH_DATE = {
    "id": "d1",
    "type": "occurrence",
    "seriesMasterId": "m1",
    "start": GRAPH_EVENT["start"],
    "end": GRAPH_EVENT["end"],
}
GRAPH_MOVED = GRAPH_EVENT | {
    "id": "d2",
    "type": "exception",
    "seriesMasterId": "m2",
    "originalStart": "2026-11-24T08:00:00Z",
    "iCalUId": "x",
}
GRAPH_SEEDS = (
    [{"value": [GRAPH_EVENT, GRAPH_DATE, GRAPH_MASTER], "@odata.deltaLink": "d"}],
    [{"value": [GRAPH_DATE]}, {"value": [GRAPH_MASTER, {"id": "g9", "@removed": {"reason": "deleted"}}], "@odata.deltaLink": "d"}],
    [{"value": [GRAPH_MOVED | {"originalStart": None}, GRAPH_EVENT | {"isAllDay": True, "showAs": "oof"}], "@odata.deltaLink": "d"}],
    [{"value": [], "@odata.deltaLink": "d"}],
)  # fmt: skip
JSON_WORDS = tuple(
    name.encode()
    for name in (*GOOGLE_EVENT, *GRAPH_EVENT, "date", "dateTime", "timeZone", "items", "value", "nextPageToken", "@removed", "seriesMasterId",
                 "originalStart", "originalStartTime", "recurringEventId", "email", "self", "resource", "emailAddress", "address", "seriesMaster",
                 "exception", "occurrence", "cancelled", "Europe/Berlin", "../../etc/passwd", "2026-03-29T02:30:00", "+14:00", "Z")
)  # fmt: skip


def read_graph(data: bytes) -> Hashable:
    """A round of delta pages, and the masters that it fetches."""
    pages = _pages(data)
    if pages is None:
        return "no pages"
    if not all(LIST.fits(200, page) for page in pages):
        return "not documented"
    linked = [
        {**page, "@odata.nextLink": "n"} if at + 1 < len(pages) else page
        for at, page in enumerate(pages)
    ]
    return _read_all(DeltaRound(ANA, _fetch).pages(linked))


def _fetch(wanted: Sequence[str]) -> list[Mapping[str, Any] | ProviderError]:
    known = {"m1": GRAPH_MASTER, "m2": GRAPH_MASTER | {"id": "m2"}, "d2": GRAPH_MOVED}
    return [known.get(one) or NotFound("gone") for one in wanted]


TARGETS = (
    Target("calendar_file", read_file, file_seeds, FILE_WORDS, 2, ".ics"),
    Target("google", read_google, lambda: [json.dumps(one).encode() for one in GOOGLE_SEEDS], JSON_WORDS, 14, ".json", mutate_json),
    Target("graph", read_graph, lambda: [json.dumps(one).encode() for one in GRAPH_SEEDS], JSON_WORDS, 14, ".json", mutate_json),
)  # fmt: skip

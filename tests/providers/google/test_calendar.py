"""What our calls to Google's calendar ask for beside their effect."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from nudger.domain.event import Event, OccurrenceKey, Provider
from nudger.providers.base import CompanionDraft, Window
from nudger.providers.google.calendar import GoogleCalendar
from nudger.providers.google.parse import FIELDS
from nudger.providers.google.transport import service

ANA = "ana@ourco.example"
START = datetime(2026, 11, 24, 13, tzinfo=UTC)
HOUR = timedelta(hours=1)
ITEM = {"id": "e1", "start": {"date": "2026-11-24"}, "end": {"date": "2026-11-25"}}
PAGE = {"items": [], "nextSyncToken": "s"}
EVENT = Event(
    OccurrenceKey(Provider.GOOGLE, "e1"),
    "e1",
    ANA,
    "e1",
    '"7"',
    "Call",
    START,
    START + HOUR,
    "UTC",
    None,
    (),
)
DRAFT = CompanionDraft("abcde", "Note", "C.O.: x", START, START + HOUR, "UTC", "https://meet/x")


class Noted:
    """Answers like Google, and keeps the requests that Google's own client made."""

    def __init__(self):
        self.requests = []

    def read(self, request):
        self.requests.append(request)
        return PAGE if request.methodId.endswith(".list") else ITEM


@pytest.fixture
def noted():
    return Noted()


@pytest.fixture
def calendar(noted):
    return GoogleCalendar(service("calendar", "v3", None).events(), noted, ANA)


def asked(request):
    return {name: one for name, (one,) in parse_qs(urlsplit(request.uri).query).items()}


WRITES = {
    "patch": lambda calendar: calendar.write_description(EVENT, "x"),
    "insert": lambda calendar: calendar.create_companion(DRAFT),
    "update": lambda calendar: calendar.update_companion("abcde", DRAFT),
    "delete": lambda calendar: calendar.delete_companion("abcde"),
}


@pytest.mark.parametrize("write", WRITES)
def test_no_write_mails_a_guest(calendar, noted, write):
    WRITES[write](calendar)
    (request,) = noted.requests
    assert asked(request)["sendUpdates"] == "none"
    assert len(asked(request)["quotaUser"]) == 32


def test_only_the_description_is_written_and_only_onto_what_was_read(calendar, noted):
    calendar.write_description(EVENT, "new")
    (request,) = noted.requests
    assert (request.method, json.loads(request.body)) == ("PATCH", {"description": "new"})
    assert request.headers["If-Match"] == '"7"'


def test_a_list_asks_for_single_dates_and_the_fields_that_we_read(calendar, noted):
    list(calendar.full(Window(START, START + HOUR)))
    list(calendar.changes("s0"))
    full, changes = map(asked, noted.requests)
    assert (full["timeMin"], full["timeMax"]) == (
        "2026-11-24T13:00:00+00:00",
        "2026-11-24T14:00:00+00:00",
    )
    assert (changes["syncToken"], "timeMin" in changes) == ("s0", False)
    for one in (full, changes):
        assert (one["singleEvents"], one["maxResults"]) == ("true", "2500")
        assert one["fields"] == f"timeZone,nextPageToken,nextSyncToken,items({FIELDS})"


def test_a_companion_is_private_free_and_reminds_nobody(calendar, noted):
    calendar.create_companion(DRAFT)
    body = json.loads(noted.requests[0].body)
    assert (body["id"], body["visibility"], body["transparency"]) == (
        "abcde",
        "private",
        "transparent",
    )
    assert body["reminders"] == {"useDefault": False}
    assert "attendees" not in body
    assert body["source"] == {"title": "Meeting", "url": "https://meet/x"}

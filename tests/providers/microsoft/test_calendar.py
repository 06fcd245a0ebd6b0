"""What our calls to Graph's calendar ask for beside their effect."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nudger.domain.event import Attendee, Event, OccurrenceKey, Provider, TextFormat
from nudger.providers.base import CompanionDraft, Window
from nudger.providers.microsoft.calendar import COMPANION_KEY, OutlookCalendar
from nudger.providers.microsoft.parse import FIELDS

REP = "rep@ourco.example"
START = datetime(2026, 11, 24, 13, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = {"dateTime": "2026-11-24T13:00:00.0000000", "timeZone": "UTC"}
ITEM = {"id": "e1", "start": MOMENT, "end": MOMENT}
DRAFT = CompanionDraft("abcde", "Note", "C.O.: x", START, START + HOUR, "UTC")
IMMUTABLE = 'IdType="ImmutableId"'


@pytest.fixture
def calendar(graph, rep) -> OutlookCalendar:
    return OutlookCalendar(graph, rep)


def event(text_format: TextFormat) -> Event:
    return Event(
        OccurrenceKey(Provider.MICROSOFT, "e1"), "e1", REP, "u", 'W/"7"', "Call", START,
        START + HOUR, "UTC", None, (), description_format=text_format,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("organized_here", "invited", "complete", "mails"),
    [
        (True, [REP, "dana@acme.example"], True, True),
        (True, ["dana@acme.example"], True, True),
        (True, [REP], False, True),
        (True, [], False, True),
        (True, [REP], True, False),
        (True, [], True, False),
        (False, [REP, "dana@acme.example"], True, False),
        (False, [REP], False, False),
    ],
)
def test_whom_a_write_would_mail(calendar, organized_here, invited, complete, mails) -> None:
    """Whoever may be invited, also where we are not told who is."""
    written = replace(
        event(TextFormat.HTML),
        organized_here=organized_here,
        attendees=tuple(map(Attendee, invited)),
        attendees_complete=complete,
    )
    assert calendar.write_notifies_guests(written) is mails


def test_a_round_asks_for_pages_of_a_size(calendar, service) -> None:
    service.say({"value": [], "@odata.deltaLink": f"{service.root}/d"})
    service.say({"value": [], "@odata.deltaLink": f"{service.root}/d"})
    list(calendar.full(Window(START, START + HOUR)))
    list(calendar.changes(f"{service.root}/d"))
    assert service.seen[0].params == {
        "startDateTime": "2026-11-24T13:00:00Z",
        "endDateTime": "2026-11-24T14:00:00Z",
    }
    for seen in service.seen:
        assert seen.headers["prefer"] == f"{IMMUTABLE}, odata.maxpagesize=200"


def test_one_event_is_asked_for_with_its_body_and_what_we_read(calendar, service) -> None:
    service.say(ITEM)
    calendar.get("e1")
    assert service.seen[0].params == {"$select": f"{FIELDS},body"}
    assert service.seen[0].headers["prefer"] == IMMUTABLE


def test_a_master_that_is_fetched_comes_with_what_we_read(calendar, service) -> None:
    date = ITEM | {"type": "occurrence", "seriesMasterId": "m"}
    service.say({"value": [date], "@odata.deltaLink": f"{service.root}/d"})
    service.say(ITEM | {"id": "m", "type": "seriesMaster", "subject": "Call"})
    pages = list(calendar.full(Window(START, START + HOUR)))
    assert [one.title for page in pages for one in page.events] == ["Call"]
    assert service.seen[1].params == {"$select": FIELDS}


@pytest.mark.parametrize(
    ("text_format", "kind"), [(TextFormat.HTML, "html"), (TextFormat.PLAIN, "text")]
)
def test_only_the_body_is_written_and_only_onto_what_was_read(
    calendar, service, text_format: TextFormat, kind: str
) -> None:
    service.say(ITEM)
    calendar.write_description(event(text_format), "new")
    seen = service.seen[0]
    assert seen.method == "PATCH"
    assert seen.json == {"body": {"contentType": kind, "content": "new"}}
    assert seen.headers["if-match"] == 'W/"7"'


def test_a_companion_is_private_free_and_reminds_nobody(calendar, service) -> None:
    service.say(ITEM, 201)
    calendar.create_companion(DRAFT)
    body: dict[str, Any] = service.seen[0].json
    assert (body["showAs"], body["sensitivity"], body["isReminderOn"]) == ("free", "private", False)
    assert "attendees" not in body
    assert body["singleValueExtendedProperties"] == [{"id": COMPANION_KEY, "value": "abcde"}]
    assert body["transactionId"]

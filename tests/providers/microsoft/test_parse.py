from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.event import (
    AttendeeKind,
    EventKind,
    EventStatus,
    OccurrenceKey,
    Provider,
    Response,
    TextFormat,
    Visibility,
)
from nudger.providers.microsoft.parse import (
    FIELDS,
    Unreadable,
    moment,
    occurrence_uid,
    read_date,
    read_described,
    read_event,
)

REP = "rep@ourco.example"
SERIES_UID = "040000008200E00074C5B7101A82E00800000000B08A7C4A39A8D901000000000000000010000000AB"


def at(text: str, zone: str = "UTC") -> dict[str, str]:
    return {"dateTime": text, "timeZone": zone}


def guest(address: str, response: str = "none", role: str = "required") -> dict[str, Any]:
    return {
        "type": role,
        "status": {"response": response, "time": "0001-01-01T00:00:00Z"},
        "emailAddress": {"name": address.partition("@")[0].title(), "address": address},
    }


def item(**changes: Any) -> dict[str, Any]:
    return {
        "@odata.etag": 'W/"e1"',
        "id": "AAMk-1",
        "type": "singleInstance",
        "seriesMasterId": None,
        "iCalUId": "uid-1",
        "subject": "Acme: pilot",
        "start": at("2026-03-02T09:00:00.0000000"),
        "end": at("2026-03-02T10:00:00.0000000"),
        "isAllDay": False,
        "isCancelled": False,
        "isDraft": False,
        "originalStartTimeZone": "W. Europe Standard Time",
        "organizer": {"emailAddress": {"name": "Rep", "address": "Rep@ourco.example"}},
        "isOrganizer": True,
        "attendees": [guest("buyer@acme.example", "accepted")],
        "hideAttendees": False,
        "responseStatus": {"response": "organizer"},
        "sensitivity": "normal",
        "showAs": "busy",
        "location": {"displayName": "Room 1"},
        "webLink": "https://outlook.office365.com/owa/?itemid=AAMk-1",
        "body": {"contentType": "html", "content": "<html><body>Hi</body></html>"},
    } | changes


def test_a_plain_meeting() -> None:
    event = read_event(item(), REP)
    assert event.key == OccurrenceKey(Provider.MICROSOFT, "AAMk-1")
    assert (event.event_id, event.calendar, event.ical_uid, event.etag) == (
        "AAMk-1", REP, "uid-1", 'W/"e1"',
    )  # fmt: skip
    assert event.start == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert event.end == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert event.time_zone == "Europe/Berlin"
    assert event.organizer is not None
    assert event.organizer.email == REP
    assert [(a.email, a.name, a.response) for a in event.attendees] == [
        ("buyer@acme.example", "Buyer", Response.ACCEPTED)
    ]
    assert (event.title, event.organized_here) == ("Acme: pilot", True)
    assert event.description is None


@pytest.mark.parametrize(
    ("changes", "name", "expected"),
    [
        ({"isCancelled": True}, "status", EventStatus.CANCELLED),
        ({"isDraft": True}, "status", EventStatus.TENTATIVE),
        ({}, "status", EventStatus.CONFIRMED),
        ({"sensitivity": "private"}, "visibility", Visibility.PRIVATE),
        ({"sensitivity": "personal"}, "visibility", Visibility.PRIVATE),
        ({"sensitivity": "confidential"}, "visibility", Visibility.CONFIDENTIAL),
        ({"sensitivity": None}, "visibility", Visibility.DEFAULT),
        ({"showAs": "free"}, "busy", False),
        ({"showAs": "tentative"}, "busy", True),
        ({"showAs": "unknown"}, "busy", True),
        ({"showAs": "oof"}, "kind", EventKind.OUT_OF_OFFICE),
        ({"showAs": "oof", "attendees": []}, "kind", EventKind.OUT_OF_OFFICE),
        ({"showAs": "workingElsewhere", "attendees": []}, "kind", EventKind.WORKING_LOCATION),
        ({"showAs": "workingElsewhere"}, "kind", EventKind.MEETING),
        ({"showAs": "workingElsewhere",
          "attendees": [guest("room@ourco.example", role="resource")]},
         "kind", EventKind.WORKING_LOCATION),
        ({"showAs": "busy", "attendees": []}, "kind", EventKind.MEETING),
        ({"hideAttendees": True}, "attendees_complete", True),
        ({"hideAttendees": True, "isOrganizer": False}, "attendees_complete", False),
        ({"attendees": [{"emailAddress": {}}]}, "attendees_complete", False),
        ({"attendees": [{"emailAddress": None}]}, "attendees", ()),
        ({"organizer": None}, "organizer", None),
        ({"subject": None}, "title", ""),
        ({"originalStartTimeZone": "tzone://Microsoft/Custom"}, "time_zone", "UTC"),
        ({"originalStartTimeZone": "Mars/Base"}, "zone_known", False),
        ({"originalStartTimeZone": None}, "zone_known", True),
        ({"seriesMasterId": "M", "type": "occurrence"}, "key",
         OccurrenceKey(Provider.MICROSOFT, "M", datetime(2026, 3, 2, 9, tzinfo=UTC))),
        ({"seriesMasterId": "M", "type": "exception", "originalStart": "2026-03-01T09:00:00Z"},
         "key", OccurrenceKey(Provider.MICROSOFT, "M", datetime(2026, 3, 1, 9, tzinfo=UTC))),
    ],
)  # fmt: skip
def test_what_properties_mean(changes: dict[str, Any], name: str, expected: Any) -> None:
    assert getattr(read_event(item(**changes), REP), name) == expected


def test_rooms_and_optional_guests() -> None:
    attendees = [
        guest("room@ourco.example", role="resource"),
        guest("Boss@Acme.example ", "declined", "optional"),
    ]
    room, boss = read_event(item(attendees=attendees), REP).attendees
    assert room.kind is AttendeeKind.RESOURCE
    assert (boss.kind, boss.email, boss.response) == (
        AttendeeKind.PERSON, "boss@acme.example", Response.DECLINED,
    )  # fmt: skip


def test_the_owners_own_answer_stands_in_response_status() -> None:
    declined = {"isOrganizer": False, "responseStatus": {"response": "declined"}}
    listed = read_event(item(attendees=[guest(REP), guest("b@acme.example")], **declined), REP)
    assert [a.response for a in listed.attendees] == [Response.DECLINED, Response.NEEDS_ACTION]
    through_a_group = read_event(item(attendees=[guest("sales@ourco.example")], **declined), REP)
    assert [(a.email, a.response) for a in through_a_group.attendees] == [
        ("sales@ourco.example", Response.NEEDS_ACTION),
        (REP, Response.DECLINED),
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (at("2026-03-02T09:00:00.0000000"), datetime(2026, 3, 2, 9, tzinfo=UTC)),
        (at("2026-03-02T09:00:00"), datetime(2026, 3, 2, 9, tzinfo=UTC)),
        (at("2026-03-02T09:00"), datetime(2026, 3, 2, 9, tzinfo=UTC)),
        (at("2026-07-02T09:00:00", "W. Europe Standard Time"), datetime(2026, 7, 2, 7, tzinfo=UTC)),
        (at("2026-03-02T09:00:00Z", "Europe/Paris"), datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ({"dateTime": "2026-03-02T09:00:00"}, datetime(2026, 3, 2, 9, tzinfo=UTC)),
    ],
)
def test_moments(value: dict[str, str], expected: datetime) -> None:
    assert moment(value) == expected


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (at("2026-03-02T00:00:00.0000000"), at("2026-03-03T00:00:00.0000000")),
        (at("2026-03-01T23:00:00.0000000"), at("2026-03-02T23:00:00.0000000")),
        (at("2026-03-02T00:00:00.0000000"), at("2026-03-02T00:00:00.0000000")),
    ],
)
def test_all_day_events_run_between_local_midnights(
    start: dict[str, str], end: dict[str, str]
) -> None:
    event = read_event(item(isAllDay=True, start=start, end=end), REP)
    berlin = ZoneInfo("Europe/Berlin")
    assert event.all_day
    assert event.start == datetime(2026, 3, 2, tzinfo=berlin)
    assert event.end == datetime(2026, 3, 3, tzinfo=berlin)


def test_an_all_day_date_keeps_its_key_when_it_becomes_an_exception() -> None:
    days = {"start": at("2026-03-02T00:00:00"), "end": at("2026-03-03T00:00:00")}
    common = {"isAllDay": True, "seriesMasterId": "M", **days}
    untouched = read_event(item(type="occurrence", **common), REP)
    changed = item(type="exception", originalStart="2026-03-01T23:00:00Z", **common)
    assert read_event(changed, REP).key == untouched.key


def test_the_body_is_kept_byte_for_byte() -> None:
    content = (
        '<html><head></head><body>é &amp; <div class="me-email-text">join</div>\r\n</body></html>'
    )
    event = read_described(item(body={"contentType": "html", "content": content}), REP)
    assert event.description == content
    assert event.description_format is TextFormat.HTML


def test_a_text_body_says_so() -> None:
    event = read_described(item(body={"contentType": "text", "content": "a < b"}), REP)
    assert (event.description, event.description_format) == ("a < b", TextFormat.PLAIN)


def test_a_bare_date_takes_the_rest_from_its_master() -> None:
    master = item(id="M", type="seriesMaster", iCalUId=SERIES_UID, start=at("2020-01-06T09:00:00"))
    bare = {
        "id": "D",
        "@odata.etag": 'W/"d"',
        "type": "occurrence",
        "seriesMasterId": "M",
        "subject": None,
        "start": at("2026-03-09T09:00:00"),
        "end": at("2026-03-09T10:00:00"),
    }
    event = read_date(master, bare, REP)
    original = datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert event.key == OccurrenceKey(Provider.MICROSOFT, "M", original)
    assert (event.event_id, event.etag, event.title) == ("D", 'W/"d"', "Acme: pilot")
    assert (event.start, event.end) == (original, original + timedelta(hours=1))
    assert event.ical_uid == SERIES_UID[:32] + "07EA0309" + SERIES_UID[40:]
    assert event.attendees[0].email == "buyer@acme.example"


@pytest.mark.parametrize(
    ("uid", "zone", "expected"),
    [
        (SERIES_UID, "UTC", SERIES_UID[:32] + "07EA0310" + SERIES_UID[40:]),
        (SERIES_UID, "America/Los_Angeles", SERIES_UID[:32] + "07EA030F" + SERIES_UID[40:]),
        ("abc@google.example", "UTC", "abc@google.example:20260316T020000Z"),
    ],
)
def test_each_date_has_its_own_uid(uid: str, zone: str, expected: str) -> None:
    assert occurrence_uid(uid, datetime(2026, 3, 16, 2, tzinfo=UTC), zone) == expected


def test_the_fields_we_ask_for_hold_all_that_we_read() -> None:
    asked = {name: value for name, value in item().items() if name in FIELDS.split(",")}
    whole = read_event(item(), REP)
    assert read_event(asked | {"@odata.etag": 'W/"e1"'}, REP) == whole


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*FIELDS.split(","), "body", "@odata.etag"]), JSON))
def test_any_object_gives_an_event_or_says_that_it_is_unreadable(changes: dict[str, Any]) -> None:
    whole = item(**changes)
    for read in (read_event, read_described):
        try:
            event = read(whole, REP)
        except Unreadable:
            continue
        assert event.start.tzinfo is not None
        assert event.event_id
        assert all(isinstance(text, str) for text in (event.title, event.etag, event.ical_uid))
    with pytest.raises(Unreadable):
        read_event(item(start=None), REP)

"""From Google's event resource to our event."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nudger.domain.event import AttendeeKind, EventKind, Response, TextFormat, Visibility
from nudger.providers.google.parse import parse_event

ANA = "ana@ourco.example"


def item(**changes):
    return {
        "id": "e1", "iCalUID": "e1@google.com", "etag": '"1"', "status": "confirmed",
        "summary": "ACME", "organizer": {"email": ANA, "self": True},
        "start": {"dateTime": "2026-11-24T14:00:00+01:00", "timeZone": "Europe/Berlin"},
        "end": {"dateTime": "2026-11-24T15:00:00+01:00", "timeZone": "Europe/Berlin"},
        **changes,
    }  # fmt: skip


def test_a_plain_event():
    event = parse_event(item(), ANA, "UTC")
    assert event.start == datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert (event.title, event.kind, event.busy) == ("ACME", EventKind.MEETING, True)
    assert event.organized_here


@pytest.mark.parametrize(
    ("named", "zone", "known"),
    [
        ("Europe/Paris", "Europe/Paris", True),
        ("Mars/Base", "Europe/Berlin", False),
        ("../../etc/passwd", "Europe/Berlin", False),
        ("", "Europe/Berlin", True),
    ],
)
def test_a_zone_that_does_not_exist_is_the_calendars(named, zone, known):
    for shown in ("2026-11-24T14:00:00+01:00", "2026-11-24T14:00:00"):
        start = {"dateTime": shown, "timeZone": named}
        event = parse_event(item(start=start), ANA, "Europe/Berlin")
        assert event.start == datetime(2026, 11, 24, 13, tzinfo=UTC)
        assert (event.time_zone, event.zone_known) == (zone, known)


def test_what_is_missing_has_a_meaning():
    shown = item()
    del shown["summary"], shown["organizer"]
    event = parse_event(shown, ANA, "UTC")
    assert (event.title, event.organizer, event.attendees) == ("", None, ())


@pytest.mark.parametrize(
    ("given_kind", "kind"),
    [
        ("default", EventKind.MEETING),
        ("focusTime", EventKind.FOCUS_TIME),
        ("outOfOffice", EventKind.OUT_OF_OFFICE),
        ("workingLocation", EventKind.WORKING_LOCATION),
        ("birthday", EventKind.BIRTHDAY),
        ("fromGmail", EventKind.FROM_MAIL),
        ("somethingNew", EventKind.MEETING),
    ],
)
def test_kinds(given_kind, kind):
    assert parse_event(item(eventType=given_kind), ANA, "UTC").kind is kind


def test_guests():
    guests = [
        {"email": "Dana@ACME.example ", "displayName": "Dana", "responseStatus": "tentative"},
        {"email": "room@resource.calendar.google.com", "resource": True},
        {"email": "x@y.example", "responseStatus": "surprise"},
        {"displayName": "Nobody"},
    ]
    found = parse_event(item(attendees=guests), ANA, "UTC").attendees
    assert found[0].email == "dana@acme.example"
    assert found[0].response is Response.TENTATIVE
    assert found[1].kind is AttendeeKind.RESOURCE
    assert found[2].response is Response.NEEDS_ACTION


@pytest.mark.parametrize(
    ("guest", "kind"),
    [
        ({"email": "board@ourco.example", "resource": True}, AttendeeKind.RESOURCE),
        ({"email": "c_1@resource.calendar.google.com"}, AttendeeKind.RESOURCE),
        ({"email": "all@googlegroups.com"}, AttendeeKind.GROUP),
        ({"email": "c_2@group.calendar.google.com"}, AttendeeKind.GROUP),
        ({"email": "dana@acme.example", "resource": False}, AttendeeKind.PERSON),
        ({"email": "board@resource.acme.example"}, AttendeeKind.PERSON),
    ],
)
def test_what_a_guest_is(guest, kind):
    assert parse_event(item(attendees=[guest]), ANA, "UTC").attendees[0].kind is kind


NAMELESS = [{"email": ANA}, {"id": "1", "displayName": "Dana"}]
ANOTHERS = {"organizer": {"email": "dana@acme.example"}}


@pytest.mark.parametrize(
    ("changes", "is_whole"),
    [
        ({}, True),
        (ANOTHERS, True),
        ({"attendeesOmitted": True}, False),
        ({"attendees": NAMELESS}, False),
        ({**ANOTHERS, "guestsCanSeeOtherGuests": False}, False),
        ({"guestsCanSeeOtherGuests": False}, True),
    ],
)
def test_a_guest_list_is_whole_where_nothing_of_it_is_hidden_from_us(changes, is_whole):
    """Whoever organizes sees all guests, whatever these may see."""
    assert parse_event(item(**changes), ANA, "UTC").attendees_complete is is_whole


def test_an_all_day_event_runs_from_midnight_in_the_calendars_zone():
    shown = item(start={"date": "2026-11-24"}, end={"date": "2026-11-25"})
    event = parse_event(shown, ANA, "America/New_York")
    assert event.all_day
    assert event.start == datetime(2026, 11, 24, 5, tzinfo=UTC)


def test_a_date_of_a_series_keeps_its_original_start():
    shown = item(
        recurringEventId="series",
        originalStartTime={"dateTime": "2026-11-23T14:00:00+01:00"},
    )
    key = parse_event(shown, ANA, "UTC").key
    assert (key.series_id, key.original_start) == ("series", datetime(2026, 11, 23, 13, tzinfo=UTC))


def test_free_private_and_html():
    shown = item(transparency="transparent", visibility="private", description="<b>Agenda</b>")
    event = parse_event(shown, ANA, "UTC")
    assert (event.busy, event.visibility) == (False, Visibility.PRIVATE)
    assert event.description_format is TextFormat.HTML


@pytest.mark.parametrize(
    "broken",
    [{"start": {}}, {"start": {"dateTime": "soon"}}, {"start": None}, {"id": None, "start": 5}],
)
def test_what_cannot_be_read_raises_what_the_calendar_catches(broken):
    with pytest.raises((LookupError, ValueError, TypeError, AttributeError)):
        parse_event(item(**broken), ANA, "UTC")

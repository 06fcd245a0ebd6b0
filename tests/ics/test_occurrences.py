"""The dates of series, as RFC 5545 has them and as exports write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.event import AttendeeKind, EventKind, EventStatus, Response
from nudger.ics.lines import read_content
from nudger.ics.load import Exported, _add
from nudger.ics.occurrences import occurrences

WINDOW = (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))


def read(*events, before=()):
    lines = ["BEGIN:VCALENDAR", *before]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    exported = Exported()
    _add(exported, "x.ics", read_content("\r\n".join([*lines, "END:VCALENDAR"]).encode()))
    return occurrences(exported, "ana@ourco.com", WINDOW, "Europe/Berlin").events


def starts(*lines, overrides=(), before=()):
    master = ["UID:a", "SUMMARY:x", *lines]
    found = read(master, *(["UID:a", "SUMMARY:x", *one] for one in overrides), before=before)
    return sorted(event.start.astimezone(UTC).strftime("%m-%d %H:%M") for event in found)


@pytest.mark.parametrize(
    ("lines", "dates"),
    [
        (["DTSTART:20260302T090000Z"], ["03-02 09:00"]),
        (["DTSTART:20260302T090000"], ["03-02 08:00"]),
        (["DTSTART;TZID=America/New_York:20260302T090000"], ["03-02 14:00"]),
        (["DTSTART;TZID=Eastern Standard Time:20260302T090000"], ["03-02 14:00"]),
        (["DTSTART;TZID=\"(UTC+01:00) Berlin\":20260302T090000"], ["03-02 08:00"]),
        # the clocks go forward on 29 March
        (["DTSTART;TZID=Europe/Berlin:20260327T090000", "RRULE:FREQ=DAILY;COUNT=4"],
         ["03-27 08:00", "03-28 08:00", "03-29 07:00", "03-30 07:00"]),
        (["DTSTART:20260302T090000Z", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20260309T090000Z"],
         ["03-02 09:00", "03-16 09:00"]),
        (["DTSTART:20260302T090000Z", "RRULE:FREQ=WEEKLY;UNTIL=20260309"], ["03-02 09:00", "03-09 09:00"]),
        (["DTSTART:20260302T090000Z", "RDATE:20260303T090000Z"], ["03-02 09:00", "03-03 09:00"]),
        (["DTSTART:20260302T090000Z", "RRULE:FREQ=SECONDLY"], ["03-02 09:00"]),
        (["DTSTART:20260302T090000Z", "RRULE:FREQ=DAILY;INTERVAL=0"], ["03-02 09:00"]),
        (["DTSTART:20260302T090000Z", "RRULE:nonsense"], ["03-02 09:00"]),
        (["DTSTART:20200302T090000Z", "RRULE:FREQ=YEARLY"], ["03-02 09:00"]),
        (["DTSTART:20260601T090000Z"], []),
    ],
)  # fmt: skip
def test_dates(lines, dates):
    assert starts(*lines) == dates


@pytest.mark.parametrize(
    ("override", "dates"),
    [
        (["RECURRENCE-ID:20260309T090000Z", "DTSTART:20260310T100000Z"], ["03-02 09:00", "03-10 10:00"]),
        (["RECURRENCE-ID;VALUE=DATE:20260309", "DTSTART:20260310T100000Z"], ["03-02 09:00", "03-10 10:00"]),
        (["RECURRENCE-ID:20260309T090000Z", "DTSTART:20260709T090000Z"], ["03-02 09:00"]),
    ],
)  # fmt: skip
def test_a_moved_date_leaves_its_place(override, dates):
    series = ["DTSTART:20260302T090000Z", "RRULE:FREQ=WEEKLY;COUNT=2"]
    assert starts(*series, overrides=[override]) == dates


@given(st.integers(1, 4), st.integers(1, 12), st.sets(st.integers(0, 11)))
def test_a_weekly_series_has_each_date_but_those_taken_out(interval, count, taken):
    first = datetime(2026, 3, 2, 9, tzinfo=UTC)
    dates = [first + timedelta(weeks=interval * n) for n in range(count)]
    out = [f"EXDATE:{dates[n]:%Y%m%dT%H%M%SZ}" for n in sorted(taken) if n < count]
    left = [date for n, date in enumerate(dates) if n not in taken and date < WINDOW[1]]
    rule = f"RRULE:FREQ=WEEKLY;INTERVAL={interval};COUNT={count}"
    found = read(["UID:a", "DTSTART:20260302T090000Z", rule, *out])
    assert sorted(event.start for event in found) == left


@pytest.mark.parametrize(
    ("lines", "minutes", "all_day"),
    [
        (["DTSTART:20260302T090000Z", "DTEND:20260302T094500Z"], 45, False),
        (["DTSTART:20260302T090000Z", "DURATION:PT30M"], 30, False),
        (["DTSTART:20260302T090000Z"], 1, False),
        (["DTSTART;VALUE=DATE:20260302"], 1440, True),
        (["DTSTART:20260302T090000Z", "DTEND:20260302T080000Z"], 0, False),
        (["DTSTART:20260302T090000Z", "DTEND:20260303T090000Z", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"], 1440, True),
    ],
)  # fmt: skip
def test_how_long(lines, minutes, all_day):
    event = read(["UID:a", *lines])[0]
    assert ((event.end - event.start) // timedelta(minutes=1), event.all_day) == (minutes, all_day)


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        (["STATUS:CANCELLED"], "status", EventStatus.CANCELLED),
        (["STATUS:TENTATIVE"], "status", EventStatus.TENTATIVE),
        ([], "status", EventStatus.CONFIRMED),
        (["TRANSP:TRANSPARENT"], "busy", False),
        (["TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"], "busy", True),
        (["X-MICROSOFT-CDO-BUSYSTATUS:FREE"], "busy", False),
        (["X-MICROSOFT-CDO-BUSYSTATUS:OOF"], "kind", EventKind.OUT_OF_OFFICE),
        (["X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"], "kind", EventKind.WORKING_LOCATION),
        (["ORGANIZER:mailto:Ana@OurCo.com"], "organized_here", True),
        (["ORGANIZER:mailto:dana@acme.com"], "organized_here", False),
        (["ATTENDEE:mailto:"], "attendees_complete", True),
        (["ATTENDEE;CN=Dana:invalid:nomail"], "attendees_complete", False),
    ],
)
def test_properties(lines, field, value):
    event = read(["UID:a", "DTSTART:20260302T090000Z", *lines])[0]
    assert getattr(event, field) == value


@pytest.mark.parametrize(
    ("line", "email", "response", "kind"),
    [
        ("ATTENDEE:mailto:dana@acme.com", "dana@acme.com", Response.NEEDS_ACTION, AttendeeKind.PERSON),
        ("ATTENDEE;PARTSTAT=DECLINED:MAILTO:Dana@ACME.com", "dana@acme.com", Response.DECLINED, AttendeeKind.PERSON),
        ("ATTENDEE;CUTYPE=ROOM:mailto:room@ourco.com", "room@ourco.com", Response.NEEDS_ACTION, AttendeeKind.RESOURCE),
        ("ATTENDEE;ROLE=NON-PARTICIPANT:mailto:x@y.co", "x@y.co", Response.NEEDS_ACTION, AttendeeKind.RESOURCE),
        ("ATTENDEE;CN=dana@acme.com:invalid:nomail", "dana@acme.com", Response.NEEDS_ACTION, AttendeeKind.PERSON),
        ("ATTENDEE;EMAIL=dana@acme.com:/principals/1", "dana@acme.com", Response.NEEDS_ACTION, AttendeeKind.PERSON),
    ],
)  # fmt: skip
def test_guests(line, email, response, kind):
    guest = read(["UID:a", "DTSTART:20260302T090000Z", line])[0].attendees[0]
    assert (guest.email, guest.response, guest.kind) == (email, response, kind)


ZONE = ["BEGIN:VTIMEZONE", "TZID:Custom", "BEGIN:STANDARD", "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100",
        "END:STANDARD", "BEGIN:DAYLIGHT", "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
        "END:DAYLIGHT", "END:VTIMEZONE"]  # fmt: skip


@pytest.mark.parametrize(
    ("tzid", "at"),
    [("Custom", "04-02 07:00"), ("Mars/Base", "04-02 07:00"), ("GMT-0500", "04-02 14:00"),
     ("Tokyo Standard Time", "04-02 00:00"), ("/x.org/Asia/Tokyo", "04-02 00:00")],
)  # fmt: skip
def test_zones_by_their_names_or_rules(tzid, at):
    assert starts(f"DTSTART;TZID={tzid}:20260402T090000", before=ZONE) == [at]

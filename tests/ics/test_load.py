"""Files that are broken or far too large: read as far as that makes sense, and said so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.ics.load import MOST_EVENTS, NotACalendar, read_files
from nudger.ics.occurrences import MOST_DATES, occurrences
from nudger.ics.rules import MOST_DATES_OF_A_SERIES
from tests.growth import TWICE_LINEAR, confirmed

WINDOW = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))
DAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def event(uid="a", *lines, start="20261123T090000Z"):
    return "\r\n".join(
        ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTART:{start}", "SUMMARY:Pilot", *lines, "END:VEVENT"]
    )


@pytest.fixture
def read(tmp_path):
    def read(*events):
        file = tmp_path / "x.ics"
        file.write_text("\r\n".join(["BEGIN:VCALENDAR", *events, "END:VCALENDAR", ""]))
        exported = read_files([file])
        found = occurrences(exported, "ana@ourco.com", WINDOW, "Europe/Berlin")
        return found, found.events

    return read


def test_a_series_that_never_comes_to_its_next_date_is_one_meeting(read):
    exported, dates = read(event("a", "RRULE:FREQ=DAILY;INTERVAL=0"))
    assert [date.start for date in dates] == [DAY]
    assert "cannot be read" in exported.problems[0]


@pytest.mark.parametrize(
    ("rule", "is_read"),
    [
        ("FREQ=DAILY;BYSETPOS=366", False),
        ("FREQ=DAILY;BYSETPOS=-2", False),
        ("FREQ=DAILY;BYSETPOS=1", True),
        ("FREQ=DAILY;BYHOUR=9,10;BYSETPOS=2", True),
        ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", False),
        ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1", True),
        ("FREQ=WEEKLY;BYSETPOS=1", True),
        ("FREQ=MONTHLY;BYSETPOS=32;BYDAY=MO", False),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", False),
        ("FREQ=DAILY;BYMONTH=2,11;BYMONTHDAY=30,23", True),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-30", False),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=23", True),
        ("FREQ=DAILY;BYWEEKNO=53", False),
        ("FREQ=WEEKLY;BYYEARDAY=60", False),
        ("FREQ=WEEKLY;BYMONTHDAY=5", False),
        ("FREQ=MONTHLY;BYWEEKNO=5", False),
        ("FREQ=HOURLY", True),
        ("FREQ=HOURLY;INTERVAL=0", False),
        ("FREQ=SECONDLY", False),
    ],
)
def test_rules_that_no_calendar_means(read, rule, is_read):
    """The library would look for their first date until the year 9999."""
    exported, dates = read(event("a", f"RRULE:{rule}"))
    assert dates[0].start == DAY
    assert any("cannot be read" in one for one in exported.problems) is not is_read


@pytest.mark.parametrize("zone", ["e/" * 600 + "e", "B" * 400, "../../etc/passwd"])
def test_a_zone_that_is_no_name_is_no_zone(read, zone):
    _, dates = read(event("a", f"RDATE;TZID={zone}:20261125T090000"), event("b", start="20261201"))
    assert {date.ical_uid for date in dates} >= {"b"}


def test_before_the_first_day_of_utc_there_is_no_event(read):
    exported, dates = read(event("a", "DTEND:20261123T100000", start="00010101T000000"), event("b"))
    assert [date.ical_uid for date in dates] == ["b"]
    assert "cannot be read" in exported.problems[0]


def test_what_is_cut_from_an_overlong_event_is_said(read):
    storm = ["EXDATE:20261124T090000Z"] * 6_000
    exported, dates = read(event("a", "RRULE:FREQ=DAILY;COUNT=3", *storm))
    assert [date.start.day for date in dates] == [23, 25]
    assert exported.problems == ["x.ics: 1004 lines of overlong events left out"]


def test_of_too_many_events_series_and_the_latest_are_read(read, monkeypatch):
    monkeypatch.setattr("nudger.ics.load.MOST_EVENTS", 3)
    early = [event(f"e{n}", start=f"20261101T0{n}0000Z") for n in range(5)]
    weekly = event("w", "RRULE:FREQ=WEEKLY;COUNT=1", start="20261102T090000Z")
    exported, dates = read(weekly, event("late"), *early)
    assert {date.ical_uid for date in dates} == {"w", "late", "e4"}
    assert "4 of 7 events left out" in exported.problems[0]
    assert MOST_EVENTS > 20_000


def test_of_too_many_dates_the_rest_is_left_out(read, monkeypatch):
    monkeypatch.setattr("nudger.ics.occurrences.MOST_DATES", 5)
    exported, dates = read(*[event(f"u{n}", "RRULE:FREQ=DAILY;COUNT=4") for n in range(4)])
    assert len(dates) == 8
    assert exported.problems == ["the first 8 dates of these days are shown, no more"]
    assert MOST_DATES > 20_000


def test_a_file_beyond_all_measure_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("nudger.ics.load.MOST_BYTES", 100)
    file = tmp_path / "x.ics"
    file.write_bytes(b"BEGIN:VCALENDAR\r\n" + b" " * 100)
    with pytest.raises(NotACalendar, match="larger than"):
        read_files([file])


def test_a_line_that_cannot_be_read_costs_itself_alone(read):
    alarm = ["BEGIN:VALARM", "DESCRIPTION:Beep", "TRIGGER:x", "END:VALARM"]
    broken = ["DTEND:tomorrow", "DTSTART:20261125T090000Z", *alarm, "DTEND:20261123T100000Z"]
    _, dates = read(event("a", "DESCRIPTION:Ours", *broken))
    assert [(date.start, date.end - date.start) for date in dates] == [(DAY, timedelta(hours=1))]
    assert dates[0].description == "Ours"


def test_the_newest_copy_counts_and_a_second_event_of_one_uid_stays(read):
    newer = event("a", "SEQUENCE:2", "LOCATION:Room 2", start="20261124T090000Z")
    _, dates = read(event("a"), newer, event("b"), event("b", start="20261126T090000Z"))
    assert [(date.ical_uid, date.start.day) for date in dates] == [
        ("a", 24),
        ("b", 23),
        ("b#4", 26),
    ]


def changes(size):
    moved = (DAY - timedelta(days=n) for n in range(size))
    lines = [event("a", f"RECURRENCE-ID:{day:%Y%m%dT%H%M%SZ}") for day in moved]
    return [event("a", "RRULE:FREQ=DAILY"), *lines]


def broken(size):
    return [event("a", "DTSTART:x", *["X-A:b"] * size)]


@pytest.mark.parametrize("made", [changes, broken])
def test_reading_takes_time_in_step_with_the_file(read, made):
    assert confirmed(lambda events: read(*events), made, 300) < TWICE_LINEAR


@pytest.mark.parametrize(
    ("rule", "starts"),
    [
        ("FREQ=HOURLY;COUNT=3", ["23T09:00", "23T10:00", "23T11:00"]),
        ("FREQ=HOURLY;INTERVAL=6;UNTIL=20261124T030000Z", ["23T09:00", "23T15:00", "23T21:00", "24T03:00"]),
        ("FREQ=HOURLY;BYMINUTE=0,30;COUNT=3", ["23T09:00", "23T09:30", "23T10:00"]),
        ("FREQ=HOURLY;BYDAY=TU;BYHOUR=8,9;UNTIL=20261125", ["23T09:00", "24T08:00", "24T09:00"]),
        ("FREQ=MINUTELY;INTERVAL=20;BYHOUR=9;UNTIL=20261123T235900Z", ["23T09:00", "23T09:20", "23T09:40"]),
        ("FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30", ["23T09:00"]),
        ("FREQ=MINUTELY;COUNT=3;BYMONTH=2;BYMONTHDAY=30", ["23T09:00"]),
    ],
)  # fmt: skip
def test_rules_within_a_day(read, rule, starts):
    _, dates = read(event("a", f"RRULE:{rule}"))
    assert [f"{date.start:%dT%H:%M}" for date in dates] == starts


def test_a_rule_that_began_long_ago_is_not_gone_through_from_there(read):
    found, dates = read(event("a", "RRULE:FREQ=MINUTELY", start="19950101T000000Z"))
    assert MOST_DATES_OF_A_SERIES - 1 <= len(dates) <= MOST_DATES_OF_A_SERIES
    assert dates[0].start >= WINDOW[0]
    assert found.problems == [
        "the series a has more than 2000 dates in these days: the others are left out"
    ]

"""Zones that a file defines: they show what zoneinfo shows where they say the same, and only what
they say where they do not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.ics.vtimezone import MOST_OBSERVANCES, file_zone
from tests.growth import TWICE_LINEAR, confirmed


def part(kind, start, before, after, *lines):
    head = [f"BEGIN:{kind}", f"DTSTART:{start}", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}"]
    return [*head, *lines, f"END:{kind}"]


BERLIN = (
    *part(
        "DAYLIGHT", "16010325T020000", "+0100", "+0200", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"
    ),
    *part(
        "STANDARD", "16011028T030000", "+0200", "+0100", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"
    ),
)
NEW_YORK = (
    *part("DAYLIGHT", "19870405T020000", "-0500", "-0400", "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20060402T070000Z"),
    *part("STANDARD", "19871025T020000", "-0400", "-0500", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20061029T060000Z"),
    *part("DAYLIGHT", "20070311T020000", "-0500", "-0400", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
    *part("STANDARD", "20071104T020000", "-0400", "-0500", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
)  # fmt: skip
SAME = [(BERLIN, "Europe/Berlin", 1997), (NEW_YORK, "America/New_York", 1988)]


@pytest.mark.parametrize(("lines", "name", "since"), SAME)
@given(minutes=st.integers(0, 40 * 365 * 24 * 60), fold=st.sampled_from([0, 1]))
def test_it_shows_what_the_world_does(lines, name, since, minutes, fold):
    """In both directions; an onset each year is the moment where programs err, and is hit below."""
    mine, usual = file_zone("x", lines), ZoneInfo(name)
    local = datetime(since, 1, 1, fold=fold) + timedelta(minutes=minutes)
    assert local.replace(tzinfo=mine).utcoffset() == local.replace(tzinfo=usual).utcoffset()


@pytest.mark.parametrize(("lines", "name", "since"), SAME)
@pytest.mark.parametrize("years", range(0, 40, 3))
def test_around_each_change(lines, name, since, years):
    mine, usual = file_zone("x", lines), ZoneInfo(name)
    hour = datetime(since + years, 1, 1, tzinfo=UTC)
    for _ in range(365 * 24):
        hour += timedelta(hours=1)
        shown, expected = hour.astimezone(mine), hour.astimezone(usual)
        if shown.utcoffset() != expected.utcoffset() or shown.fold != expected.fold:
            pytest.fail(f"{hour}: {shown} is not {expected}")


@pytest.mark.parametrize(
    ("lines", "local", "hours"),
    [
        (part("STANDARD", "19700101T000000", "+0345", "+0345"), datetime(2026, 7, 1), 3.75),
        (part("STANDARD", "19700101T000000", "+0345", "+0345"), datetime(1960, 7, 1), 3.75),
        ([*part("STANDARD", "19700101T000000", "+0100", "+0100"), *part("STANDARD", "20160907T000000", "+0100", "+0300")], datetime(2026, 7, 1), 3),
        (part("STANDARD", "19700101T000000", "+0100", "+0200", "RDATE:20200101T000000"), datetime(1971, 1, 1), 2),
        # before the first change known, standard time
        (part("DAYLIGHT", "20260329T020000", "+0100", "+0200") + part("STANDARD", "20261025T030000", "+0200", "+0100"), datetime(2026, 1, 1), 1),
        (part("STANDARD", "19700101T000000", "+010000", "+01:00"), datetime(2026, 1, 1), 1),
        (part("STANDARD", "19700101T000000", "0100", "-0230"), datetime(2026, 1, 1), -2.5),
        (part("STANDARD", "19700101T000000", "", "+0100"), datetime(2026, 1, 1), 1),
        # what cannot be read costs itself alone
        (part("STANDARD", "19700101T000000", "+0200", "+0100", "RRULE:FREQ=DAILY"), datetime(2026, 7, 1), 1),
        (part("STANDARD", "19700101T000000", "+0200", "+0100", "RRULE:nonsense", "RDATE:x"), datetime(2026, 7, 1), 1),
        (part("STANDARD", "19700101T000000", "+0200", "+0100") + part("DAYLIGHT", "x", "+0100", "+0200"), datetime(2026, 7, 1), 1),
    ],
)  # fmt: skip
def test_what_a_definition_says(lines, local, hours):
    zone = file_zone("x", tuple(lines))
    assert local.replace(tzinfo=zone).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "lines", [[], ["TZID:x"], part("STANDARD", "x", "+0100", "+0100"), part("STANDARD", "19700101T000000", "+2400", "+2500"),
              ["BEGIN:STANDARD", "TZOFFSETTO:+0100", "END:STANDARD"]],
)  # fmt: skip
def test_a_definition_that_says_nothing_is_none(lines):
    assert file_zone("x", tuple(lines)) is None


LISTED = (
    *part("DAYLIGHT", "20190331T020000", "+0100", "+0200", "RDATE:20200329T020000"),
    *part("STANDARD", "20191027T030000", "+0200", "+0100", "RDATE:20201025T030000"),
)


@pytest.mark.parametrize(
    ("usual", "year", "covered", "hours"),
    [
        (ZoneInfo("Europe/Berlin"), 2020, True, 2),
        (ZoneInfo("Europe/Berlin"), 2026, False, 2),
        (ZoneInfo("Europe/Berlin"), 2010, False, 2),
        (None, 2026, False, 1),
        (None, 2010, False, 1),
    ],
)
def test_beyond_the_years_that_it_lists_the_usual_zone_counts(usual, year, covered, hours):
    zone = file_zone("x", LISTED, usual)
    local = datetime(year, 7, 1, 12, tzinfo=zone)
    assert (zone.covers(local), local.utcoffset()) == (covered, timedelta(hours=hours))
    assert local.astimezone(UTC).astimezone(zone) == local


def many(size):
    rule = "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    return tuple(line for n in range(size) for line in part("STANDARD", f"{1700 + n}0101T000000", "+0100", "+0100", rule))  # fmt: skip


def test_a_storm_of_rules_takes_time_in_step_with_the_file():
    assert confirmed(lambda lines: file_zone(str(lines[:1]), lines), many, 20) < TWICE_LINEAR
    assert MOST_OBSERVANCES >= 200

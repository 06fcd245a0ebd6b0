"""What is read without the library's parser is what that would have read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Event as Entry

from nudger.ics.entries import _marked, _parsed_by_library, property_values
from nudger.ics.lines import read_content
from nudger.ics.plain_entries import READ, plain_entry

DIALECTS = sorted((Path(__file__).parent / "dialects").glob("*.ics"))
START = "DTSTART:20261123T090000Z"
NAMES = st.sampled_from([*sorted(READ), "summary", "X-WR-ODD", "BEGIN", "END", "RRULE", "Uid"])
ODD = st.text(st.sampled_from([*'";:,=\\^%\t ', "\x0b", "\x7f", "ä", "\u2028", *"aN9TZ20261123"]))
PARAMETER = st.sampled_from([
    ";CN=Ana Weber", ';CN="Weber, Ana"', ";CN=", ";CN= Ana", ";cn=Ana;CN=Ben", ";X=%2C", ";X=a^nb",
    ";VALUE=DATE", ";VALUE=date-time", ";VALUE=TEXT", ";TZID=Europe/Berlin", ";LANGUAGE=de",
    ";ENCODING=BASE64", ";X", ";X=a,b", ';X="a"b', " ;X=a",
]) | ODD.map(lambda text: f";X={text}")  # fmt: skip
VALUE = st.sampled_from([
    "20261123", "20261123T090000", "20261123T090000Z", "20261323", "20261123t090000z", "P1D", "",
    "3", "-1", "03", "٣", "x", "mailto:ana@ourco.com", "CONFIRMED", "a\\nb\\,c\\;d\\\\n\\:\\x", " a ",
]) | ODD  # fmt: skip
LINE = st.builds("{}{}:{}".format, NAMES, st.lists(PARAMETER, max_size=3).map("".join), VALUE)


def shown(entry):
    """All that is read of an entry."""
    return {
        (name, number): (
            str(getattr(value, "dt", value)),
            type(getattr(value, "dt", None)),
            {key: str(text) for key, text in value.params.items()},
        )
        for name in READ
        for number, value in enumerate(property_values(entry, name))
    }  # fmt: skip


def by_library(lines):
    read = _parsed_by_library(lines)
    return None if read is None else shown(read)


@pytest.mark.parametrize("file", DIALECTS, ids=lambda file: file.stem)
def test_of_what_programs_export(file):
    for calendar in read_content(file.read_bytes()).calendars:
        for one in calendar.components:
            lines = [_marked(line)[0] for line in one.lines]
            entry = plain_entry(lines) if one.name == "VEVENT" else None
            assert entry is None or shown(entry) == by_library(lines)


@given(st.lists(LINE, max_size=3))
def test_of_odd_lines(lines):
    entry = plain_entry([START, *lines])
    assert entry is None or shown(entry) == by_library([START, *lines])


def test_what_is_common_needs_no_library():
    entry = plain_entry([
        "DTSTART;X-NUDGER-ZONE=0:20261123T090000", "DTEND;X-NUDGER-ZONE=0:20261123T093000",
        "DTSTAMP:20261101T100000Z", "ORGANIZER;CN=Ana Weber:mailto:ana@ourco.com",
        "UID:1@google.com", 'ATTENDEE;PARTSTAT=ACCEPTED;CN="Weber, Ana":mailto:ana@ourco.com',
        "ATTENDEE;PARTSTAT=DECLINED;X-NUM-GUESTS=0:mailto:dana@acme.com", "SEQUENCE:0",
        "DESCRIPTION:Agenda\\n\\nhttps://meet.google.com/abc", "SUMMARY;LANGUAGE=de:ACME\\, Pilot",
        "BEGIN:VALARM", "TRIGGER:-P0DT0H10M0S", "DESCRIPTION:alarm", "END:VALARM", "LOCATION:",
    ])  # fmt: skip
    assert isinstance(entry, Entry)
    assert entry["SUMMARY"] == "ACME, Pilot"

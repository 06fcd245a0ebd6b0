"""From the bytes of a file to the lines of its components."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.ics.lines import Component, content_lines, read_content

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=60
)


@given(TEXTS, st.integers(1, 20), st.sampled_from(["\r\n ", "\n ", "\r\n\t", "\r\r\n "]))
def test_a_folded_line_comes_back_whole(text, width, fold):
    """Wherever it is folded, inside a letter too."""
    line = f"SUMMARY:{text}".encode()
    pieces = [line[at : at + width] for at in range(0, len(line), width)]
    raw = b"BEGIN:VEVENT\r\n" + fold.encode().join(pieces) + b"\r\nEND:VEVENT\r\n"
    assert [one for one in content_lines(raw) if one] == [
        "BEGIN:VEVENT", line.decode(), "END:VEVENT",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"SUMMARY:Gr\xc3\xbc\xc3\x9fe", "SUMMARY:Grüße"),
        (b"SUMMARY:Gr\xfc\xdfe", "SUMMARY:Grüße"),
        (b"\xef\xbb\xbfSUMMARY:x", "SUMMARY:x"),
        ("SUMMARY:Grüße".encode("utf-16"), "SUMMARY:Grüße"),
        (b"SUMMARY:a\0b", "SUMMARY:ab"),
        (b"SUMMARY;ENCODING=QUOTED-PRINTABLE:Gr=C3=BC=C3=9Fe", "SUMMARY:Grüße"),
        (b"SUMMARY;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Gr=FC", "SUMMARY:Grü"),
        (b"SUMMARY;CHARSET=UTF-7;ENCODING=QUOTED-PRINTABLE:+ADw-", "SUMMARY:+ADw-"),
        (b"SUMMARY;ENCODING=QUOTED-PRINTABLE:one =\r\ntwo", "SUMMARY:one two"),
        (b"SUMMARY:not;ENCODING=QUOTED-PRINTABLE:=41", "SUMMARY:not;ENCODING=QUOTED-PRINTABLE:=41"),
        (b"DESCRIPTION:" + b"x" * 80 + b"\nthe rest", "DESCRIPTION:" + "x" * 80 + "the rest"),
    ],
)
def test_lines_in_any_encoding(raw, line):
    assert [found for found in content_lines(raw) if found] == [line]


def content(*lines):
    return read_content("\r\n".join(lines).encode())


def test_components_are_told_apart():
    found = content(
        "BEGIN:VCALENDAR", "X-WR-TIMEZONE:Europe/Berlin", "BEGIN:VEVENT", "UID:1", "BEGIN:VALARM",
        "TRIGGER:x", "END:VALARM", "END:VEVENT", "BEGIN:VEVENT", "UID:2", "END:VEVENT", "END:VCALENDAR",
    )  # fmt: skip
    (_, calendar) = found.calendars
    assert calendar.components == [
        Component("VEVENT", ["UID:1", "BEGIN:VALARM", "TRIGGER:x", "END:VALARM"]),
        Component("VEVENT", ["UID:2"]),
    ]
    assert found.is_calendar
    assert calendar.properties["X-WR-TIMEZONE"] == "Europe/Berlin"


def test_a_lost_end_costs_one_event():
    found = content(
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1", "BEGIN:VEVENT", "UID:2", "END:VEVENT"
    )
    assert [one.lines for one in found.calendars[1].components] == [["UID:1"], ["UID:2"]]


@pytest.mark.parametrize(
    ("line", "dropped"),
    [("no line of a calendar", 1), ("X:" + "y" * 100_000, 1), ('ATTENDEE;CN="x:mailto:a@b.co', 0), ("X:y", 0)],
)  # fmt: skip
def test_what_is_no_line_is_left_out_and_counted(line, dropped):
    assert content("BEGIN:VEVENT", line, "UID:1", "END:VEVENT").dropped == dropped


@given(st.lists(st.sampled_from([b"BEGIN:VEVENT", b"END:VEVENT", b"BEGIN:VALARM", b"END:VALARM",
    b"UID:1", b" x", b"junk", b"", b"BEGIN:VTIMEZONE", b"END:VTIMEZONE"]), max_size=25))  # fmt: skip
def test_any_order_of_lines_gives_an_event_for_each_begin(lines):
    found = read_content(b"\r\n".join(lines))
    unfolded = list(content_lines(b"\r\n".join(lines)))
    begun = sum(line.strip() == "BEGIN:VEVENT" for line in unfolded)
    parts = [part for calendar in found.calendars for part in calendar.components]
    assert sum(part.name == "VEVENT" for part in parts) == begun

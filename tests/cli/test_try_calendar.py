"""Exported calendars in the dialects of those who export, and what is broken in them."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from nudger.cli import app

NOW = "2026-11-23T09:00:00+01:00"
ME = "ana@ourco.com"


def run(*arguments):
    result = CliRunner().invoke(app, ["try", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def judged(tmp_path):
    """Judge the text of a calendar; returns the list that --json prints."""

    def judge(text, *options, raw=None):
        file = tmp_path / "calendar.ics"
        file.write_bytes(raw if raw is not None else text.encode())
        result = run(file, "--me", ME, "--now", NOW, "--json", *options)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return judge


def calendar(*events, head="", zones=""):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", head, zones, *events, "END:VCALENDAR", ""]
    return "\r\n".join(line for line in lines if line)


def event(*lines, uid="1@x", start="DTSTART:20261124T130000Z", end="DTEND:20261124T140000Z",
          guests=("dana@acme.com",)):  # fmt: skip
    people = [f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{guest}" for guest in guests]
    return "\r\n".join(
        ["BEGIN:VEVENT", f"UID:{uid}", start, *([end] if end else []), "SUMMARY:Call",
         f"ORGANIZER;CN=Ana:mailto:{ME}", *people, *lines, "END:VEVENT"]
    )  # fmt: skip


def test_a_customer_meeting(judged):
    (one,) = judged(calendar(event()))
    assert one == {
        "uid": "1@x", "start": "2026-11-24T13:00:00+00:00", "title": "Call", "verdict": "ask",
        "reason": "outside", "customer": ["acme.com"], "rep": ME, "lookalike": False,
        "ask_at": ["2026-11-23T09:00:00+00:00"], "time_zone": "UTC", "unlisted": ["acme.com"],
        "assumed": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "guests", "reason"),
    [
        ((), ("ben@ourco.com",), "no_customer"),
        ((), ("ben@eu.ourco.com",), "no_customer"),
        ((), (), "no_customer"),
        (("ATTENDEE;CUTYPE=ROOM:mailto:room@acme.com",), (), "no_customer"),
        (("ATTENDEE;CUTYPE=RESOURCE;CN=Beamer:mailto:beamer@acme.com",), (), "no_customer"),
        ((), ("c_1@resource.calendar.google.com",), "no_customer"),
        (("ATTENDEE;CUTYPE=GROUP:mailto:sales@ourco.com",), (), "no_customer"),
        ((f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ME}",), ("dana@acme.com",), "declined"),
        (("ATTENDEE;PARTSTAT=DECLINED:mailto:dana@acme.com",), (), "no_customer"),
        (("STATUS:CANCELLED",), ("dana@acme.com",), "cancelled"),
        (("TRANSP:TRANSPARENT",), ("dana@acme.com",), "free"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:FREE",), ("dana@acme.com",), "free"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:OOF",), ("dana@acme.com",), "out_of_office"),
        (("X-MICROSOFT-CDO-INTENDEDSTATUS:OOF",), ("dana@acme.com",), "out_of_office"),
        (
            ("X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "X-MICROSOFT-CDO-INTENDEDSTATUS:OOF"),
            ("dana@acme.com",),
            "outside",
        ),
        (("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",), (), "working_location"),
        (
            (
                "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",
                "ATTENDEE;CUTYPE=ROOM:mailto:r@acme.com",
            ),
            (),
            "working_location",
        ),
        (
            ("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", "TRANSP:TRANSPARENT"),
            ("dana@acme.com",),
            "outside",
        ),
        (
            ("X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "TRANSP:TRANSPARENT"),
            ("dana@acme.com",),
            "free",
        ),
        (("CLASS:PRIVATE",), ("dana@acme.com",), "private"),
        (("CLASS:X-PERSONAL",), ("dana@acme.com",), "private"),
        (
            ("DESCRIPTION:https://mail.google.com/mail?extsrc=cal&plid=x", "CLASS:PRIVATE"),
            (),
            "from_mail",
        ),
        (
            (f"ATTENDEE;PARTSTAT=DELEGATED;ROLE=NON-PARTICIPANT:mailto:{ME}",),
            ("x@acme.com",),
            "declined",
        ),
        (("ATTENDEE;ROLE=NON-PARTICIPANT:mailto:dana@acme.com",), (), "no_customer"),
        (("ATTENDEE;STATUS=DECLINED:Dana Fox <dana@acme.com>",), (), "no_customer"),
        (("ATTENDEE;CN=Dana Fox:invalid:nomail",), (), "guests_hidden"),
        (("ATTENDEE;CN=Dana Fox:tel:+49-30-1234",), (), "guests_hidden"),
        (("ATTENDEE;CUTYPE=ROOM;CN=Room 4:invalid:nomail",), (), "no_customer"),
        (("ATTENDEE;CN=Ben:/o=ExchangeLabs/cn=Recipients/cn=ben",), (), "no_customer"),
        (("ATTENDEE;CN=Ben:/aMjQ2MTk4/principal/",), (), "no_customer"),
        (("ATTENDEE;EMAIL=dana@acme.com:mailto:2_GE3DOMJU@imip.me.com",), (), "outside"),
        (("ATTENDEE;EMAIL=ben@ourco.com:mailto:2_GE3DOMJU@imip.me.com",), (), "no_customer"),
        (('ATTENDEE;CN="Fox, Dana (dana@acme.com)":invalid:nomail',), (), "outside"),
        (('ATTENDEE:mailto:"Dana Fox" <dana@acme.com>',), (), "outside"),
        (("ATTENDEE:mailto:'dana@acme.com'",), (), "outside"),
        (("ATTENDEE:mailto:dana%40acme.com",), (), "outside"),
        (("ATTENDEE:MAILTO:SMTP:dana@acme.com?subject=x",), (), "outside"),
        (("X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",), ("dana@acme.com",), "all_day"),
        (("ATTENDEE:MAILTO:Dana@ACME.com",), (), "outside"),
        (("ATTENDEE;EMAIL=dana@acme.com:urn:uuid:1",), (), "outside"),
        (("ATTENDEE:dana@acme.com",), (), "outside"),
    ],
)
def test_why(judged, lines, guests, reason):
    (one,) = judged(calendar(event(*lines, guests=guests)))
    assert one["reason"] == reason


@pytest.mark.parametrize(
    ("options", "guest", "reason"),
    [
        (("--partner", "sister.com"), "kai@sister.com", "no_customer"),
        (("--partner", "jo@gmail.com"), "jo@gmail.com", "no_customer"),
        (("--partner", "jo@gmail.com"), "pat@gmail.com", "outside"),
        (("--customer", "acme.com"), "dana@acme.com", "customer"),
        (("--customer", "acme.com"), "x@globex.com", "outside"),
        (("--customer", "acme.com", "--watch", "listed"), "x@globex.com", "not_watched"),
        (("--watch", "everybody"), "x@hubspot.com", "outside"),
        ((), "x@hubspot.com", "vendor"),
        (("--never", "law.com"), "x@law.com", "never_domain"),
        (("--ours", "ourco.com", "--ours", "ourco.de"), "x@ourco.de", "no_customer"),
    ],
)
def test_domains(judged, options, guest, reason):
    (one,) = judged(calendar(event(guests=(guest,))), *options)
    assert one["reason"] == reason


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("Europe/Berlin", "2026-11-24T14:00:00+01:00"),
        ("W. Europe Standard Time", "2026-11-24T14:00:00+01:00"),
        (
            '"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"',
            "2026-11-24T14:00:00+01:00",
        ),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "2026-11-24T14:00:00+01:00"),
        ("(UTC+01:00) Amsterdam", "2026-11-24T14:00:00+01:00"),
        ("Pacific Standard Time", "2026-11-24T14:00:00-08:00"),
        ("GMT-0500", "2026-11-24T14:00:00-05:00"),
        ("tzone://Microsoft/Utc", "2026-11-24T14:00:00+00:00"),
        ("Custom Zone 7", "2026-11-24T14:00:00+09:00"),
    ],
)
def test_zones(judged, zone, start):
    start_line, end_line = (
        f"DTSTART;TZID={zone}:20261124T140000",
        f"DTEND;TZID={zone}:20261124T150000",
    )
    (one,) = judged(
        calendar(event(start=start_line, end=end_line), head="X-WR-TIMEZONE:Asia/Tokyo")
    )
    assert one["start"] == start


def test_a_zone_that_the_file_defines_by_location(judged):
    zones = (
        "BEGIN:VTIMEZONE\r\nTZID:Mine\r\nX-LIC-LOCATION:America/New_York\r\nBEGIN:STANDARD\r\n"
        "DTSTART:19700101T000000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0500\r\nEND:STANDARD\r\n"
        "END:VTIMEZONE"
    )
    made = event(start="DTSTART;TZID=Mine:20261124T090000", end="DTEND;TZID=Mine:20261124T100000")
    assert judged(calendar(made, zones=zones))[0]["start"] == "2026-11-24T09:00:00-05:00"


@pytest.mark.parametrize(
    ("standard", "daylight", "start"),
    [
        (("-0400", "-0500", "11;BYDAY=1SU"), ("-0500", "-0400", "3;BYDAY=2SU"), "-05:00"),
        (("+0200", "+0100", "10;BYDAY=-1SU"), ("+0100", "+0200", "3;BYDAY=-1SU"), "+01:00"),
        (("+0530", "+0530", "1;BYDAY=1SU"), None, "+05:30"),
        (("+0300", "+0300", "1;BYDAY=1SU"), None, "+03:00"),
    ],
)
@pytest.mark.parametrize("name", ["tzone://Microsoft/Custom", "GMT +0700 (Standard)"])
def test_a_zone_that_the_file_defines_by_its_rules_alone(judged, name, standard, daylight, start):
    def rules(kind, before, after, month):
        return [f"BEGIN:{kind}", "DTSTART:16010101T020000", f"TZOFFSETFROM:{before}",
                f"TZOFFSETTO:{after}", f"RRULE:FREQ=YEARLY;BYMONTH={month}", f"END:{kind}"]  # fmt: skip

    given = [*rules("STANDARD", *standard), *(rules("DAYLIGHT", *daylight) if daylight else [])]
    zones = "\r\n".join(["BEGIN:VTIMEZONE", f"TZID:{name}", *given, "END:VTIMEZONE"])
    made = event(
        start=f"DTSTART;TZID={name}:20261124T090000", end=f"DTEND;TZID={name}:20261124T100000"
    )
    assert judged(calendar(made, zones=zones))[0]["start"] == f"2026-11-24T09:00:00{start}"


def test_floating_times_are_in_the_calendars_zone(judged):
    made = event(start="DTSTART:20261124T140000", end="DTEND:20261124T150000")
    assert judged(calendar(made))[0]["start"] == "2026-11-24T14:00:00+00:00"
    zoned = calendar(made, head="X-WR-TIMEZONE:Europe/Berlin")
    assert judged(zoned)[0]["start"] == "2026-11-24T14:00:00+01:00"


def test_a_series_with_a_moved_a_cancelled_and_an_excluded_date(judged):
    zone = "TZID=Europe/Berlin"
    series = event(
        "RRULE:FREQ=DAILY", f"EXDATE;{zone}:20261125T140000",
        start=f"DTSTART;{zone}:20261101T140000", end=f"DTEND;{zone}:20261101T143000",
    )  # fmt: skip
    moved = event(
        f"RECURRENCE-ID;{zone}:20261126T140000",
        start=f"DTSTART;{zone}:20261126T160000", end=f"DTEND;{zone}:20261126T163000",
    )  # fmt: skip
    cancelled = event(
        f"RECURRENCE-ID;{zone}:20261127T140000", "STATUS:CANCELLED",
        start=f"DTSTART;{zone}:20261127T140000", end=f"DTEND;{zone}:20261127T143000",
    )  # fmt: skip
    found = judged(calendar(series, moved, cancelled), "--days", "5")
    assert [(one["start"][:16], one["reason"]) for one in found] == [
        ("2026-11-23T14:00", "outside"),
        ("2026-11-24T14:00", "outside"),
        ("2026-11-26T16:00", "outside"),
        ("2026-11-27T14:00", "cancelled"),
    ]


@pytest.mark.parametrize(
    ("lines", "override", "starts"),
    [
        (("RRULE:FREQ=WEEKLY;UNTIL=20261207",), None, ["24T10", "01T10"]),
        (("RRULE:FREQ=WEEKLY;UNTIL=20261201",), None, ["24T10", "01T10"]),
        (("RRULE:FREQ=WEEKLY", "EXDATE:20261201T090000Z"), None, ["24T10", "08T10"]),
        (("RRULE:FREQ=WEEKLY", "EXDATE;VALUE=DATE:20261201"), None, ["24T10", "08T10"]),
        (("RDATE;TZID=Europe/Berlin:20261125T110000",), None, ["24T10", "25T11"]),
        (("RRULE:FREQ=WEEKLY",), "RECURRENCE-ID:20261201T090000Z", ["24T10", "02T15", "08T10"]),
        (
            ("RRULE:FREQ=WEEKLY",),
            "RECURRENCE-ID;VALUE=DATE:20261201",
            ["24T10", "02T15", "08T10"],
        ),
        (
            ("RRULE:FREQ=WEEKLY",),
            "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261201T100000",
            ["24T10", "02T15", "09T15"],
        ),
    ],
)
def test_dates_of_a_series(judged, lines, override, starts):
    zone = "TZID=Europe/Berlin"
    series = event(*lines, start=f"DTSTART;{zone}:20261124T100000", end="DURATION:PT30M")
    moved = override and event(
        override, start=f"DTSTART;{zone}:20261202T150000", end="DURATION:PT30M"
    )
    found = judged(calendar(series, *([moved] if moved else [])), "--days", "17")
    assert [one["start"][8:13] for one in found] == starts


def test_a_rule_for_machines_gives_its_first_date_alone(judged):
    made = event("RRULE:FREQ=SECONDLY", start="DTSTART:20261124T130000Z")
    assert len(judged(calendar(made), "--days", "3000")) == 1


def test_two_events_that_share_an_identifier_are_both_kept(judged):
    other = event(start="DTSTART:20261125T130000Z", end="DTEND:20261125T140000Z")
    assert [one["start"][:10] for one in judged(calendar(event(), other))] == [
        "2026-11-24",
        "2026-11-25",
    ]


def test_the_newest_copy_counts_and_answers_to_invitations_do_not(tmp_path):
    (tmp_path / "1.ics").write_text(calendar(event("SEQUENCE:0")))
    moved = event("SEQUENCE:1", start="DTSTART:20261125T130000Z", end="DTEND:20261125T140000Z")
    (tmp_path / "2.ics").write_text(calendar(moved))
    (tmp_path / "3.ics").write_text(calendar(event(guests=()), head="METHOD:REPLY"))
    off = event("SEQUENCE:0", uid="2@x")
    (tmp_path / "4.ics").write_text(calendar(off))
    (tmp_path / "5.ics").write_text(calendar(off, head="METHOD:CANCEL"))
    result = run(tmp_path, "--me", ME, "--now", NOW, "--json")
    assert [(one["start"][:10], one["reason"]) for one in json.loads(result.stdout)] == [
        ("2026-11-24", "cancelled"),
        ("2026-11-25", "outside"),
    ]
    assert "3.ics: an answer to an invitation, left out" in result.stderr


def test_properties_given_twice_and_an_empty_rule(judged):
    (one,) = judged(calendar(event("SUMMARY:Again", "LOCATION:A", "LOCATION:B", "RRULE:")))
    assert one["title"] == "Call"


def test_all_day_and_missing_ends(judged):
    day = event(start="DTSTART;VALUE=DATE:20261124", end=None, uid="day")
    lasting = event("DURATION:PT45M", end=None, uid="lasting")
    bare = event(end=None, uid="bare")
    reasons = {one["uid"]: one["reason"] for one in judged(calendar(day, lasting, bare))}
    assert reasons == {"day": "all_day", "lasting": "outside", "bare": "outside"}


@pytest.mark.parametrize(
    "broken",
    [
        "this is no line",
        "DTSTAMP:not a date",
        "RRULE:FREQ=SOMETIMES",
        "ATTENDEE;PARTSTAT=:mailto:",
        "GEO:abc",
        'X-FOO;BAR="unclosed:1',
        "DURATION:PXY",
        "BEGIN:VALARM",
        "SEQUENCE:many",
    ],
)
def test_a_broken_line_costs_no_event(judged, broken):
    found = judged(calendar(event(broken, uid="broken"), event(uid="whole")))
    assert {one["uid"]: one["verdict"] for one in found} == {"broken": "ask", "whole": "ask"}


def test_an_event_without_a_readable_start_is_left_out_and_told(tmp_path):
    file = tmp_path / "c.ics"
    file.write_text(calendar(event(start="DTSTART:someday", uid="lost"), event(uid="whole")))
    result = run(file, "--me", ME, "--now", NOW, "--json")
    assert [one["uid"] for one in json.loads(result.stdout)] == ["whole"]
    assert "cannot be read" in result.stderr


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_encodings(judged, encoding):
    text = calendar(event().replace("SUMMARY:Call", "SUMMARY:Gespräch"))
    assert judged("", raw=text.encode(encoding))[0]["title"] == "Gespräch"


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_line_ends_and_folds(judged, end):
    text = calendar(event()).replace("dana@acme.com", "dana\r\n @acme.com").replace("\r\n", end)
    assert judged(text)[0]["customer"] == ["acme.com"]


def test_a_fold_inside_a_letter_and_one_wrong_byte(judged):
    text = calendar(event("COMMENT:x"), event("LOCATION:Troms", uid="2@x"))
    raw = text.replace("SUMMARY:Call", "SUMMARY:Gespr\u00e4ch").encode()
    raw = raw.replace("\u00e4".encode(), b"\xc3\r\n \xa4").replace(b"COMMENT:x", b"COMMENT:\xff")
    assert [one["title"] for one in judged("", raw=raw)] == ["Gespr\u00e4ch", "Gespr\u00e4ch"]


def test_doubled_line_ends_and_a_line_that_was_cut(judged):
    cut = (
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:mailto:dana@\r\nacme.com"
    )
    text = calendar(event(cut, guests=())).replace("\r\n", "\r\r\n")
    assert judged(text)[0]["customer"] == ["acme.com"]


def test_quoted_printable_of_old_phones(judged):
    old = "SUMMARY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller, eine lan=\r\nge Zeile"
    (one,) = judged(calendar(event().replace("SUMMARY:Call", old)))
    assert one["title"] == "M\u00fcller, eine lange Zeile"
    latin = "SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:M=F8te"
    assert judged(calendar(event().replace("SUMMARY:Call", latin)))[0]["title"] == "M\u00f8te"


def test_a_folder_of_colleagues_files_judges_a_meeting_once(tmp_path):
    for name in ("ana", "ben"):
        (tmp_path / f"{name}.ics").write_text(calendar(event(), event(uid=name)))
    result = run(tmp_path, "--me", ME, "--now", NOW, "--json")
    assert sorted(one["uid"] for one in json.loads(result.stdout)) == ["1@x", "ana", "ben"]


def test_thousands_of_events(judged):
    found = judged(calendar(*(event(uid=f"{n}@x") for n in range(3000))))
    assert len(found) == 3000


def test_for_people_there_is_a_table_and_the_mail(tmp_path):
    file = tmp_path / "c.ics"
    file.write_text(calendar(event()))
    result = run(file, "--me", ME, "--now", NOW, "--preview")
    assert "1 to ask about, 0 not." in result.stdout
    assert "By the end of this call" in result.stdout


def test_a_lookalike_of_ours_is_marked(tmp_path):
    file = tmp_path / "c.ics"
    file.write_text(calendar(event(guests=("ceo@0urco.com",))))
    assert "outside, look-alike" in run(file, "--me", ME, "--now", NOW).stdout
    (one,) = json.loads(run(file, "--me", ME, "--now", NOW, "--json").stdout)
    assert one["lookalike"] is True


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing.ics", "--me", ME),
        ("{file}", "--me", "ana"),
        ("{file}", "--me", ME, "--now", "soon"),
        ("{file}", "--me", ME, "--ours", "com"),
        ("{text}", "--me", ME),
        ("{file}", "--me", ME, "--time-zone", "Mars"),
    ],
)
def test_wrong_input_is_one_clear_line(tmp_path, arguments):
    (tmp_path / "c.ics").write_text(calendar(event()))
    (tmp_path / "c.txt").write_text("a letter")
    places = {"file": tmp_path / "c.ics", "text": tmp_path / "c.txt"}
    result = run(*(one.format(**places) for one in arguments))
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1


SOON = ("DTSTART:20261123T081500Z", "DTEND:20261123T084500Z")


def test_too_late_to_ask_is_said_and_not_counted_as_asked(tmp_path):
    file = tmp_path / "c.ics"
    file.write_text(calendar(event(start=SOON[0], end=SOON[1]), event(uid="2@x")))
    shown = run(file, "--me", ME, "--now", NOW).stdout
    assert "1 to ask about, 1 too late to ask, 0 not." in shown
    late, asked = json.loads(run(file, "--me", ME, "--now", NOW, "--json").stdout)
    assert (late["verdict"], late["reason"], late["rep"]) == ("skip", "too_late", None)
    assert asked["verdict"] == "ask"


def test_domains_in_no_list_are_counted_ready_to_be_added(tmp_path):
    file = tmp_path / "c.ics"
    guests = [("dana@acme.com",), ("joe@acme.com", "kim@globex.com"), ("ben@ourco.com",)]
    file.write_text(calendar(*(event(uid=f"{n}@x", guests=one) for n, one in enumerate(guests))))
    lines = run(file, "--me", ME, "--now", NOW).stdout.splitlines()
    assert [" ".join(line.split()) for line in lines if "domains add" in line] == [
        "2 nudger domains add customer acme.com", "1 nudger domains add customer globex.com",
    ]  # fmt: skip
    listed = run(file, "--me", ME, "--now", NOW, "--customer", "acme.com").stdout
    assert "add customer acme.com" not in listed


@pytest.mark.parametrize(
    ("start", "head", "note"),
    [
        ("DTSTART;TZID=AEST:20261124T090000", "", "1 event names the zone 'AEST', which has no definition: read as UTC+10:00, all the year, as the abbreviation says"),
        ("DTSTART;TZID=Site 9:20261124T090000", "X-WR-TIMEZONE:Asia/Tokyo", "1 event names the zone 'Site 9', which has no definition: read as Asia/Tokyo, the calendar's own zone"),
        ("DTSTART:20261124T090000", "X-WR-TIMEZONE:Asia/Tokyo", "1 event names no zone: read in Asia/Tokyo, the calendar's own zone"),
        ("DTSTART:20261124T090000", "", "1 event names no zone: read in UTC, where they are looked at"),
    ],
)  # fmt: skip
def test_what_is_assumed_of_a_zone_is_said(tmp_path, start, head, note):
    file = tmp_path / "c.ics"
    file.write_text(calendar(event(start=start, end=""), head=head))
    result = run(file, "--me", ME, "--now", NOW, "--json")
    assert note in " ".join(result.stderr.split())
    assert json.loads(result.stdout)[0]["assumed"] == [note]


def test_a_bad_file_among_others_is_left_out_with_a_line(tmp_path):
    (tmp_path / "good.ics").write_text(calendar(event()))
    (tmp_path / "bad.ics").write_text("a letter")
    (tmp_path / "empty.ics").write_text("")
    result = run(tmp_path, "--me", ME, "--now", NOW, "--json")
    assert (result.exit_code, len(json.loads(result.stdout))) == (0, 1)
    shown = " ".join(result.stderr.split())
    assert "bad.ics is no calendar" in shown
    assert "empty.ics is empty" in shown


def test_a_page_and_an_object_tell_everything(tmp_path):
    file, page, report = (tmp_path / name for name in ("c.ics", "trial.html", "trial.json"))
    made = event(start="DTSTART;TZID=AEST:20261126T090000", end="").replace("Call", "<b>Call</b>")
    file.write_text(calendar(made, event(uid="2@x", start=SOON[0], end=SOON[1])))
    result = run(file, "--me", ME, "--now", NOW, "--html", page, "--report", report)
    assert result.exit_code == 0, result.output
    found = json.loads(report.read_text())
    assert (found["asked"], found["too_late"], found["not_asked"]) == (1, 1, 0)
    assert found["unlisted"] == [{"domain": "acme.com", "meetings": 2}]
    assert len(found["events"]) == 2
    text = page.read_text()
    assert "&lt;b&gt;Call&lt;/b&gt;" in text
    assert "nudger domains add customer acme.com" in text
    assert found["assumed"][0].split(":")[-1].split(",")[-1].strip() in text
    assert "There was not enough time left." in text


def test_an_object_on_standard_output_is_nothing_else(tmp_path):
    file = tmp_path / "c.ics"
    file.write_text(calendar(event()))
    printed = run(file, "--me", ME, "--now", NOW, "--report", "-").stdout
    assert json.loads(printed)["asked"] == 1


lines = st.sampled_from(
    [b"BEGIN:VEVENT", b"END:VEVENT", b"BEGIN:VCALENDAR", b"DTSTART:20261124T130000Z", b"UID:1",
     b"RRULE:FREQ=SECONDLY", b"RRULE:FREQ=DAILY;COUNT=-1", b"DTEND:1", b"ATTENDEE:mailto:a@b.co",
     b"DTSTART;VALUE=DATE:20261124", b"RECURRENCE-ID:20261124T130000Z", b"EXDATE:x", b" ", b"\xff",
     b"SUMMARY;ENCODING=QUOTED-PRINTABLE:=C3=", b"BEGIN:VTIMEZONE", b"TZID:x", b"END:VTIMEZONE",
     b"RECURRENCE-ID;VALUE=DATE:20261124", b"RRULE:FREQ=DAILY;UNTIL=20261130", b"METHOD:CANCEL",
     b"ATTENDEE;CN=\"x:invalid:nomail", b"ORGANIZER:mailto:", b"TZOFFSETTO:+0100", b"SEQUENCE:2",
     b"DTSTART;TZID=x:20261124T130000", b"DURATION:-PT1H", b"RDATE:20261125T130000Z"]
)  # fmt: skip


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60
)
@given(st.lists(st.one_of(lines, st.binary(max_size=20)), max_size=30))
def test_any_bytes_give_a_verdict_or_a_clear_error(tmp_path, pieces):
    file = tmp_path / "any.ics"
    file.write_bytes(b"\r\n".join(pieces))
    result = run(file, "--me", ME, "--now", NOW, "--json", "--days", "2")
    assert result.exit_code in (0, 2)

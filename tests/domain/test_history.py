"""Counting what came of asking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.commitment import Answer, Outcome
from nudger.domain.history import NO_MILESTONE, Grouping, Past, by_week, tallies, tally
from nudger.mail.report_page import report_page

START = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
EARLY, LATE = START - timedelta(hours=1), START + timedelta(hours=1)
ANSWER = Answer("Dana agrees to a pilot", "Proposal meeting")


def past(**changes):
    values = {"rep": "ana@ourco.example", "customers": ("acme.example",), "start": START, **changes}
    return Past(**values)


AGREED = past(answered_at=EARLY, answer=ANSWER, valid=True, outcome=Outcome.YES)


@pytest.mark.parametrize(
    ("meeting", "counted"),
    [
        (past(), {"asked": 1}),
        (past(answered_at=EARLY, answer=ANSWER), {"asked": 1, "answered_in_time": 1}),
        (past(answered_at=LATE, answer=ANSWER), {"asked": 1}),
        (past(answered_at=LATE, valid=True), {"asked": 1, "valid": 1}),
        (AGREED, {"asked": 1, "answered_in_time": 1, "valid": 1, "agreed": 1, "reached": 1}),
        (past(outcome=Outcome.PARTLY, answer=ANSWER), {"asked": 1, "partly": 1}),
        (past(outcome=Outcome.NO, answer=ANSWER), {"asked": 1, "not_agreed": 1}),
        (past(outcome=Outcome.YES, answer=Answer("x")), {"asked": 1, "agreed": 1}),
    ],
)
def test_each_count_has_its_rule(meeting, counted):
    found = tally("all", [meeting])
    names = ("asked", "answered_in_time", "valid", "agreed", "partly", "not_agreed", "reached")
    assert {n: getattr(found, n) for n in names if getattr(found, n)} == counted


def test_groups_come_busiest_first_and_a_shared_call_counts_for_each_customer():
    meetings = [AGREED, past(customers=("acme.example", "globex.example")), past(rep="ben@x.co")]
    assert [(t.name, t.asked) for t in tallies(meetings, Grouping.CUSTOMER)] == [
        ("acme.example", 3),
        ("globex.example", 1),
    ]
    assert [t.name for t in tallies(meetings, Grouping.REP)] == ["ana@ourco.example", "ben@x.co"]
    assert [t.name for t in tallies(meetings, Grouping.MILESTONE)] == [
        NO_MILESTONE,
        "Proposal meeting",
    ]


def test_weeks_are_iso_weeks_across_the_turn_of_the_year():
    new_year = datetime(2027, 1, 1, 9, 0, tzinfo=UTC)
    assert [w.name for w in by_week([past(), past(start=new_year)])] == ["2026-W48", "2026-W53"]


def test_the_page_is_whole_and_shows_names_as_text():
    lines = tallies([past(rep="<script>alert(1)</script>@x.co")], Grouping.REP)
    page = report_page(START, LATE, Grouping.REP, lines, tally("all", [AGREED]), by_week([AGREED]))
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_an_empty_report_is_a_page_too():
    page = report_page(START, LATE, Grouping.CUSTOMER, [], tally("all", []), [])
    assert "No customer call" in page

"""The report as a page: names, headings, and something to read on a phone."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from nudger.domain.history import Grouping, Tally
from nudger.mail.report_page import MOST_LINES, report_page

UNTIL = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
ANA, LEA, TWIN = "ana@ourco.example", "lea@ourco.example", "ana.lee@ourco.example"
NAMES = {ANA: "Ana Lee", LEA: "Lea Roth", TWIN: "Ana Lee", "no@ourco.example": ""}


def counted(name):
    return Tally(name, 8, 6, 4, agreed=3, partly=1, not_agreed=0, reached=2)


def page(*lines, by=Grouping.REP, names=NAMES):
    weeks = [counted("2026-W47"), counted("2026-W48")]
    shown = [counted(line) for line in lines]
    return report_page(UNTIL, UNTIL, by, shown, counted("all"), weeks, names)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (LEA, "Lea Roth"),
        (ANA, "Ana Lee (ana@ourco.example)"),
        ("no@ourco.example", "no@ourco.example"),
        ("gone@ourco.example", "gone@ourco.example"),
    ],
)
def test_reps_have_names_and_addresses_only_where_it_takes_them(line, shown):
    assert re.findall(r'<th scope="row">(.*?)</th>', page(line)) == [shown]


def test_a_name_is_text():
    assert "<b>" not in page(LEA, names={LEA: "<b>Lea</b>"}).partition("<h2>Calls by rep")[2]


def test_every_column_has_a_heading_that_a_phone_shows_beside_its_number():
    whole = page(LEA, ANA)
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', whole)
    assert all(heads)
    assert re.findall(r'data-label="(.*?)"', whole) == heads[1:] * 2


def test_bars_say_what_they_show():
    whole = page(LEA)
    assert "<title>2026-W48: 8 asked, 6 answered in time, 3 agreed</title>" in whole
    assert 'aria-label="75 % answered in time, 38 % agreed"' in whole


def test_customers_stand_under_their_domains():
    assert '<th scope="row">acme.example</th>' in page("acme.example", by=Grouping.CUSTOMER)


def test_of_a_thousand_lines_the_first_are_shown_and_where_the_others_are():
    shown = page(*(f"rep{n:04d}@ourco.example" for n in range(1000)))
    assert shown.count('<th scope="row">') == MOST_LINES
    assert f"{1000 - MOST_LINES} more are in <code>nudger report --by rep --csv</code>" in shown


def test_a_year_of_long_names_is_no_longer_than_a_page_may_be():
    lines = [counted(f"{n:02d}" + "&" * 78) for n in range(99)]
    weeks = [counted(f"2026-W{week:02d}") for week in range(60)]
    assert report_page(UNTIL, UNTIL, Grouping.MILESTONE, lines, counted("all"), weeks)

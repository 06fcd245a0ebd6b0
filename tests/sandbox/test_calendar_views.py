"""Events that overlap share the width; those that do not have it alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nudger.sandbox.calendar_views import framed_description, monday_shown, week_of
from nudger.sandbox.entries import Entry

ZONE = ZoneInfo("UTC")
TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 23)


def entry(name, start, end, **more):
    hours = (TUESDAY.replace(hour=start), TUESDAY.replace(hour=end))
    owner = "ana@ourco.example"
    return Entry(name, owner, name, owner, name, *hours, **more)


def days(*entries):
    return list(week_of(list(entries), MONDAY, TUESDAY.date(), ZONE))


@pytest.mark.parametrize(
    ("entries", "places"),
    [
        ([entry("a", 9, 10)], {"a": (0, 100)}),
        ([entry("a", 9, 10), entry("b", 10, 11)], {"a": (0, 100), "b": (0, 100)}),
        ([entry("a", 9, 11), entry("b", 10, 12)], {"a": (0, 50), "b": (50, 50)}),
        (
            [entry("a", 9, 12), entry("b", 9, 10), entry("c", 10, 11)],
            {"a": (0, 50), "b": (50, 50), "c": (50, 50)},
        ),
        (
            [entry("a", 9, 12), entry("b", 9, 10), entry("c", 11, 12), entry("d", 12, 13)],
            {"a": (0, 50), "b": (50, 50), "c": (50, 50), "d": (0, 100)},
        ),
    ],
)
def test_what_overlaps_stands_side_by_side(entries, places):
    blocks = days(*entries)[1]["timed"]
    assert {one["title"]: (one["left"], one["width"]) for one in blocks} == places


def test_each_day_has_its_own_and_today_is_known():
    shown = days(entry("a", 9, 10), entry("fair", 0, 23, all_day=True))
    assert [day["name"] for day in shown] == ["Mon 23", "Tue 24", "Wed 25", "Thu 26", "Fri 27"]
    assert [day["is_today"] for day in shown] == [False, True, False, False, False]
    assert [one["time"] for one in shown[1]["all_day"]] == ["all day"]
    assert [len(day["timed"]) for day in shown] == [0, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("days_until_today", "entries_after_days", "shown"),
    [
        (0, [0], 0),
        (3, [-1], 0),  # what has been this week still shows
        (3, [], 0),
        (3, [6], 7),  # on a Friday the call of Monday
        (3, [4], 0),  # a Saturday is on no week's page
        (3, [-7, 20], 21),
        (4, [], 7),  # at a weekend the coming week
        (4, [0], 7),
        (5, [6, 13], 7),
        (-1, [0, 20], 0),
    ],
)
def test_the_calendar_opens_where_there_is_something(days_until_today, entries_after_days, shown):
    entries = [entry("a", 9, 10) for _ in entries_after_days]
    for one, days_after in zip(entries, entries_after_days, strict=True):
        one.start += timedelta(days=days_after)
        one.end += timedelta(days=days_after)
    today = TUESDAY.date() + timedelta(days=days_until_today)
    assert monday_shown(entries, today, ZONE) == MONDAY + timedelta(days=shown)


@pytest.mark.parametrize(
    ("description", "scheme"),
    [("<b>Agenda</b>", "light dark"), ('<i style="color:#222">Join</i>', "light")],
)
def test_colours_for_a_white_page_stay_on_one(description, scheme):
    assert f'content="{scheme}"' in framed_description(description)

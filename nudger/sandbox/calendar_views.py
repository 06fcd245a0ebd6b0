"""What the calendar page shows of a week and of one event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from nudger.sandbox.entries import Entry

FIRST_HOUR, LAST_HOUR = 8, 19
SHORT_MINUTES = 40
WORKING_DAYS = 5
A_WEEK = timedelta(days=7)


def monday_shown(entries: list[Entry], today: date, zone: ZoneInfo) -> date:
    """The Monday of the week that a calendar opens with: today's, at a weekend the coming one, and
    where the working days of that have no entry, the next that has one."""
    this = monday_of(today)
    if today.weekday() >= WORKING_DAYS:
        this += A_WEEK
    days = {entry.start.astimezone(zone).date() for entry in entries}
    mondays = {monday_of(day) for day in days if day.weekday() < WORKING_DAYS}
    return min((monday for monday in mondays if monday >= this), default=this)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(
    entries: list[Entry], monday: date, today: date, zone: ZoneInfo
) -> Iterator[dict[str, Any]]:
    """The working days of the week that begins on `monday`; all dates are those of `zone`."""
    for number in range(WORKING_DAYS):
        day = monday + timedelta(days=number)
        todays = [e for e in entries if e.start.astimezone(zone).date() == day]
        yield _day(day, todays, zone, is_today=day == today)


def _day(day: date, entries: list[Entry], zone: ZoneInfo, *, is_today: bool) -> dict[str, Any]:
    timed = [entry for entry in entries if not entry.all_day]
    return {
        "name": f"{day:%a %d}",
        "is_today": is_today,
        "all_day": [_block(entry, zone) for entry in entries if entry.all_day],
        "timed": list(_side_by_side(timed, zone)),
    }


def _side_by_side(entries: list[Entry], zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """Blocks in the order of time; those that overlap share the width."""
    ordered = sorted(entries, key=lambda entry: (entry.start, entry.transparent))
    for together in _overlapping(ordered):
        lanes: list[datetime] = []
        placed = [(entry, _lane(entry, lanes)) for entry in together]
        width = 100 / len(lanes)
        for entry, lane in placed:
            yield {**_block(entry, zone), "left": lane * width, "width": width}


def _overlapping(ordered: list[Entry]) -> Iterator[list[Entry]]:
    """Groups of which nothing overlaps another group's."""
    group: list[Entry] = []
    for entry in ordered:
        if group and entry.start >= max(one.end for one in group):
            yield group
            group = []
        group.append(entry)
    if group:
        yield group


def _lane(entry: Entry, ends: list[datetime]) -> int:
    """The first lane that is free when the entry starts; `ends` says until when each is taken."""
    free = next((at for at, end in enumerate(ends) if end <= entry.start), len(ends))
    ends[free : free + 1] = [entry.end]
    return free


def _block(entry: Entry, zone: ZoneInfo) -> dict[str, Any]:
    start, end = entry.start.astimezone(zone), entry.end.astimezone(zone)
    minutes = int((end - start).total_seconds() // 60)
    return {
        "id": entry.id,
        "title": entry.title,
        "time": "all day" if entry.all_day else f"{start:%H:%M}–{end:%H:%M}",
        "top": max(0, (start.hour - FIRST_HOUR) * 60 + start.minute),
        "height": max(24, minutes),
        "is_short": minutes < SHORT_MINUTES,
        "noted": "(Nudger)" in entry.description or entry.title.startswith("C.O."),
        "free": entry.transparent or entry.kind != "default",
    }


def described(entry: Entry, zone: ZoneInfo) -> dict[str, Any]:
    """One event as it opens."""
    guests = [f"{one.name} ({one.email})" if one.name else one.email for one in entry.guests]
    return {
        **_block(entry, zone),
        "day": f"{entry.start.astimezone(zone):%A, %d %B}",
        "description": entry.description,
        "is_html": "<" in entry.description,
        "guests": guests,
        "organizer": entry.organizer,
        "location": entry.location,
        "private": entry.visibility == "private",
    }


def framed_description(description: str) -> str:
    """A page of its own; light where the text brings colours that were chosen for a white page."""
    scheme = "light" if "color" in description else "light dark"
    return (
        f'<!doctype html><html><head><meta name="color-scheme" content="{scheme}"></head>'
        f"<body style='font:15px/1.5 system-ui,sans-serif'>{description}"
    )

"""The words of times, a file a language."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from nudger.domain import time_words
from nudger.domain.spoken_time import read_duration, read_every, read_moment

FOLDER = Path(time_words.__file__).parent / "data" / "times"
LANGUAGES = sorted(FOLDER.glob("*.toml"))
IN_EVERY = {
    "numbers", "ordinals", "day_after_tomorrow", "tomorrow", "today", "next_week", "weekdays", "months_of_the_year",
    "before_hour", "leads", "units",
}  # fmt: skip
IN_SOME = {"behind_ordinal", "before_weekday", "before_month", "behind_day", "behind_hour"}
ZONE = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=ZONE)


@pytest.mark.parametrize("file", LANGUAGES, ids=lambda file: file.stem)
def test_a_language_has_each_list(file):
    lists = tomllib.loads(file.read_text("utf-8"))
    assert set(lists) >= IN_EVERY
    assert set(lists) <= IN_EVERY | IN_SOME
    assert set(lists["units"]) == set(time_words.UNITS)
    assert (len(lists["weekdays"]), len(lists["months_of_the_year"])) == (5, 12)


@pytest.mark.parametrize("file", LANGUAGES, ids=lambda file: file.stem)
def test_its_patterns_are_patterns_in_lower_case_and_none_twice(file):
    lists = tomllib.loads(file.read_text("utf-8"))
    for name, entries in (lists | lists.pop("units")).items():
        if name != "units":
            assert len(set(entries)) == len(entries), name
            assert all(re.compile(entry) and entry == entry.lower() for entry in entries)


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("two weeks", 2), ("zwei wochen", 2), ("trois semaines", 3), ("dos semanas", 2),
        ("tre settimane", 3), ("drie weken", 3), ("duas semanas", 2), ("uma semana", 1),
    ],
)  # fmt: skip
def test_numbers_in_words(text, weeks):
    assert read_duration(text) == timedelta(weeks=weeks)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("friday", 27), ("nächsten freitag", 27), ("vendredi", 27), ("viernes", 27),
        ("venerdì", 27), ("vrijdag", 27), ("sexta-feira", 27), ("domani", 24), ("amanhã", 24),
    ],
)  # fmt: skip
def test_days_in_words(text, day):
    assert read_moment(text, MONDAY, ZONE, time(9)).day == day


@pytest.mark.parametrize(
    ("text", "number"),
    [("other", 2), ("dritte", 3), ("quatre", 4), ("vijfde", 5), ("sixth", 6), ("3rd", 3)],
)
def test_ordinals(text, number):
    assert read_every(text) == number

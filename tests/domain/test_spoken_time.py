"""Times in a word or two."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.spoken_time import read_duration, read_moment, read_pause

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=BERLIN)  # a Monday


@pytest.mark.parametrize(
    ("text", "lasting"),
    [
        ("2 weeks", timedelta(weeks=2)),
        ("for 3 days", timedelta(days=3)),
        ("a week", timedelta(weeks=1)),
        ("2h", timedelta(hours=2)),
        ("30 min", timedelta(minutes=30)),
        ("zwei Wochen", timedelta(weeks=2)),
        ("3 jours", timedelta(days=3)),
        ("una semana", timedelta(weeks=1)),
        ("2 settimane", timedelta(weeks=2)),
        ("drie dagen", timedelta(days=3)),
        ("soon", None),
        ("", None),
    ],
)
def test_durations(text, lasting):
    assert read_duration(text) == lasting


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("2h", "2026-11-23 12:00"),
        ("in 2 hours", "2026-11-23 12:00"),
        ("tomorrow", "2026-11-24 09:00"),
        ("tmrw 9", "2026-11-24 09:00"),
        ("the day after tomorrow at 10", "2026-11-25 10:00"),
        ("übermorgen um 10", "2026-11-25 10:00"),
        ("après-demain", "2026-11-25 09:00"),
        ("pasado mañana a las 9", "2026-11-25 09:00"),
        ("dopodomani", "2026-11-25 09:00"),
        ("overmorgen om 14", "2026-11-25 14:00"),
        ("depois de amanhã", "2026-11-25 09:00"),
        ("tomorrow 9", "2026-11-24 09:00"),
        ("tomorrow at 2pm", "2026-11-24 14:00"),
        ("morgen 14:30", "2026-11-24 14:30"),
        ("demain à 8h", "2026-11-24 08:00"),
        ("today 16:00", "2026-11-23 16:00"),
        ("friday", "2026-11-27 09:00"),
        ("monday", "2026-11-30 09:00"),
        ("am Mittwoch", "2026-11-25 09:00"),
        ("15:00", "2026-11-23 15:00"),
        ("9", "2026-11-24 09:00"),
        ("next week", "2026-11-30 09:00"),
    ],
)
def test_moments(text, local):
    expected = datetime.fromisoformat(local).replace(tzinfo=BERLIN)
    assert read_moment(text, NOW, BERLIN, time(9)) == expected


@pytest.mark.parametrize("text", ["", "whenever", "today 8", "tomorrow 25", "when Dana is back"])
def test_what_is_no_time(text):
    assert read_moment(text, NOW, BERLIN, time(9)) is None


@given(st.text(max_size=40), st.datetimes(timezones=st.just(UTC), min_value=datetime(2020, 1, 1)))
def test_any_text_is_a_later_moment_or_none(text, now):
    try:
        moment = read_moment(text, now, BERLIN, time(9))
    except OverflowError:
        return
    assert moment is None or moment > now


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("Monday", datetime(2026, 11, 30, tzinfo=BERLIN)),
        ("until Friday", datetime(2026, 11, 27, tzinfo=BERLIN)),
        ("7 January", datetime(2027, 1, 7, tzinfo=BERLIN)),
        ("January 7th", datetime(2027, 1, 7, tzinfo=BERLIN)),
        ("7. Januar", datetime(2027, 1, 7, tzinfo=BERLIN)),
        ("7 de enero", datetime(2027, 1, 7, tzinfo=BERLIN)),
        ("1er décembre", datetime(2026, 12, 1, tzinfo=BERLIN)),
        ("23 November", datetime(2027, 11, 23, tzinfo=BERLIN)),
        ("2 weeks", NOW + timedelta(weeks=2)),
    ],
)
def test_how_long_a_pause_lasts(text, until):
    assert NOW + read_pause(text, NOW, BERLIN) == until


@pytest.mark.parametrize("text", ["31 February", "the board agrees", "Monday after that", ""])
def test_what_is_no_pause(text):
    assert read_pause(text, NOW, BERLIN) is None

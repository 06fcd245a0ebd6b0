"""Which stretch of time a few words mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nudger.domain.when import read_bound, read_when

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)  # a Monday
DAY = (datetime(2026, 11, 23, 23, tzinfo=UTC), datetime(2026, 11, 24, 23, tzinfo=UTC))
MINUTE = (datetime(2026, 11, 24, 13, tzinfo=UTC), datetime(2026, 11, 24, 13, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    ["2026-11-24", " 2026-11-24 ", "tomorrow", "Tomorrow", "tue", "Tuesday", "24 Nov", "24 nov",
     "24 November", "Tue 24 Nov 2026", "24 November 2026"],
)  # fmt: skip
def test_a_day(text):
    assert read_when(text, NOW, BERLIN) == DAY


@pytest.mark.parametrize(
    "text",
    ["2026-11-24 14:00", "2026-11-24T14:00", "2026-11-24T13:00:00+00:00", "2026-11-24T13:00Z",
     "tomorrow 14:00", "tue 14:00", "Tue 24 Nov 14:00", "Tue 24 Nov 2026 14:00"],
)  # fmt: skip
def test_a_minute(text):
    assert read_when(text, NOW, BERLIN) == MINUTE


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("today", datetime(2026, 11, 22, 23, tzinfo=UTC)),
        ("yesterday", datetime(2026, 11, 21, 23, tzinfo=UTC)),
        ("mon", datetime(2026, 11, 22, 23, tzinfo=UTC)),
        ("sun", datetime(2026, 11, 28, 23, tzinfo=UTC)),
        ("9:30", datetime(2026, 11, 23, 8, 30, tzinfo=UTC)),
        ("3 Jan", datetime(2027, 1, 2, 23, tzinfo=UTC)),
        ("3 Aug 9:00", datetime(2026, 8, 3, 7, tzinfo=UTC)),
        ("2026-03-29 02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ],
)
def test_when_it_begins(text, begins):
    found = read_when(text, NOW, BERLIN)
    assert found is not None
    assert found[0] == begins


@pytest.mark.parametrize("text", ["2026-03-29", "2026-10-25"])
def test_a_day_that_is_shorter_or_longer(text):
    begins, ends = read_when(text, NOW, BERLIN) or (NOW, NOW)
    assert (ends - begins) in (timedelta(hours=23), timedelta(hours=25))


@pytest.mark.parametrize(
    "text",
    ["", " ", "acme", "monster", "Sunrun", "monster deal", "25:00", "tue 24:00", "2026-13-01", "30 Feb", "0001-01-01",
     "9999-12-31", "0001-01-01 00:00", "9999-12-31T23:59", "Acme 24", "24 Nov two", "1 2 3 4 5",
     "x" * 100_000, "²4 Nov", "24 Nov 99999999999"],
)  # fmt: skip
def test_what_is_no_time(text):
    assert read_when(text, NOW, BERLIN) is None


@pytest.mark.parametrize(
    ("text", "days_ahead", "days"),
    [
        ("14d", True, 14), ("14d", False, -14), ("+14d", False, 14), ("-14d", True, -14),
        ("0d", True, 0),
    ],
)  # fmt: skip
def test_a_number_of_days(text, days_ahead, days):
    at = NOW + timedelta(days=days)
    assert read_bound(text, NOW, BERLIN, days_ahead=days_ahead) == (at, at)

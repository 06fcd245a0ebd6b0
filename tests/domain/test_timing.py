"""When to ask and to remind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.event import Event, OccurrenceKey, Provider
from nudger.domain.reasons import Reason
from nudger.domain.timing import (
    AskTime,
    NotAsked,
    TimingPolicy,
    ask_time,
    remind_time,
    span_in,
)
from nudger.domain.working_hours import WorkingHours

BERLIN = ZoneInfo("Europe/Berlin")
HOURS = WorkingHours(BERLIN)
POLICY = TimingPolicy()


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("case", "start", "now", "asked", "reason"),
    [
        ("the day before", "2026-11-25 14:00", "2026-11-20 12:00", "2026-11-24 09:00", "day_before"),
        ("Friday for Monday", "2026-11-30 10:00", "2026-11-20 12:00", "2026-11-27 09:00", "day_before"),
        ("for a Sunday call", "2026-11-29 10:00", "2026-11-20 12:00", "2026-11-27 09:00", "day_before"),
        ("booked the evening before", "2026-11-25 14:00", "2026-11-24 20:00", "2026-11-25 09:00", "next_working_hour"),
        ("booked at noon", "2026-11-25 14:00", "2026-11-25 12:00", "2026-11-25 12:00", "booked_late"),
        ("over the end of summer time", "2026-10-26 10:00", "2026-10-20 12:00", "2026-10-23 09:00", "day_before"),
        ("over the start of summer time", "2026-03-30 10:00", "2026-03-20 12:00", "2026-03-27 09:00", "day_before"),
    ],
)  # fmt: skip
def test_when_to_ask(case, start, now, asked, reason):
    assert ask_time(at(start), HOURS, POLICY, at(now)) == AskTime(at(asked), Reason(reason))


@pytest.mark.parametrize(
    ("case", "hours", "start", "asked"),
    [
        ("within the day", 4, "2026-11-25 14:00", "2026-11-25 10:00"),
        ("over the evening before", 8, "2026-11-25 11:00", "2026-11-24 11:30"),
        ("a whole working day and more", 10, "2026-11-25 11:00", "2026-11-24 09:30"),
        ("over a weekend", 6, "2026-11-30 10:00", "2026-11-27 12:30"),
        ("for a call in the evening", 2, "2026-11-25 20:00", "2026-11-25 15:30"),
        ("no less than the least notice", 1, "2026-11-25 14:00", "2026-11-25 12:00"),
        ("over the end of summer time", 8.5, "2026-10-26 10:00", "2026-10-23 10:00"),
    ],
)
def test_a_lead_in_working_hours(case, hours, start, asked):
    policy = TimingPolicy(lead=timedelta(hours=hours))
    given = ask_time(at(start), HOURS, policy, at("2026-10-01 10:00"))
    assert given == AskTime(at(asked), Reason.LEAD_TIME)


def test_too_late_to_ask():
    assert isinstance(
        ask_time(at("2026-11-25 14:00"), HOURS, POLICY, at("2026-11-25 13:45")), NotAsked
    )
    early = ask_time(at("2026-11-25 08:00"), HOURS, POLICY, at("2026-11-24 20:00"))
    assert isinstance(early, NotAsked)


def test_a_public_holiday_is_no_working_day():
    hours = WorkingHours(BERLIN, country="DE")
    asked = ask_time(at("2026-12-28 10:00"), hours, POLICY, at("2026-12-20 10:00"))
    assert asked == AskTime(at("2026-12-24 09:00"), Reason.DAY_BEFORE)


def test_a_quiet_day_is_no_working_day():
    hours = WorkingHours(BERLIN, quiet_days=frozenset({date(2026, 11, 24)}))
    asked = ask_time(at("2026-11-25 14:00"), hours, POLICY, at("2026-11-20 10:00"))
    assert asked == AskTime(at("2026-11-23 09:00"), Reason.DAY_BEFORE)


def test_a_reminder_comes_before_the_call_and_not_at_once():
    start = at("2026-11-25 14:00")
    assert remind_time(at("2026-11-24 09:00"), start, HOURS, POLICY) == at("2026-11-25 12:00")
    assert remind_time(at("2026-11-25 11:00"), start, HOURS, POLICY) is None


zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia",
     "America/Sao_Paulo", "Africa/Casablanca"]
)  # fmt: skip
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))


leads = st.none() | st.timedeltas(timedelta(minutes=1), timedelta(hours=80))


@given(moments, st.timedeltas(timedelta(), timedelta(days=30)), zones, leads)
def test_never_at_night_never_after_the_start(now, ahead, zone, lead):
    hours = WorkingHours(ZoneInfo(zone))
    start = now + ahead
    asked = ask_time(start, hours, TimingPolicy(lead=lead), now)
    if isinstance(asked, NotAsked):
        return
    local = asked.at.astimezone(hours.zone)
    assert now <= asked.at <= start - POLICY.time_to_answer
    assert local.weekday() < 5
    assert hours.starts <= local.time() <= hours.ends


@given(moments, st.timedeltas(timedelta(), timedelta(days=30)), zones)
def test_a_reminder_is_never_at_night_and_never_late(asked, ahead, zone):
    hours = WorkingHours(ZoneInfo(zone))
    start = asked + ahead
    reminded = remind_time(asked, start, hours, POLICY)
    if reminded is not None:
        local = reminded.astimezone(hours.zone).time()
        assert asked < reminded < start
        assert hours.starts <= local <= hours.ends


def days(first, after, zone="Europe/Berlin", *, all_day=True):
    """An event from the midnight of one day to that of another, in its calendar's zone."""
    start, end = (
        datetime.fromisoformat(one).replace(tzinfo=ZoneInfo(zone)) for one in (first, after)
    )
    return Event(
        OccurrenceKey(Provider.GOOGLE, "e"), "e", "ana@ourco.com", "e", "1", "Onsite",
        start.astimezone(UTC), end.astimezone(UTC), zone, None, (), all_day=all_day,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("case", "event", "zone", "start", "end"),
    [
        ("one day", days("2027-03-04", "2027-03-05"), "Europe/Berlin",
         "2027-03-04T00:00+01:00", "2027-03-05T00:00+01:00"),
        ("three days over the start of summer time", days("2027-03-27", "2027-03-30"),
         "Europe/Berlin", "2027-03-27T00:00+01:00", "2027-03-30T00:00+02:00"),
        ("the calendar is in Berlin, the rep in New York", days("2027-03-04", "2027-03-05"),
         "America/New_York", "2027-03-04T00:00-05:00", "2027-03-05T00:00-05:00"),
        ("the calendar is in New York, the rep in Tokyo",
         days("2027-03-04", "2027-03-05", "America/New_York"), "Asia/Tokyo",
         "2027-03-04T00:00+09:00", "2027-03-05T00:00+09:00"),
        ("a day that has no midnight", days("2027-03-28", "2027-03-29", "Asia/Beirut"),
         "Asia/Beirut", "2027-03-28T01:00+03:00", "2027-03-29T00:00+03:00"),
        ("a zone that nobody knows is UTC",
         replace(days("2027-03-04", "2027-03-05", "UTC"), time_zone="Mars/Base"), "Asia/Tokyo",
         "2027-03-04T00:00+09:00", "2027-03-05T00:00+09:00"),
        ("hours are the same moments everywhere",
         days("2027-03-04T10:00", "2027-03-05T12:00", all_day=False), "America/New_York",
         "2027-03-04T04:00-05:00", "2027-03-05T06:00-05:00"),
    ],
)  # fmt: skip
def test_whole_days_are_the_same_days_everywhere(case, event, zone, start, end):
    expected = datetime.fromisoformat(start), datetime.fromisoformat(end)
    assert span_in(ZoneInfo(zone), event) == expected


@pytest.mark.parametrize(
    ("case", "first", "now", "asked"),
    [
        ("the morning of the working day before", "2027-03-04", "2027-02-20 12:00", "2027-03-03 09:00"),
        ("Friday for Monday", "2027-03-08", "2027-02-20 12:00", "2027-03-05 09:00"),
        ("of several days the first counts", "2027-03-27", "2027-02-20 12:00", "2027-03-26 09:00"),
        ("booked the day before", "2027-03-04", "2027-03-03 16:00", "2027-03-03 16:00"),
        ("booked the evening before", "2027-03-04", "2027-03-03 20:00", None),
    ],
)  # fmt: skip
def test_when_whole_days_are_asked_about(case, first, now, asked):
    start, _ = span_in(BERLIN, days(first, "2027-04-01"))
    given = ask_time(start, HOURS, POLICY, at(now))
    expected = NotAsked(Reason.TOO_LATE)
    assert (given if asked is None else given.at) == (expected if asked is None else at(asked))


def test_a_reminder_of_whole_days_comes_on_the_evening_before():
    start, _ = span_in(BERLIN, days("2027-03-08", "2027-03-10"))
    asked = at("2027-03-05 09:00")
    assert remind_time(asked, start, HOURS, POLICY) == at("2027-03-05 17:30")

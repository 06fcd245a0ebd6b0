"""Whose word counts for a rep's zone, hours and days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.commitment import MeetingState
from nudger.domain.mails import MailKind
from nudger.domain.sending import SEND_NOW, Call, PendingMail, Reader, Wait, decide
from nudger.domain.timing import AskTime, TimingPolicy, ask_time
from nudger.domain.working_hours import CalendarHours, WorkingHours, choose_hours

BERLIN = WorkingHours(ZoneInfo("Europe/Berlin"))
USUAL = "Europe/Berlin (settings), 09:00-17:30 (settings), mon tue wed thu fri (settings)"


def own(zone=None, starts=None, ends=None, days=None):
    return CalendarHours(
        zone,
        time.fromisoformat(starts) if starts else None,
        time.fromisoformat(ends) if ends else None,
        None if days is None else frozenset(days),
    )


@pytest.mark.parametrize(
    ("case", "told", "zone_of_rep", "chosen"),
    [
        ("nothing is told", own(), None, USUAL),
        ("the zone is told", own("Asia/Kolkata"), None, USUAL.replace("Europe/Berlin (settings)", "Asia/Kolkata (calendar)")),
        ("the admin said it for this rep", own("Asia/Kolkata"), "America/New_York", USUAL.replace("Europe/Berlin (settings)", "America/New_York (rep)")),
        ("the admin said UTC", own("Asia/Kolkata"), "UTC", USUAL.replace("Europe/Berlin (settings)", "UTC (rep)")),
        ("a zone that does not exist", own("Mars/Base"), None, USUAL),
        ("a path", own("../../etc/passwd"), None, USUAL),
        ("nobody has set the zone", own("UTC"), None, USUAL),
        ("hours are told", own(None, "08:00", "16:30"), None, USUAL.replace("09:00-17:30 (settings)", "08:00-16:30 (calendar)")),
        ("days are told", own(days=[6, 0, 1, 2, 3]), None, USUAL.replace("mon tue wed thu fri (settings)", "mon tue wed thu sun (calendar)")),
        ("all is told", own("Asia/Dubai", "08:00", "16:30", [0, 1]), None, "Asia/Dubai (calendar), 08:00-16:30 (calendar), mon tue (calendar)"),
        ("all but the zone counts beside the admin's", own("Asia/Dubai", "08:00", "16:30", [0, 1]), "Europe/Rome", "Europe/Rome (rep), 08:00-16:30 (calendar), mon tue (calendar)"),
        ("no days", own(days=[]), None, USUAL),
        ("half of the hours", own(starts="08:00"), None, USUAL),
        ("they end when they start", own(None, "08:00", "08:00"), None, USUAL),
        ("they end before they start", own(None, "20:00", "04:00"), None, USUAL),
        ("less than two hours", own(None, "08:00", "09:59"), None, USUAL),
        ("two hours", own(None, "08:00", "10:00"), None, USUAL.replace("09:00-17:30 (settings)", "08:00-10:00 (calendar)")),
        ("round the clock", own(None, "00:00", "23:59"), None, USUAL.replace("09:00-17:30 (settings)", "06:00-22:00 (calendar)")),
        ("an early bird", own(None, "04:30", "13:00"), None, USUAL.replace("09:00-17:30 (settings)", "06:00-13:00 (calendar)")),
        ("a night owl", own(None, "18:00", "23:30"), None, USUAL.replace("09:00-17:30 (settings)", "18:00-22:00 (calendar)")),
        ("mostly at night", own(None, "20:30", "23:59"), None, USUAL),
    ],
)  # fmt: skip
def test_each_value_comes_from_who_knows_it_best(case, told, zone_of_rep, chosen):
    assert str(choose_hours(BERLIN, told, zone_of_rep)) == chosen


def test_holidays_and_quiet_days_stay():
    quiet = date(2026, 11, 24)
    default = WorkingHours(BERLIN.zone, country="DE", quiet_days=frozenset({quiet}))
    hours = choose_hours(default, own("America/New_York", "08:00", "16:30", range(7))).hours
    assert hours.is_working_day(date(2026, 11, 22))  # a Sunday
    assert not hours.is_working_day(quiet)
    assert not hours.is_working_day(date(2026, 12, 25))


def test_the_admins_own_hours_may_begin_earlier():
    bakery = WorkingHours(BERLIN.zone, time(4), time(11))
    assert choose_hours(bakery, own()).hours == bakery


zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia",
     "UTC", "Customized Time Zone", "", "tzone://Microsoft/Custom"]
)  # fmt: skip
told_hours = st.builds(
    CalendarHours,
    st.none() | zones | st.text(max_size=20),
    st.none() | st.times(),
    st.none() | st.times(),
    st.none() | st.frozensets(st.integers(0, 6)),
)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))


@given(told_hours, st.none() | zones)
def test_the_hours_are_always_valid_and_never_at_night(told, zone_of_rep):
    hours = choose_hours(BERLIN, told, zone_of_rep).hours
    assert time(6) <= hours.starts < hours.ends <= time(22)
    lasting = datetime.combine(date.min, hours.ends) - datetime.combine(date.min, hours.starts)
    assert lasting >= timedelta(hours=2)
    assert hours.days
    assert hours.days <= frozenset(range(7))


@given(moments, st.timedeltas(timedelta(), timedelta(days=30)), told_hours)
def test_whatever_a_calendar_claims_nothing_is_sent_at_night(now, ahead, told):
    hours = choose_hours(BERLIN, told).hours
    asked = ask_time(now + ahead, hours, TimingPolicy(), now)
    call = Call(1, MeetingState.PLANNED, now + ahead, now + ahead)
    question = PendingMail(MailKind.QUESTION, now, (call,))
    sent = decide(question, Reader(hours, TimingPolicy()), now)
    at = [asked.at] if isinstance(asked, AskTime) else []
    at += [sent.until] if isinstance(sent, Wait) else [now] if sent == SEND_NOW else []
    for moment in at:
        local = moment.astimezone(hours.zone)
        assert time(6) <= local.time() <= time(22)
        assert local.weekday() in hours.days

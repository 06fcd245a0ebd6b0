"""Mails that ask nothing: when, to whom, and that they give way to the mails that ask."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.commitment import MeetingState
from nudger.domain.event import Attendee, Event, EventStatus, OccurrenceKey, Provider, Response
from nudger.domain.informational import (
    MIN_INTERVAL,
    NotTold,
    Span,
    Traffic,
    attends,
    telling_time,
    worth_telling,
)
from nudger.domain.timing import Wait
from nudger.domain.working_hours import WorkingHours

BERLIN = ZoneInfo("Europe/Berlin")
HOURS = WorkingHours(BERLIN, quiet_days=frozenset({date(2026, 12, 1)}))


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BERLIN) if text else None


MONDAY_MORNING = Span(at("11-30 09:00"), at("12-03 09:00"))


@pytest.mark.parametrize(
    ("case", "now", "last_sent", "next_asking", "decision"),
    [
        ("nothing in the way", "11-30 09:00", None, None, None),
        ("too early", "11-30 08:00", None, None, Wait(at("11-30 09:00"))),
        ("at night", "11-30 21:00", None, None, Wait(at("12-02 09:00"))),
        ("half an hour after another", "11-30 09:30", "11-30 09:00", None, Wait(at("11-30 10:00"))),
        ("an hour after another", "11-30 10:00", "11-30 09:00", None, None),
        ("a question is due too", "11-30 09:00", None, "11-30 09:00", Wait(at("11-30 10:00"))),
        ("a question within the hour", "11-30 09:00", None, "11-30 09:40", Wait(at("11-30 10:40"))),
        ("a question an hour later", "11-30 09:00", None, "11-30 10:00", Wait(at("11-30 11:00"))),
        ("a question in the afternoon", "11-30 09:00", None, "11-30 14:00", None),
        ("a question that should have gone", "11-30 09:30", None, "11-30 09:00", Wait(at("11-30 10:30"))),
        ("after one and before another", "11-30 09:30", "11-30 09:00", "11-30 10:30", Wait(at("11-30 11:30"))),
        ("the working day is over by then", "11-30 17:00", None, "11-30 17:00", Wait(at("12-02 09:00"))),
        ("the last moment", "12-03 09:00", None, None, None),
        ("too late", "12-03 09:01", None, None, NotTold.TOO_LATE),
        ("too late once it may", "12-03 08:30", None, "12-03 08:30", NotTold.TOO_LATE),
    ],
)  # fmt: skip
def test_when_to_tell(case, now, last_sent, next_asking, decision):
    traffic = Traffic(at(last_sent), at(next_asking))
    assert telling_time(MONDAY_MORNING, HOURS, traffic, at(now)) == decision


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia"])
near = st.none() | st.timedeltas(-timedelta(hours=3), timedelta(hours=3))


@given(moments, zones, near, near)
def test_what_is_told_now_is_told_at_work_and_crowds_nothing(now, zone, sent, asking):
    hours = WorkingHours(ZoneInfo(zone))
    last = None if sent is None else now - abs(sent)
    due = None if asking is None else now + asking
    span = Span(now - timedelta(hours=1), now + timedelta(days=9))
    decision = telling_time(span, hours, Traffic(last, due), now)
    if decision is not None:
        assert isinstance(decision, Wait)
        assert now < decision.until <= span.latest
        return
    local = now.astimezone(hours.zone)
    assert hours.is_working_day(local.date())
    assert hours.starts <= local.time() <= hours.ends
    assert last is None or now >= last + MIN_INTERVAL
    assert due is None or due > now + MIN_INTERVAL


@pytest.mark.parametrize(
    ("state", "start", "asked_themself", "reason"),
    [
        (MeetingState.ASKED, "11-30 14:00", False, None),
        (MeetingState.ASKED, "11-30 14:00", True, NotTold.ASKED_THEMSELF),
        (MeetingState.ASKED, "11-30 10:00", False, NotTold.TOO_LATE),
        (MeetingState.ANSWERED, "11-30 14:00", False, NotTold.MEETING_CLOSED),
        (MeetingState.WRITTEN, "11-30 14:00", False, NotTold.MEETING_CLOSED),
        (MeetingState.WITHDRAWN, "11-30 14:00", False, NotTold.MEETING_CLOSED),
        (MeetingState.PLANNED, "11-30 14:00", False, NotTold.MEETING_CLOSED),
    ],
)
def test_whether_a_colleague_is_told(state, start, asked_themself, reason):
    now = at("11-30 10:00")
    assert worth_telling(state, at(start), now, asked_themself=asked_themself) is reason


BEN, DANA = "ben@ourco.example", "dana@acme.example"


def event(organizer=DANA, attendees=(), status=EventStatus.CONFIRMED):
    start = at("11-30 14:00")
    return Event(
        OccurrenceKey(Provider.GOOGLE, "e"), "e", BEN, "e@x", "1", "t", start, start, "UTC",
        Attendee(organizer), tuple(attendees), status,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("case", "shown", "takes_part"),
    [
        ("accepted", event(attendees=[Attendee(BEN, response=Response.ACCEPTED)]), True),
        ("perhaps", event(attendees=[Attendee(BEN, response=Response.TENTATIVE)]), True),
        ("declined", event(attendees=[Attendee(BEN, response=Response.DECLINED)]), False),
        ("no answer yet", event(attendees=[Attendee(BEN)]), False),
        ("organizes it", event(organizer=BEN), True),
        ("organizes and declined", event(BEN, [Attendee(BEN, response=Response.DECLINED)]), False),
        ("only forwarded to", event(), False),
        ("by another address", event(attendees=[Attendee("b@ourco.example", response=Response.ACCEPTED)]), True),
        ("cancelled", event(BEN, status=EventStatus.CANCELLED), False),
    ],
)  # fmt: skip
def test_who_attends(case, shown, takes_part):
    assert attends(shown, (BEN, "b@ourco.example")) is takes_part

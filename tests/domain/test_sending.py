"""Whether a mail goes out now, later or never."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nudger.domain.availability import Availability, RepState
from nudger.domain.commitment import MeetingState
from nudger.domain.mails import (
    ANSWERABLE,
    GATHERED_LATE,
    PROACTIVE,
    QUESTIONS,
    RESPONSES,
    MailKind,
)
from nudger.domain.sending import (
    HELD_INTERVAL,
    MIN_INTERVAL,
    NEAR_THE_CALL,
    NO_TRAFFIC,
    SEND_NOW,
    Call,
    Never,
    PendingMail,
    Reader,
    Span,
    Traffic,
    Wait,
    calls_left,
    decide,
)
from nudger.domain.timing import TimingPolicy
from nudger.domain.working_hours import WorkingHours

HOURS = WorkingHours(ZoneInfo("Europe/Berlin"), quiet_days=frozenset({date(2026, 12, 1)}))
POLICY = TimingPolicy()
READER = Reader(HOURS, POLICY)
PLANNED, ASKED = MeetingState.PLANNED, MeetingState.ASKED
PRE_MEETING = (MailKind.QUESTION, MailKind.REMINDER)


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=HOURS.zone) if text else None


def call(start="11-25 14:00", state=PLANNED, number=1, asks_reader=True):
    return Call(number, state, at(start), at(start) + timedelta(hours=1), asks_reader)


WEEK = Span(at("11-25 09:00"), at("11-30 09:00"))


def mail(kind, *calls, **more):
    if kind in (MailKind.WEEKLY, MailKind.MANAGER_WEEKLY):
        more.setdefault("span", WEEK)
    return PendingMail(kind, at("11-25 09:00"), calls, **more)


def about_one(kind):
    """A mail that would go out at ten."""
    if kind is MailKind.COLLEAGUE:
        return mail(kind, call(state=ASKED, asks_reader=False))
    return mail(kind, call("11-25 08:30" if kind is MailKind.FOLLOW_UP else "11-25 14:00"))


TEN = at("11-25 10:00")


@pytest.mark.parametrize("kind", MailKind)
def test_nothing_in_the_way(kind):
    assert decide(about_one(kind), READER, TEN) == SEND_NOW


UNTIL_NOON = Availability(RepState.PAUSED, at("11-25 12:00"))
TILL_TEN = Availability(RepState.PAUSED, TEN)


@pytest.mark.parametrize(
    ("case", "availability", "asks", "reports", "responds"),
    [
        ("pauses", UNTIL_NOON, Wait(at("11-25 12:00")), Never("rep_paused"), SEND_NOW),
        ("pauses no longer", TILL_TEN, SEND_NOW, SEND_NOW, SEND_NOW),
        ("pauses without an end", Availability(RepState.PAUSED), Never("rep_paused"), Never("rep_paused"), SEND_NOW),
        ("stopped", Availability(RepState.STOPPED), Never("rep_stopped"), Never("rep_stopped"), SEND_NOW),
        ("is signed out", Availability(RepState.RECONNECT), *[Wait(TEN + HELD_INTERVAL)] * 3),
    ],
)  # fmt: skip
def test_what_a_rep_wants(case, availability, asks, reports, responds):
    reader = replace(READER, availability=availability)
    for kinds, decision in ((QUESTIONS, asks), (GATHERED_LATE, reports), (RESPONSES, responds)):
        for kind in kinds:
            assert decide(about_one(kind), reader, TEN) == decision


@pytest.mark.parametrize(
    ("moment", "decision"),
    [
        ("11-29 15:00", Wait(at("11-29 15:00") + HELD_INTERVAL)),
        ("11-29 15:01", Never("expired")),
    ],
)
def test_what_answers_a_rep_who_is_signed_out_counts_until_the_call_is_long_over(moment, decision):
    reader = replace(READER, availability=Availability(RepState.RECONNECT))
    for kind in RESPONSES:
        assert decide(mail(kind, call("11-25 14:00")), reader, at(moment)) == decision
    assert decide(mail(MailKind.CONFIRMATION, call("11-25 14:00")), READER, at(moment)) == SEND_NOW
    assert isinstance(decide(mail(MailKind.COMMAND), reader, at(moment)), Wait)


@pytest.mark.parametrize(
    ("kinds", "decision"),
    [
        ((*ANSWERABLE, MailKind.CONFIRMATION, MailKind.PROBLEM), Never("event_gone")),
        ((MailKind.COLLEAGUE,), Never("meeting_closed")),
        ((MailKind.COMMAND, MailKind.QUARANTINED), SEND_NOW),
        ((MailKind.WEEKLY, MailKind.MANAGER_WEEKLY, MailKind.ANNOUNCEMENT), SEND_NOW),
    ],
)
def test_without_a_meeting(kinds, decision):
    for kind in kinds:
        assert decide(mail(kind), READER, TEN) == decision


def test_a_meeting_that_is_gone_counts_before_what_the_rep_wants():
    stopped = replace(READER, availability=Availability(RepState.STOPPED))
    assert decide(mail(MailKind.QUESTION), stopped, TEN) == Never("event_gone")


@pytest.mark.parametrize(
    ("case", "start", "now", "decision"),
    [
        ("within working hours", "11-25 14:00", "11-24 10:00", SEND_NOW),
        ("in the evening before", "11-25 14:00", "11-24 22:00", Wait(at("11-25 09:00"))),
        ("early in the morning", "11-25 14:00", "11-24 06:00", Wait(at("11-24 09:00"))),
        ("at the weekend", "11-30 14:00", "11-28 12:00", Wait(at("11-30 09:00"))),
        ("the last moment", "11-25 14:00", "11-25 13:30", SEND_NOW),
        ("too late", "11-25 14:00", "11-25 13:31", Never("too_late")),
        ("the call has begun", "11-25 14:00", "11-25 14:01", Never("too_late")),
        ("the morning is too late", "11-25 09:15", "11-24 22:00", Never("too_late")),
        ("the morning is just in time", "11-25 09:30", "11-24 22:00", Wait(at("11-25 09:00"))),
    ],
)
def test_a_question_before_the_call(case, start, now, decision):
    for kind in PRE_MEETING:
        assert decide(mail(kind, call(start)), READER, at(now)) == decision
        assert decide(mail(kind, call(start), is_begun=True), READER, at(now)) == decision


@pytest.mark.parametrize(
    ("state", "decision"),
    [
        (MeetingState.PLANNED, SEND_NOW),
        (MeetingState.ASKED, SEND_NOW),
        (MeetingState.ANSWERED, Never("meeting_answered")),
        (MeetingState.WRITTEN, Never("meeting_written")),
        (MeetingState.WITHDRAWN, Never("meeting_withdrawn")),
        (MeetingState.EXPIRED, Never("meeting_expired")),
    ],
)
def test_a_question_about_a_meeting_that_is_open(state, decision):
    for kind in PRE_MEETING:
        assert decide(mail(kind, call(state=state)), READER, TEN) == decision
        assert decide(mail(kind, call(state=state), is_begun=True), READER, TEN) == decision


@pytest.mark.parametrize(
    ("case", "asked", "reported", "start", "now", "decision"),
    [
        ("asked half an hour ago", "09:30", None, "14:00", "10:00", Wait(at("11-25 10:30"))),
        ("asked an hour ago", "09:00", None, "14:00", "10:00", SEND_NOW),
        ("no time left by then", "09:30", None, "10:50", "10:00", Never("too_late")),
        ("just in time by then", "09:30", None, "11:00", "10:00", Wait(at("11-25 10:30"))),
        ("told half an hour ago", None, "09:30", "14:00", "10:00", Wait(at("11-25 10:30"))),
        ("told an hour ago", None, "09:00", "14:00", "10:00", SEND_NOW),
        ("told, and little time left by then", None, "09:30", "11:59", "10:00", SEND_NOW),
        ("told, and just enough left by then", None, "09:30", "12:00", "10:00", Wait(at("11-25 10:30"))),
        ("told, and it is night by then", None, "17:00", "18:30", "17:20", SEND_NOW),
        ("asked, then told", "09:30", "09:45", "14:00", "10:00", Wait(at("11-25 10:30"))),
        ("asked long ago, told just now", "08:00", "09:45", "14:00", "10:00", Wait(at("11-25 10:45"))),
        ("asked an hour ago, told since", "09:00", "09:45", "14:00", "10:00", Wait(at("11-25 10:45"))),
        ("asked late, free in the evening", "17:00", None, "20:00", "17:20", Wait(at("11-25 18:00"))),
    ],
)  # fmt: skip
def test_an_hour_lies_between_two_mails(case, asked, reported, start, now, decision):
    day = "11-25 "
    traffic = Traffic(at(asked and day + asked), at(reported and day + reported))
    reader, now = replace(READER, traffic=traffic), at(day + now)
    for kind in PRE_MEETING:
        pending = mail(kind, call(day + start))
        assert decide(pending, reader, now) == decision
        assert decide(replace(pending, is_begun=True), reader, now) == SEND_NOW


def test_a_wait_says_until_when():
    assert str(Wait(TEN)) == f"until {TEN.isoformat(timespec='minutes')}"
    assert str(Wait(TEN)).startswith("until 2026-11-25T10:00+")


def test_a_question_after_a_mail_that_told_waits_for_working_hours():
    reader = replace(READER, traffic=Traffic(reported_at=at("11-24 17:00")))
    pending = mail(MailKind.QUESTION, call("11-25 14:00"))
    assert decide(pending, reader, at("11-24 17:20")) == Wait(at("11-25 09:00"))


OPEN, SOON = call("11-25 14:00", number=1), call("11-25 10:10", number=2)
GONE = call("11-25 15:00", MeetingState.WITHDRAWN, number=3)
OTHERS = call("11-25 14:00", ASKED, number=4, asks_reader=False)
CLOSED = call("11-25 15:00", MeetingState.ANSWERED, number=5, asks_reader=False)


@pytest.mark.parametrize(
    ("case", "pending", "left"),
    [
        ("all can be asked", mail(MailKind.QUESTION, OPEN), (1,)),
        ("one is too near", mail(MailKind.QUESTION, SOON, OPEN), (1,)),
        ("one was withdrawn", mail(MailKind.REMINDER, OPEN, GONE), (1,)),
        ("none is left", mail(MailKind.QUESTION, SOON, GONE), (2, 3)),
        ("a draft stands", mail(MailKind.QUESTION, SOON, OPEN, is_begun=True), (2, 1)),
        ("after the call", mail(MailKind.FOLLOW_UP, SOON, GONE), (2, 3)),
        ("a confirmation", mail(MailKind.CONFIRMATION, OPEN, GONE), (1, 3)),
        ("told of one that is answered", mail(MailKind.COLLEAGUE, OTHERS, CLOSED), (4,)),
        ("told of one's own", mail(MailKind.COLLEAGUE, OPEN, OTHERS), (4,)),
        ("nothing to tell", mail(MailKind.COLLEAGUE, CLOSED, OPEN), (5, 1)),
        ("told, a draft stands", mail(MailKind.COLLEAGUE, OTHERS, CLOSED, is_begun=True), (4, 5)),
    ],
)
def test_which_calls_a_mail_is_still_about(case, pending, left):
    assert tuple(call.id for call in calls_left(pending, READER, TEN)) == left


@pytest.mark.parametrize(
    ("pending", "decision"),
    [
        (mail(MailKind.QUESTION, SOON, OPEN), SEND_NOW),
        (mail(MailKind.QUESTION, GONE, OPEN), SEND_NOW),
        (mail(MailKind.QUESTION, SOON, OPEN, is_begun=True), Never("too_late")),
        (mail(MailKind.QUESTION, GONE, SOON), Never("too_late")),
        (mail(MailKind.QUESTION, GONE), Never("meeting_withdrawn")),
    ],
)
def test_the_decision_is_about_the_calls_that_are_left(pending, decision):
    assert decide(pending, READER, TEN) == decision


@pytest.mark.parametrize(
    ("case", "last", "begun", "now", "decision"),
    [
        ("the call is over", None, False, "11-25 15:05", SEND_NOW),
        ("the call was moved", None, False, "11-25 14:05", Wait(at("11-25 15:00"))),
        ("mailed half an hour ago", "11-25 15:00", False, "11-25 15:30", Wait(at("11-25 16:00"))),
        ("mailed, and drafted already", "11-25 15:00", True, "11-25 15:30", SEND_NOW),
        ("in the evening", None, False, "11-25 18:00", Wait(at("11-26 09:00"))),
        ("in the evening, drafted already", None, True, "11-25 18:00", Wait(at("11-26 09:00"))),
        ("mailed late", "11-25 17:00", False, "11-25 17:10", Wait(at("11-26 09:00"))),
        ("four days later", None, False, "11-29 15:00", Wait(at("11-30 09:00"))),
        ("more than four days later", None, False, "11-29 15:01", Never("expired")),
    ],
)
def test_a_question_after_the_call(case, last, begun, now, decision):
    pending = mail(MailKind.FOLLOW_UP, call(), is_begun=begun)
    for traffic in (Traffic(asked_at=at(last)), Traffic(reported_at=at(last))):
        assert decide(pending, replace(READER, traffic=traffic), at(now)) == decision


def test_of_several_calls_the_last_to_end_counts_after_the_call():
    pending = mail(MailKind.FOLLOW_UP, call("11-25 14:00"), call("11-25 15:30", number=2))
    assert decide(pending, READER, at("11-25 15:05")) == Wait(at("11-25 16:30"))


@pytest.mark.parametrize(
    ("case", "now", "last_sent", "next_asking", "decision"),
    [
        ("nothing in the way", "11-30 09:00", None, None, SEND_NOW),
        ("too early", "11-30 08:00", None, None, Wait(at("11-30 09:00"))),
        ("at night", "11-30 21:00", None, None, Wait(at("12-02 09:00"))),
        ("half an hour after another", "11-30 09:30", "11-30 09:00", None, Wait(at("11-30 10:00"))),
        ("an hour after another", "11-30 10:00", "11-30 09:00", None, SEND_NOW),
        ("a question is due too", "11-30 09:00", None, "11-30 09:00", Wait(at("11-30 10:00"))),
        ("a question within the hour", "11-30 09:00", None, "11-30 09:40", Wait(at("11-30 10:40"))),
        ("a question an hour later", "11-30 09:00", None, "11-30 10:00", Wait(at("11-30 11:00"))),
        ("a question in the afternoon", "11-30 09:00", None, "11-30 14:00", SEND_NOW),
        ("a question that should have gone", "11-30 09:30", None, "11-30 09:00", Wait(at("11-30 10:30"))),
        ("after one and before another", "11-30 09:30", "11-30 09:00", "11-30 10:30", Wait(at("11-30 11:30"))),
        ("the working day is over by then", "11-30 17:00", None, "11-30 17:00", Wait(at("12-02 09:00"))),
        ("the last moment", "12-03 09:00", None, None, SEND_NOW),
        ("too late", "12-03 09:01", None, None, Never("too_late")),
        ("too late once it may", "12-03 08:30", None, "12-03 08:30", Never("too_late")),
    ],
)  # fmt: skip
def test_what_asks_nothing_gives_way(case, now, last_sent, next_asking, decision):
    span = Span(at("11-30 09:00"), at("12-03 09:00"))
    for traffic in (
        Traffic(asked_at=at(last_sent), next_asking=at(next_asking)),
        Traffic(reported_at=at(last_sent), next_asking=at(next_asking)),
    ):
        reader = replace(READER, traffic=traffic)
        for kind in (MailKind.WEEKLY, MailKind.MANAGER_WEEKLY):
            assert decide(mail(kind, span=span), reader, at(now)) == decision
            assert decide(mail(kind, span=span, is_begun=True), reader, at(now)) == decision


@pytest.mark.parametrize(
    ("state", "start", "asks_reader", "decision"),
    [
        (MeetingState.ASKED, "11-25 14:00", False, SEND_NOW),
        (MeetingState.ASKED, "11-25 10:01", False, SEND_NOW),
        (MeetingState.ASKED, "11-25 14:00", True, Never("asked_themself")),
        (MeetingState.ASKED, "11-25 10:00", False, Never("too_late")),
        (MeetingState.ANSWERED, "11-25 14:00", False, Never("meeting_closed")),
        (MeetingState.WRITTEN, "11-25 14:00", False, Never("meeting_closed")),
        (MeetingState.WITHDRAWN, "11-25 14:00", False, Never("meeting_closed")),
        (MeetingState.PLANNED, "11-25 14:00", False, Never("meeting_closed")),
    ],
)
def test_whether_a_colleague_is_told(state, start, asks_reader, decision):
    for begun in (False, True):
        about = call(start, state, asks_reader=asks_reader)
        assert decide(mail(MailKind.COLLEAGUE, about, is_begun=begun), READER, TEN) == decision


@pytest.mark.parametrize(
    ("case", "calls", "traffic", "now", "decision"),
    [
        ("before it is due", ["14:00"], Traffic(), "08:50", Wait(at("11-25 09:00"))),
        ("one of two has begun", ["09:30", "14:00"], Traffic(), "10:00", SEND_NOW),
        ("both have begun", ["09:30", "09:45"], Traffic(), "10:00", Never("too_late")),
        ("a mail before it", ["14:00"], Traffic(at("11-25 09:30")), "10:00", Wait(at("11-25 10:30"))),
        ("no time before the first", ["10:20", "14:00"], Traffic(at("11-25 09:30")), "10:00", Never("too_late")),
        ("a question comes", ["14:00"], Traffic(next_asking=at("11-25 10:30")), "10:00", Wait(at("11-25 11:30"))),
    ],
)  # fmt: skip
def test_when_a_colleague_is_told(case, calls, traffic, now, decision):
    about = [call(f"11-25 {start}", ASKED, n, asks_reader=False) for n, start in enumerate(calls)]
    reader = replace(READER, traffic=traffic)
    assert decide(mail(MailKind.COLLEAGUE, *about), reader, at(f"11-25 {now}")) == decision


def test_a_drafted_notice_goes_out_for_the_sake_of_one_call_before_the_first_begins():
    pending = mail(MailKind.COLLEAGUE, CLOSED, OTHERS, is_begun=True)
    assert decide(pending, READER, TEN) == SEND_NOW


def test_nobody_is_told_what_the_admin_of_the_team_that_is_asked_switched_off():
    silent = replace(OTHERS, id=6, is_told=False)
    assert decide(mail(MailKind.COLLEAGUE, silent), READER, TEN) == Never("switched_off")
    both = mail(MailKind.COLLEAGUE, silent, OTHERS)
    assert decide(both, READER, TEN) == SEND_NOW
    assert calls_left(both, READER, TEN) == (OTHERS,)


def test_one_reply_is_confirmed_by_one_mail():
    pending = mail(MailKind.CONFIRMATION, OPEN, awaits_others=True)
    assert decide(pending, READER, TEN) == Wait(TEN + timedelta(seconds=5))
    assert decide(replace(pending, is_begun=True), READER, TEN) == SEND_NOW


@pytest.mark.parametrize(
    ("case", "now", "traffic", "decision"),
    [
        ("at work", "11-25 10:00", NO_TRAFFIC, SEND_NOW),
        ("at night", "11-25 03:00", NO_TRAFFIC, Wait(at("11-25 09:00"))),
        ("at the weekend", "11-28 12:00", NO_TRAFFIC, Wait(at("11-30 09:00"))),
        ("before a question that is due", "11-25 10:00", Traffic(next_asking=at("11-25 10:00")), SEND_NOW),
        ("after another mail", "11-25 10:00", Traffic(reported_at=at("11-25 09:30")), Wait(at("11-25 10:30"))),
    ],
)  # fmt: skip
def test_an_announcement_goes_before_all_else(case, now, traffic, decision):
    reader = replace(READER, traffic=traffic)
    assert decide(mail(MailKind.ANNOUNCEMENT), reader, at(now)) == decision


def test_an_answer_to_the_rep_goes_out_at_once_and_at_night():
    reader = replace(
        READER, traffic=Traffic(asked_at=at("11-25 02:59"), next_asking=at("11-25 03:01"))
    )
    for kind in RESPONSES:
        assert decide(about_one(kind), reader, at("11-25 03:00")) == SEND_NOW


moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
COMMENT_CASES = [
    ("at once, at work", "11-25 14:00", "11-25 10:00", {}, SEND_NOW),
    ("five minutes before is the last moment", "11-25 14:00", "11-25 13:55", {}, SEND_NOW),
    ("nobody reads it later", "11-25 14:00", "11-25 13:56", {}, Never("too_late")),
    ("never once it began", "11-25 14:00", "11-25 14:01", {}, Never("too_late")),
    ("an hour after a question", "11-25 14:00", "11-25 10:00", {"asked_at": "11-25 09:30"}, "11-25 10:30"),
    ("an hour after a report", "11-25 14:00", "11-25 10:00", {"reported_at": "11-25 09:30"}, "11-25 10:30"),
    ("an hour on is too late", "11-25 11:00", "11-25 10:20", {"asked_at": "11-25 10:10"}, Never("too_late")),
    ("a question goes first", "11-25 14:00", "11-25 10:00", {"next_asking": "11-25 10:40"}, "11-25 11:40"),
    ("not at night", "11-25 14:00", "11-24 22:00", {}, "11-25 09:00"),
    ("not before a call that opens the day", "11-25 09:00", "11-24 22:00", {}, Never("too_late")),
    ("not on a quiet day", "12-02 10:00", "11-30 18:00", {}, "12-02 09:00"),
    ("near to a call in the evening", "11-25 20:00", "11-25 18:00", {}, "11-25 19:00"),
    ("at work, whatever evening the call is", "11-25 20:00", "11-25 10:00", {}, SEND_NOW),
    ("within the hour before it", "11-25 20:00", "11-25 19:30", {}, SEND_NOW),
    ("near to a call before work", "11-25 07:00", "11-24 23:00", {}, "11-25 06:00"),
    ("an hour after another, in the evening", "11-25 20:00", "11-25 19:10", {"asked_at": "11-25 18:40"}, "11-25 19:40"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "start", "now", "traffic", "goes"), COMMENT_CASES)
def test_when_a_managers_comment_goes_out(case, start, now, traffic, goes):
    reader = replace(READER, traffic=Traffic(**{name: at(one) for name, one in traffic.items()}))
    wanted = Wait(at(goes)) if isinstance(goes, str) else goes
    assert decide(mail(MailKind.COMMENT, call(start)), reader, at(now)) == wanted, case


def test_a_comment_is_about_the_calls_that_are_left():
    two = mail(MailKind.COMMENT, call("11-25 10:00"), call("11-25 15:00", number=2))
    assert [one.id for one in calls_left(two, READER, at("11-25 09:58"))] == [2]
    assert decide(two, READER, at("11-25 09:58")) == SEND_NOW


def test_a_comment_on_a_call_that_is_another_reps_now_goes_to_nobody():
    theirs = mail(MailKind.COMMENT, call(asks_reader=False))
    assert decide(theirs, READER, TEN) == Never("meeting_closed")


zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia",
     "America/Sao_Paulo", "Africa/Casablanca"]
)  # fmt: skip
near = st.none() | st.timedeltas(-timedelta(hours=3), timedelta(hours=3))


@st.composite
def situations(draw):
    """Any proactive mail about one or two calls, whom it goes to, and the moment."""
    now = draw(moments)
    kind = draw(st.sampled_from(PROACTIVE))
    calls = tuple(
        Call(
            number,
            draw(st.sampled_from(MeetingState)),
            start := now + draw(st.timedeltas(-timedelta(days=5), timedelta(days=5))),
            start + timedelta(hours=1),
            draw(st.booleans()),
        )
        for number in range(draw(st.integers(1, 2)))
    )
    span = Span(now - timedelta(hours=1), now + timedelta(days=3))
    pending = PendingMail(kind, now - timedelta(minutes=5), calls, draw(st.booleans()), span)
    last, told, asking = draw(near), draw(near), draw(near)
    traffic = Traffic(
        None if last is None else now - abs(last),
        None if told is None else now - abs(told),
        None if asking is None else now + asking,
    )
    until = draw(st.none() | st.just(now + timedelta(hours=2)))
    availability = Availability(draw(st.sampled_from(RepState)), until)
    reader = Reader(WorkingHours(ZoneInfo(draw(zones))), POLICY, availability, traffic)
    return pending, reader, now


@given(situations())
def test_what_goes_out_of_our_own_accord_comes_at_work(situation):
    pending, reader, now = situation
    if decide(pending, reader, now) != SEND_NOW:
        return
    starts = [call.start for call in calls_left(pending, reader, now)]
    if pending.kind is MailKind.COMMENT and reader.hours.next_moment(min(starts)) != min(starts):
        assert now >= min(starts) - NEAR_THE_CALL or reader.hours.next_moment(now) == now
        return
    local = now.astimezone(reader.hours.zone)
    assert reader.hours.is_working_day(local.date())
    assert reader.hours.starts <= local.time() <= reader.hours.ends
    assert reader.availability.state is RepState.ACTIVE


@given(situations())
def test_what_goes_out_of_our_own_accord_crowds_nothing(situation):
    pending, reader, now = situation
    if decide(pending, reader, now) != SEND_NOW or pending.is_begun:
        return
    traffic = reader.traffic
    assert traffic.asked_at is None or now >= traffic.asked_at + MIN_INTERVAL
    if pending.kind is MailKind.ANNOUNCEMENT:
        assert traffic.last_at is None or now >= traffic.last_at + MIN_INTERVAL
    elif pending.kind in GATHERED_LATE:
        assert traffic.last_at is None or now >= traffic.last_at + MIN_INTERVAL
        assert traffic.next_asking is None or traffic.next_asking > now + MIN_INTERVAL


@given(situations())
def test_nobody_is_asked_or_told_about_a_call_that_has_begun(situation):
    pending, reader, now = situation
    if decide(pending, reader, now) != SEND_NOW:
        return
    left = calls_left(pending, reader, now)
    if pending.kind is MailKind.FOLLOW_UP:
        assert all(call.end <= now for call in left)
    if pending.kind is MailKind.COMMENT:
        assert all(now < call.start and call.asks_reader for call in left)
    if pending.kind in PRE_MEETING:
        still_open = [call for call in left if call.state in (PLANNED, ASKED)]
        assert all(call.start >= now + POLICY.time_to_answer for call in still_open)


@given(situations())
def test_a_wait_is_for_later_and_leaves_time_to_send(situation):
    pending, reader, now = situation
    decision = decide(pending, reader, now)
    if isinstance(decision, Wait):
        assert decision.until > now
    before_the_call = (MailKind.COLLEAGUE, MailKind.COMMENT)
    has_an_end = pending.kind in GATHERED_LATE and pending.kind is not MailKind.ANNOUNCEMENT
    if isinstance(decision, Wait) and has_an_end:
        starts = [call.start for call in calls_left(pending, reader, now)]
        assert decision.until <= (
            min(starts) if pending.kind in before_the_call else pending.span.latest
        )


@given(situations())
def test_a_question_looked_at_again_when_it_was_to_be_waits_no_more_than_twice_again(situation):
    pending, reader, now = situation
    assume(reader.availability.state is not RepState.RECONNECT)
    for _ in range(4):
        decision = decide(pending, reader, now)
        if pending.kind in GATHERED_LATE or not isinstance(decision, Wait):
            return
        now = decision.until
    raise AssertionError("still waiting")

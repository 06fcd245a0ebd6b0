"""Ask or not, and why: one line a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from nudger.domain.audience import Policy, ReasonCode, RepReason, choose_rep, judge, meeting_key
from nudger.domain.domains import DomainKind, DomainRules
from nudger.domain.event import (
    Attendee,
    AttendeeKind,
    Event,
    EventKind,
    EventStatus,
    OccurrenceKey,
    Provider,
    Response,
    Visibility,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ANA = "ana@ourco.com"
RULES = DomainRules(
    {
        "ourco.com": DomainKind.OURS,
        "sister.com": DomainKind.PARTNER,
        "jo@gmail.com": DomainKind.PARTNER,
        "acme.com": DomainKind.CUSTOMER,
        "law.com": DomainKind.NEVER,
    }
)
ALL = Policy(RULES)
LISTED = Policy(RULES, listed_only=True)


def people(*addresses):
    return tuple(Attendee(address, response=Response.ACCEPTED) for address in addresses)


def event(*guests, **changes):
    values = {
        "key": OccurrenceKey(Provider.GOOGLE, "e1"), "event_id": "e1", "calendar": ANA,
        "ical_uid": "e1@google.com", "etag": "1", "title": "Call",
        "start": NOW + timedelta(days=1), "end": NOW + timedelta(days=1, hours=1),
        "time_zone": "UTC", "organizer": Attendee(ANA),
        "attendees": people(ANA, *guests),
    }  # fmt: skip
    return Event(**{**values, **changes})


DANA, ROOM = "dana@acme.com", "c_1@resource.calendar.google.com"
CASES = [
    ("a listed customer", event(DANA), ALL, ReasonCode.CUSTOMER),
    ("somebody from outside", event("x@globex.com"), ALL, ReasonCode.OUTSIDE),
    ("outside, only listed watched", event("x@globex.com"), LISTED, ReasonCode.NOT_WATCHED),
    ("listed, only listed watched", event(DANA), LISTED, ReasonCode.CUSTOMER),
    ("colleagues", event("ben@ourco.com"), ALL, ReasonCode.NO_CUSTOMER),
    ("a colleague of a sub-domain", event("b@eu.ourco.com"), ALL, ReasonCode.NO_CUSTOMER),
    ("a partner", event("k@sister.com"), ALL, ReasonCode.NO_CUSTOMER),
    ("a contractor by address", event("jo@gmail.com"), ALL, ReasonCode.NO_CUSTOMER),
    ("another freemail guest", event("pat@gmail.com"), ALL, ReasonCode.OUTSIDE),
    ("nobody else", event(), ALL, ReasonCode.NO_CUSTOMER),
    ("a room", event(ROOM), ALL, ReasonCode.NO_CUSTOMER),
    (
        "a resource of the customer's domain",
        event(attendees=(*people(ANA), Attendee("room@acme.com", kind=AttendeeKind.RESOURCE))),
        ALL,
        ReasonCode.NO_CUSTOMER,
    ),
    ("a note-taker alone", event("fred@fireflies.ai"), ALL, ReasonCode.NO_CUSTOMER),
    ("the lawyer alone", event("x@law.com"), ALL, ReasonCode.NEVER),
    ("the lawyer beside a customer", event("x@law.com", DANA), ALL, ReasonCode.CUSTOMER),
    (
        "the organizer is the customer",
        event(organizer=Attendee(DANA), attendees=people(ANA)),
        ALL,
        ReasonCode.CUSTOMER,
    ),
    (
        "the only customer declined",
        event(attendees=(*people(ANA), Attendee(DANA, response=Response.DECLINED))),
        ALL,
        ReasonCode.NO_CUSTOMER,
    ),
    (
        "a hidden guest list",
        event(attendees=people(ANA), attendees_complete=False),
        ALL,
        ReasonCode.GUESTS_HIDDEN,
    ),
    (
        "declined by the rep",
        event(attendees=(Attendee(ANA, response=Response.DECLINED), *people(DANA))),
        ALL,
        ReasonCode.DECLINED,
    ),
    ("cancelled", event(DANA, status=EventStatus.CANCELLED), ALL, ReasonCode.CANCELLED),
    ("cancelled in the title", event(DANA, title="Canceled: Call"), ALL, ReasonCode.CANCELLED),
    ("cancelled in German", event(DANA, title="Abgesagt: Termin"), ALL, ReasonCode.CANCELLED),
    ("about cancelling", event(DANA, title="Cancelled orders"), ALL, ReasonCode.CUSTOMER),
    ("private", event(DANA, visibility=Visibility.PRIVATE), ALL, ReasonCode.PRIVATE),
    (
        "private, asked about",
        event(DANA, visibility=Visibility.PRIVATE),
        replace(ALL, ask_about_private=True),
        ReasonCode.CUSTOMER,
    ),
    ("all day", event(DANA, all_day=True), ALL, ReasonCode.ALL_DAY),
    ("free", event(DANA, busy=False), ALL, ReasonCode.FREE),
    ("out of office", event(DANA, kind=EventKind.OUT_OF_OFFICE), ALL, ReasonCode.OUT_OF_OFFICE),
    ("focus time", event(kind=EventKind.FOCUS_TIME), ALL, ReasonCode.FOCUS_TIME),
    ("where I work", event(kind=EventKind.WORKING_LOCATION), ALL, ReasonCode.WORKING_LOCATION),
    ("a birthday", event(kind=EventKind.BIRTHDAY), ALL, ReasonCode.BIRTHDAY),
    ("a flight", event(kind=EventKind.FROM_MAIL), ALL, ReasonCode.FROM_MAIL),
    ("a day long", event(DANA, end=NOW + timedelta(days=1, hours=9)), ALL, ReasonCode.TOO_LONG),
    (
        "a crowd",
        event(DANA, *(f"p{n}@acme.com" for n in range(40))),
        ALL,
        ReasonCode.TOO_MANY_GUESTS,
    ),
    ("an interview", event(DANA, title="Interview with Dana"), ALL, ReasonCode.TITLE_WORD),
    ("interviews", event(DANA, title="Interviews, day 2"), ALL, ReasonCode.TITLE_WORD),
    (
        "a German interview",
        event(DANA, title="Vorstellungsgespräch M. Huber"),
        ALL,
        ReasonCode.TITLE_WORD,
    ),
    ("an interviewer", event(DANA, title="Interviewer tool demo"), ALL, ReasonCode.CUSTOMER),
    ("begun", event(DANA, start=NOW - timedelta(minutes=1)), ALL, ReasonCode.PAST),
    (
        "too far ahead",
        event(DANA, start=NOW + timedelta(days=30), end=NOW + timedelta(days=30, hours=1)),
        replace(ALL, horizon=timedelta(days=14)),
        ReasonCode.BEYOND_HORIZON,
    ),
]


@pytest.mark.parametrize(("name", "given", "policy", "reason"), CASES, ids=[c[0] for c in CASES])
def test_verdict(name, given, policy, reason):
    verdict = judge(given, ANA, policy, NOW)
    assert verdict.reason is reason
    assert verdict.asks is (reason in (ReasonCode.CUSTOMER, ReasonCode.OUTSIDE))


def test_every_reason_is_in_words_and_has_a_case():
    assert all(reason.words.endswith(".") for reason in ReasonCode)
    of_series = {ReasonCode.SERIES_MUTED, ReasonCode.OTHER_DATE}  # tests/domain/test_series.py
    assert {case[3] for case in CASES} == set(ReasonCode) - of_series


def test_a_lookalike_is_outside_and_marked():
    verdict = judge(event("ceo@0urco.com"), ANA, ALL, NOW)
    assert verdict.asks
    assert verdict.lookalike


def reps(*addresses):
    return {a: SimpleNamespace(email=a, position=n) for n, a in enumerate(addresses)}


BEN, CLEO = "ben@ourco.com", "cleo@ourco.com"


@pytest.mark.parametrize(
    ("responses", "organizer", "asked", "why"),
    [
        ({ANA: "accepted", BEN: "accepted"}, BEN, BEN, RepReason.ORGANIZER),
        ({ANA: "needs_action", BEN: "accepted"}, DANA, BEN, RepReason.ACCEPTED),
        ({ANA: "tentative", BEN: "needs_action"}, DANA, ANA, RepReason.TENTATIVE),
        ({ANA: "needs_action", BEN: "needs_action"}, DANA, ANA, RepReason.UNANSWERED),
        ({BEN: "accepted", ANA: "accepted"}, DANA, ANA, RepReason.ACCEPTED),
        ({ANA: "declined", BEN: "tentative"}, ANA, BEN, RepReason.TENTATIVE),
        ({CLEO: "accepted", BEN: "tentative"}, CLEO, BEN, RepReason.TENTATIVE),
    ],
)
def test_whom_to_ask(responses, organizer, asked, why):
    guests = tuple(Attendee(a, response=Response(r)) for a, r in responses.items())
    given = event(organizer=Attendee(organizer), attendees=guests)
    chosen = choose_rep(given, reps(ANA, BEN))
    assert chosen is not None
    assert (chosen[0].email, chosen[1]) == (asked, why)


def test_who_may_not_be_asked_comes_last():
    given = event(organizer=Attendee(ANA), attendees=people(ANA, BEN, DANA))
    known = reps(ANA, BEN)
    assert choose_rep(given, known, lambda rep: rep.email != ANA)[0].email == BEN
    assert choose_rep(given, known, lambda _rep: False)[0].email == ANA


def test_nobody_to_ask():
    assert choose_rep(event(organizer=None, attendees=people(DANA)), reps(ANA)) is None


def test_a_moved_date_of_a_series_is_the_same_meeting():
    key = OccurrenceKey(Provider.GOOGLE, "series", NOW)
    first, moved = event(key=key), event(key=key, start=NOW + timedelta(days=3))
    other = event(key=OccurrenceKey(Provider.GOOGLE, "series", NOW + timedelta(days=7)))
    assert meeting_key(first) == meeting_key(moved) != meeting_key(other)

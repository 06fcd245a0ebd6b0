"""Which rep is asked about a meeting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from nudger.domain.assignee import RepReason, choose_rep
from nudger.domain.event import Attendee, Event, OccurrenceKey, Provider, Response

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
ANA, BEN, CLEO = "ana@ourco.com", "ben@ourco.com", "cleo@ourco.com"
DANA = "dana@acme.com"
ORGANIZER, ACCEPTED = RepReason.ORGANIZER, RepReason.ACCEPTED
TENTATIVE, UNANSWERED = RepReason.TENTATIVE, RepReason.UNANSWERED


def event(organizer, **responses):
    names = {"ana": ANA, "ben": BEN, "cleo": CLEO, "dana": DANA}
    guests = tuple(Attendee(names[one], response=Response(said)) for one, said in responses.items())
    return Event(
        OccurrenceKey(Provider.GOOGLE, "e1"), "e1", ANA, "e1@google.com", "1", "Call", START,
        START + timedelta(hours=1), "UTC", organizer and Attendee(organizer), guests,
    )  # fmt: skip


def reps(*addresses):
    return {a: SimpleNamespace(email=a, position=n) for n, a in enumerate(addresses)}


@pytest.mark.parametrize(
    ("given", "asked", "why"),
    [
        (event(BEN, ana="accepted", ben="accepted"), BEN, ORGANIZER),
        (event(BEN, ana="accepted"), BEN, ORGANIZER),
        (event(BEN, ana="accepted", ben="tentative"), BEN, ORGANIZER),
        (event(DANA, ana="needs_action", ben="accepted"), BEN, ACCEPTED),
        (event(DANA, ana="tentative", ben="accepted"), BEN, ACCEPTED),
        (event(DANA, ben="needs_action", ana="tentative"), ANA, TENTATIVE),
        (event(DANA, ana="needs_action", ben="tentative"), BEN, TENTATIVE),
        (event(DANA, ana="needs_action", ben="needs_action"), ANA, UNANSWERED),
        (event(DANA, ben="accepted", ana="accepted"), ANA, ACCEPTED),
        (event(None, ben="accepted", ana="accepted"), ANA, ACCEPTED),
        (event(ANA, ana="declined", ben="tentative"), BEN, TENTATIVE),
        (event(CLEO, cleo="accepted", ben="tentative"), BEN, TENTATIVE),
    ],
)
def test_whom_to_ask(given, asked, why):
    chosen = choose_rep(given, reps(ANA, BEN))
    assert (chosen[0].email, chosen[1]) == (asked, why)


@pytest.mark.parametrize(
    ("may_not", "asked", "why"),
    [
        ({ANA}, BEN, ACCEPTED),
        ({BEN}, ANA, ORGANIZER),
        ({ANA, BEN}, ANA, ORGANIZER),
    ],
)
def test_who_may_not_be_asked_comes_last(may_not, asked, why):
    given = event(ANA, ana="accepted", ben="accepted")
    chosen = choose_rep(given, reps(ANA, BEN), lambda rep: rep.email not in may_not)
    assert (chosen[0].email, chosen[1]) == (asked, why)


@pytest.mark.parametrize(
    "given",
    [event(None, dana="accepted"), event(DANA), event(ANA, ana="declined"), event(None)],
)
def test_nobody_to_ask(given):
    assert choose_rep(given, reps(ANA, BEN)) is None

"""Who is asked what came of a call, and when, where the call's end moved after its answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.jobs.ask import ask
from nudger.sandbox.entries import Guest
from nudger.store import outbox, people
from nudger.store.people import NewRep
from tests.office import ANA, BEN, DANA, run_once

GOOD = "Dana, the CFO, agrees to a pilot by Friday\n1"
START = datetime(2026, 11, 24, 13, tzinfo=UTC)
END = START + timedelta(minutes=45)
NEXT_DAY = START + timedelta(days=1)
AFTER = timedelta(minutes=5)


def both(of_ana="accepted"):
    return [Guest(ANA, "", of_ana), Guest(BEN, "", "accepted"), Guest(DANA, "", "accepted")]


@pytest.fixture
def answered(office):
    """A call of Dana's with two reps, of whom the first was asked and has answered."""
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(BEN, Provider.GOOGLE, "Ben Okafor"), office.ctx.clock())
    office.meet(owner=DANA, guests=both())
    run_once(office.ctx)
    office.reply(GOOD)
    later(office)
    return office


def later(office, **by):
    office.later(**(by or {"minutes": 5}))
    run_once(office.ctx)


def change(office, **changes):
    with office.world.lock:
        entry = office.world.calendars.find(ANA, "call1")
        office.world.calendars.change(entry, DANA, False, **changes)
    later(office)


def follow_ups(office):
    """To whom and when a question after the call waits."""
    with office.ctx.database.read() as tx:
        waiting = outbox.waiting(tx, (MailKind.FOLLOW_UP,))
        emails = {rep.id: rep.email for rep in people.list_reps(tx)}
    return [(emails[mail.rep_id], mail.due_at) for mail in waiting]


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({}, END + AFTER),
        ({"title": "ACME: the pilot"}, END + AFTER),
        ({"end": END + timedelta(hours=1)}, END + AFTER + timedelta(hours=1)),
        ({"end": END - timedelta(minutes=15)}, END + AFTER - timedelta(minutes=15)),
        (
            {"start": NEXT_DAY, "end": NEXT_DAY + timedelta(hours=1)},
            NEXT_DAY + timedelta(hours=1) + AFTER,
        ),
        (
            {"start": START + timedelta(hours=4), "end": END + timedelta(hours=4)},
            datetime(2026, 11, 25, 8, tzinfo=UTC),
        ),
    ],
)
@pytest.mark.parametrize("of_ana", ["accepted", "declined"])
def test_who_answered_is_asked_after_the_new_end(answered, changes, due, of_ana):
    change(answered, guests=both(of_ana), **changes)
    assert follow_ups(answered) == [(ANA, due)]
    assert answered.inbox(BEN) == []


def test_a_call_that_nobody_answered_is_not_asked_about_when_its_end_moves(office):
    office.meet(owner=DANA, guests=both())
    run_once(office.ctx)
    change(office, end=END + timedelta(hours=1))
    assert follow_ups(office) == []


def test_a_team_that_wants_no_such_question_gets_none_when_the_end_moves(answered):
    answered.configure("[ask]\nfollow_up = false\n")
    with answered.ctx.database.begin() as tx:
        outbox.cancel(tx, "follow_up:1", "x")
    change(answered, end=END + timedelta(hours=1))
    assert follow_ups(answered) == []


def test_what_was_asked_after_the_call_is_not_asked_again_when_its_end_moves(answered):
    answered.at(END + timedelta(minutes=10))
    run_once(answered.ctx)
    asked = len(answered.inbox(ANA))
    change(answered, end=END + timedelta(hours=1))
    later(answered, hours=1)
    assert follow_ups(answered) == []
    assert len(answered.inbox(ANA)) == asked


@pytest.mark.parametrize("by", [{"minutes": 1}, {"days": 2}])
def test_a_call_that_is_on_again_is_asked_about_after_its_end_of_then(answered, by):
    change(answered, status="cancelled")
    assert follow_ups(answered) == []
    moved = timedelta(**by)
    change(answered, status="confirmed", start=START + moved, end=END + moved)
    assert follow_ups(answered) == [(ANA, END + moved + AFTER)]


def test_a_call_that_nobody_was_asked_about_in_time_is_asked_about_after_its_new_end(answered):
    """What comes too late is not sent; where the call is put to another day it is wanted again."""
    answered.at(END + timedelta(days=10))
    ask(answered.ctx)
    assert follow_ups(answered) == []
    moved = timedelta(days=14)
    change(answered, start=START + moved, end=END + moved)
    assert follow_ups(answered) == [(ANA, END + moved + AFTER)]

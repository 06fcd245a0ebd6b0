"""Meetings that are moved, or that change hands, once their question was asked or is about to be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.event import Provider
from nudger.jobs.ask import ask
from nudger.jobs.scan import scan
from nudger.sandbox.entries import Guest
from nudger.store import meetings, people
from nudger.store.people import NewRep
from nudger.worker import incoming, outgoing
from simulation.counter import kind_of

ANA, BEN, DANA = "ana@ourco.example", "ben@ourco.example", "dana@acme.example"
EVA = "eva@beta.example"
FRIDAY = datetime(2026, 11, 27, 13, tzinfo=UTC)
FRIDAY_MORNING = datetime(2026, 11, 27, 8, 5, tzinfo=UTC)
NEXT_WEEK = datetime(2026, 12, 3, 13, tzinfo=UTC)


def asked_about(office, person=ANA):
    return [one for one in office.inbox(person) if kind_of(one) == "question"]


def add_ben(office):
    provider = Provider("microsoft" if office.is_outlook else "google")
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(BEN, provider, "Ben Okafor"), office.ctx.clock())


def work(office, **by):
    office.later(**by)
    outgoing(office.ctx)
    incoming(office.ctx)
    outgoing(office.ctx)


def change(office, entry, start=None, **changes):
    if start is not None:
        changes |= {"start": start, "end": start + timedelta(minutes=30)}
    office.world.calendars.change(entry, entry.organizer, False, **changes)


def three(of_ana):
    return [Guest(ANA, "", of_ana), Guest(BEN, "", "accepted"), Guest(DANA, "", "accepted")]


def test_a_meeting_moved_after_its_question_expired_is_asked_about(office):
    entry = office.meet()
    scan(office.ctx)
    office.at(entry.start - timedelta(minutes=15))
    assert ask(office.ctx) == 0
    new = datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
    office.world.calendars.change(entry, ANA, False, start=new, end=new + timedelta(minutes=30))
    scan(office.ctx)
    office.at(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    assert [ask(office.ctx), ask(office.ctx)] == [1, 0]
    assert len(office.inbox(ANA)) == 1


@pytest.fixture
def batch_due_mails(office):
    """Two questions that were due while nobody worked, as one mail that waits for the morning: about
    a call of Dana's and about another; returns the first."""
    add_ben(office)
    office.at(FRIDAY - timedelta(days=2, hours=5))
    first = office.meet("first", start=FRIDAY, organizer=DANA, guests=three("accepted"))
    guests = [ANA, Guest(EVA, "", "accepted")]
    office.meet("second", start=FRIDAY + timedelta(hours=1), title="Beta", guests=guests)
    scan(office.ctx)
    office.at(FRIDAY - timedelta(hours=16))
    outgoing(office.ctx)
    assert asked_about(office) == []
    return first


def test_a_moved_call_does_not_take_along_the_one_it_was_put_together_with(office, batch_due_mails):
    change(office, batch_due_mails, start=NEXT_WEEK)
    work(office, minutes=5)
    office.at(FRIDAY_MORNING)
    work(office)
    assert len(asked_about(office)) == 1
    office.at(NEXT_WEEK - timedelta(days=1))
    work(office)
    assert len(asked_about(office)) == 2


def test_a_call_that_comes_back_is_asked_about_beside_the_other(office, batch_due_mails):
    change(office, batch_due_mails, guests=three("accepted")[:2])
    work(office, minutes=5)
    change(office, batch_due_mails, guests=three("accepted"))
    work(office, minutes=5)
    office.at(FRIDAY_MORNING)
    work(office)
    with office.ctx.database.read() as tx:
        assert meetings.state_counts(tx) == {"asked": 2}
    assert len(asked_about(office)) == 1


def test_a_call_that_changes_hands_leaves_the_other_behind(office, batch_due_mails):
    change(office, batch_due_mails, guests=three("declined"))
    work(office, minutes=5)
    office.at(FRIDAY_MORNING)
    work(office)
    assert (len(asked_about(office)), len(asked_about(office, BEN))) == (1, 1)


def test_who_comes_back_is_not_asked_again(office):
    add_ben(office)
    call = office.meet(start=datetime(2026, 11, 24, 16, tzinfo=UTC), guests=three("accepted"))
    work(office)
    for response in ("declined", "accepted", "declined", "accepted"):
        change(office, call, guests=three(response))
        work(office, hours=1, minutes=5)
    assert (len(asked_about(office)), len(asked_about(office, BEN))) == (1, 1)
    office.at(datetime(2026, 11, 24, 14, 0, tzinfo=UTC))
    work(office)
    reminded = [kind_of(one) for one in office.inbox(ANA) + office.inbox(BEN)].count("reminder")
    assert (reminded, kind_of(office.inbox(ANA)[-1])) == (1, "reminder")


@pytest.mark.parametrize("kept_by", ["google", "microsoft"])
def test_stop_and_start_ask_nobody_twice(office):
    add_ben(office)
    office.meet(guests=[*([] if office.is_outlook else [ANA]), BEN, DANA])
    work(office)
    for word in ("stop", "start"):
        office.reply(word)
        work(office, minutes=3)
        work(office, hours=2)
    assert len(asked_about(office)) == 1


def test_the_question_to_who_was_asked_next_moves_with_the_call(office):
    add_ben(office)
    call = office.meet(organizer=DANA, guests=three("accepted"))
    work(office)
    change(office, call, start=NEXT_WEEK, guests=three("declined"))
    work(office, minutes=5)
    change(office, call, start=datetime(2026, 11, 26, 13, tzinfo=UTC))
    work(office, minutes=5)
    office.at(datetime(2026, 11, 25, 9, 5, tzinfo=UTC))
    work(office)
    assert len(asked_about(office, BEN)) == 1


@pytest.mark.parametrize("kept_by", ["google", "microsoft"])
@pytest.mark.parametrize("changes", [{"title": "ACME: renamed"}, {"start": NEXT_WEEK}])
def test_a_note_that_stands_in_the_event_is_not_looked_at_whatever_changes(office, changes):
    add_ben(office)
    call = office.meet(guests=three("accepted")[office.is_outlook :])
    work(office)
    office.reply("Dana agrees to a pilot by Friday\n1")
    work(office, minutes=3)
    office.world.ledger.reset()
    change(office, call, **changes)
    work(office, minutes=3)
    read = {
        "calendar.events.get",
        "calendar.events.patch",
        "graph.calendar.get",
        "graph.calendar.update",
    }
    assert read.isdisjoint(office.calls)
    assert "agrees to a pilot" in office.description("call1")

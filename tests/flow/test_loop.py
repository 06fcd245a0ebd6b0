"""The whole loop over a socket, on both databases: scan, ask, listen, understand, write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nudger.jobs.scan import scan
from nudger.sandbox.entries import Guest
from tests.databases import BOTH
from tests.office import run_once

ANA, BEN, NUDGER = "ana@ourco.example", "ben@ourco.example", "nudger@ourco.example"
DANA = "dana@acme.example"
pytestmark = pytest.mark.parametrize("kept_in", BOTH)
BEFORE = "Agenda\nhttps://meet.google.com/abc-defg-hij"
ANSWER = "Dana agrees to join a 30-minute ROI review by 4 December\n2"


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


def whole(text):
    """Whether what stood in the description before is all there; Outlook makes a page of it."""
    return text.endswith((BEFORE, BEFORE.replace("\n", "<br>\r\n") + "</body></html>"))


def answered(office, text=ANSWER):
    run_once(office.ctx)
    office.reply(text)
    office.later(minutes=2)
    run_once(office.ctx)


def test_an_answer_reaches_the_event_and_every_byte_stays(office):
    office.meet()
    answered(office)
    text = office.description("call1")
    assert whole(text)
    assert "C.O.: Dana agrees to join a 30-minute ROI review by 4 December" in text
    assert "Next milestone: Needs analysis" in text


def test_the_question_goes_to_the_rep_alone(office):
    office.meet()
    run_once(office.ctx)
    assert [mail.owner for mail in office.inbox(ANA)] == [ANA]
    assert office.inbox(BEN) == []


def test_nothing_is_asked_twice(office):
    office.meet()
    for _ in range(4):
        run_once(office.ctx)
        office.later(minutes=2)
    assert len(office.inbox(ANA)) == 1


def test_a_later_reply_amends_only_what_it_mentions(office):
    office.meet()
    answered(office)
    office.reply("Next: Decision", mail=0)
    office.later(minutes=2)
    run_once(office.ctx)
    text = office.description("call1")
    assert "C.O.: Dana agrees to join" in text
    assert "Next milestone: Decision" in text
    assert text.count("===") == 4


def test_a_private_answer_goes_into_a_companion_event(office):
    office.meet()
    answered(office, "Dana agrees to a pilot\nprivate")
    assert office.description("call1") == BEFORE
    companions = [e for e in office.world.calendars.of(ANA).values() if e.id != "call1"]
    assert len(companions) == 1
    made = companions[0]
    assert (made.visibility, made.transparent, made.guests) == ("private", True, [])
    assert "Dana agrees to a pilot" in made.description
    assert all(e.id == "call1" for e in office.world.calendars.of(DANA).values())


def test_a_cancelled_meeting_is_withdrawn_before_it_is_asked(office):
    later = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)
    entry = office.meet(start=later)
    scan(office.ctx)
    office.world.calendars.cancel(entry, ANA)
    office.at(datetime(2026, 11, 25, 8, 30, tzinfo=UTC))
    run_once(office.ctx)
    assert office.inbox(ANA) == []


def test_a_moved_meeting_is_asked_before_its_new_time(office):
    entry = office.meet(start=datetime(2026, 11, 26, 13, 0, tzinfo=UTC))
    scan(office.ctx)
    new = datetime(2026, 12, 1, 13, 0, tzinfo=UTC)
    office.world.calendars.change(entry, ANA, False, start=new, end=new.replace(hour=14))
    office.at(datetime(2026, 11, 25, 8, 30, tzinfo=UTC))
    run_once(office.ctx)
    assert office.inbox(ANA) == []
    office.at(datetime(2026, 11, 30, 8, 30, tzinfo=UTC))
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == 1


def test_the_companion_follows_a_move(office):
    entry = office.meet()
    answered(office, "Dana agrees to a pilot\nprivate")
    new = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    office.world.calendars.change(entry, ANA, False, start=new, end=new.replace(hour=11))
    office.later(minutes=2)
    run_once(office.ctx)
    made = next(e for e in office.world.calendars.of(ANA).values() if e.id != "call1")
    assert made.start == new


def test_the_companion_goes_with_a_cancelled_meeting(office):
    entry = office.meet()
    answered(office, "Dana agrees to a pilot\nprivate")
    office.world.calendars.cancel(entry, ANA)
    office.later(minutes=2)
    run_once(office.ctx)
    made = next(e for e in office.world.calendars.of(ANA).values() if e.id != "call1")
    assert made.status == "cancelled"


def test_two_reps_in_one_meeting_get_one_question(office):
    from nudger.domain.event import Provider
    from nudger.store import people
    from nudger.store.people import NewRep

    with office.ctx.database.begin() as tx:
        people.add_rep(
            tx, NewRep(BEN, Provider(office.world.people[BEN].provider)), office.ctx.clock()
        )
    office.meet(owner=BEN, guests=[Guest(BEN, "", "accepted"), Guest(ANA), Guest(DANA)])
    run_once(office.ctx)
    assert len(office.inbox(BEN)) == 1
    assert office.inbox(ANA) == []


def test_skip_is_obeyed(office):
    office.meet()
    answered(office, "skip")
    office.later(hours=5)
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == 2, "the question and what became of the command"
    assert office.description("call1") == BEFORE


def test_one_reminder_then_silence(office):
    office.meet()
    run_once(office.ctx)
    for _ in range(40):
        office.later(hours=1)
        run_once(office.ctx)
    assert len(office.inbox(ANA)) == 2

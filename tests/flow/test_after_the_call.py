"""Several calls in one mail, the question after the call, and what the next question makes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from nudger.domain.commitment import Outcome
from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.jobs.outgoing.past_meetings import past_meetings
from nudger.sandbox.entries import Guest
from nudger.sandbox.people_pages import plain_text
from nudger.store import meetings, outbox, people, sent_log, tables
from nudger.store.people import NewRep
from tests.office import run_once

ANA, BEN, DANA = "ana@ourco.example", "ben@ourco.example", "dana@acme.example"
GOOD = "Dana, the CFO, agrees to a pilot by Friday\n1"


def say(office, text, mail=-1):
    office.reply(text, mail=mail)
    office.later(minutes=2)
    run_once(office.ctx)


def last(office, person=ANA):
    return plain_text(office.inbox(person)[-1])


@pytest.fixture
def two_calls(office):
    office.meet("call1", title="ACME: pilot review")
    office.meet("call2", title="ACME: legal", start=datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    run_once(office.ctx)
    return office


def test_calls_asked_about_at_one_time_are_one_mail(two_calls):
    assert len(two_calls.inbox(ANA)) == 1
    assert "A. ACME: pilot review" in last(two_calls)
    assert "B. ACME: legal" in last(two_calls)


def test_one_reply_answers_all_and_is_confirmed_once(two_calls):
    say(
        two_calls,
        "1: Dana, the CFO, agrees to a pilot by Friday\n1\n2: Dana sends us the signed contract\n2",
    )
    assert "pilot by Friday" in two_calls.description("call1")
    assert "sends us the signed contract" in two_calls.description("call2")
    assert len(two_calls.inbox(ANA)) == 2
    assert "B. ACME: legal" in last(two_calls)


def test_a_command_for_one_call_leaves_the_other_to_its_answer(two_calls):
    say(two_calls, "1: skip\n2: Dana, the CFO, sends us the signed contract by Friday\n2")
    assert two_calls.description("call1") == "Agenda\nhttps://meet.google.com/abc-defg-hij"
    assert "sends us the signed contract" in two_calls.description("call2")


def test_one_reminder_is_for_all_that_is_still_open(two_calls):
    two_calls.meet(
        "call3", title="ACME: security", start=datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    )
    two_calls.later(hours=1, minutes=1)
    run_once(two_calls.ctx)
    say(two_calls, "2: skip", mail=0)
    two_calls.at(datetime(2026, 11, 24, 11, 5, tzinfo=UTC))
    run_once(two_calls.ctx)
    reminder = two_calls.inbox(ANA)[-1]
    assert reminder.headers["subject"].startswith("Reminder:")
    assert "ACME: pilot review" in last(two_calls)
    assert "ACME: legal" not in last(two_calls)


def test_an_answer_that_names_no_call_is_not_guessed(two_calls):
    say(two_calls, GOOD)
    assert "C.O." not in two_calls.description("call1") + two_calls.description("call2")
    assert "letter of the call" in last(two_calls)


def test_no_two_questions_within_the_hour(office):
    office.meet("call1")
    run_once(office.ctx)
    office.meet("call2", title="Another call")
    office.later(minutes=2)
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == 1
    office.later(hours=1)
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == 2


@pytest.fixture
def held(office):
    """A call that was prepared and is over."""
    office.meet()
    run_once(office.ctx)
    say(office, GOOD)
    office.at(datetime(2026, 11, 24, 14, 0, tzinfo=UTC))
    run_once(office.ctx)
    return office


def test_after_the_call_one_line_asks_what_came_of_it(held):
    assert "Did they agree?" in last(held)
    assert "C.O.: Dana, the CFO, agrees to a pilot by Friday" in last(held)
    count = len(held.inbox(ANA))
    held.later(hours=3)
    run_once(held.ctx)
    assert len(held.inbox(ANA)) == count


def test_the_outcome_stands_in_the_note_and_starts_the_next_question(held):
    say(held, "yes, they start on Monday")
    assert "Agreed: yes" in held.description("call1")
    assert "they start on Monday" not in held.description("call1")
    held.meet("call3", start=datetime(2026, 11, 26, 13, 0, tzinfo=UTC))
    held.at(datetime(2026, 11, 25, 8, 30, tzinfo=UTC))
    run_once(held.ctx)
    assert "Last time they agreed: Dana, the CFO, agrees to a pilot by Friday" in last(held)
    assert "“Needs analysis” would be next" in last(held)


def test_an_unanswered_call_is_not_asked_about_afterwards(office):
    office.meet()
    run_once(office.ctx)
    office.at(datetime(2026, 11, 24, 14, 0, tzinfo=UTC))
    run_once(office.ctx)
    assert not [m for m in office.inbox(ANA) if "Did they agree?" in plain_text(m)]


def test_the_question_after_the_call_waits_for_the_morning(office):
    office.meet(start=datetime(2026, 11, 24, 17, 0, tzinfo=UTC))
    run_once(office.ctx)
    say(office, GOOD)
    before = len(office.inbox(ANA))
    office.at(datetime(2026, 11, 24, 18, 30, tzinfo=UTC))
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == before
    office.at(datetime(2026, 11, 25, 8, 5, tzinfo=UTC))
    run_once(office.ctx)
    assert "Did they agree?" in last(office)


def test_who_leaves_the_meeting_hands_it_over(office):
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(BEN, Provider.GOOGLE, "Ben Okafor"), office.ctx.clock())
    guests = [Guest(ANA, "", "accepted"), Guest(BEN, "", "accepted"), Guest(DANA, "", "accepted")]
    office.meet(owner=DANA, guests=guests)
    run_once(office.ctx)
    assert (len(office.inbox(ANA)), len(office.inbox(BEN))) == (1, 0)
    with office.world.lock:
        entry = office.world.calendars.find(ANA, "call1")
        changed = [Guest(ANA, "", "declined"), *guests[1:]]
        office.world.calendars.change(entry, DANA, False, guests=changed)
    office.later(minutes=5)
    run_once(office.ctx)
    office.later(minutes=5)
    run_once(office.ctx)
    assert (len(office.inbox(ANA)), len(office.inbox(BEN))) == (1, 1)


def test_a_call_that_was_moved_is_asked_about_after_its_new_end(office):
    office.meet()
    run_once(office.ctx)
    say(office, GOOD)
    start = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    with office.world.lock:
        entry = office.world.calendars.find(ANA, "call1")
        office.world.calendars.change(
            entry, ANA, False, start=start, end=start + timedelta(minutes=45)
        )
    office.later(minutes=5)
    run_once(office.ctx)
    before = len(office.inbox(ANA))
    office.at(datetime(2026, 11, 24, 14, 0, tzinfo=UTC))
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == before
    office.at(start + timedelta(hours=1))
    run_once(office.ctx)
    assert "Did they agree?" in last(office)


def test_history_counts_what_was_asked_answered_and_agreed(held):
    say(held, "yes")
    (past,) = past_meetings(held.ctx, datetime(2026, 11, 1, tzinfo=UTC), held.ctx.clock())
    assert (past.rep, past.customers, past.valid) == (ANA, ("acme.example",), True)
    assert past.answered_at is not None
    assert past.answered_at < past.start
    assert past.outcome is Outcome.YES
    assert past.answer.next_milestone == "First call"


def test_a_question_after_the_call_that_was_begun_by_day_waits_for_the_morning(two_calls):
    say(two_calls, f"1: {GOOD}")
    with two_calls.ctx.database.begin() as tx:
        begun = sa.update(tables.mail).where(tables.mail.c.kind == "follow_up")
        tx.execute(begun.values(state="drafting", rfc_message_id="<x@ourco.example>"))
    before = len(two_calls.inbox(ANA))
    two_calls.at(datetime(2026, 11, 24, 21, 0, tzinfo=UTC))
    run_once(two_calls.ctx)
    assert len(two_calls.inbox(ANA)) == before
    two_calls.at(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    run_once(two_calls.ctx)
    assert len(two_calls.inbox(ANA)) == before + 1


def test_a_call_that_went_with_its_rep_is_not_asked_about_any_more(office):
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(BEN, Provider.GOOGLE, "Ben Okafor"), office.ctx.clock())
    office.meet(guests=[ANA, BEN, DANA])
    run_once(office.ctx)
    say(office, f"not me, ask {BEN}")
    say(office, GOOD, mail=0)
    with office.ctx.database.begin() as tx:
        people.remove_rep(tx, BEN)
    before = len(office.inbox(ANA))
    office.at(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    run_once(office.ctx)
    with office.ctx.database.read() as tx:
        assert outbox.waiting(tx, (MailKind.FOLLOW_UP, MailKind.CONFIRMATION)) == []
    assert len(office.inbox(ANA)) == before


@pytest.mark.parametrize("seen_after_the_start", [True, False])
def test_a_call_that_was_held_stays_one_when_its_event_is_deleted(office, seen_after_the_start):
    call = office.meet()
    run_once(office.ctx)
    say(office, GOOD)
    office.at(call.start + timedelta(minutes=2 if seen_after_the_start else -10))
    run_once(office.ctx)
    office.later(minutes=20)
    with office.world.lock:
        office.world.calendars.cancel(call, ANA)
    office.later(hours=1)
    run_once(office.ctx)
    with office.ctx.database.read() as tx:
        states = meetings.state_counts(tx)
        sent = sent_log.sent_mails(tx, MailKind.FOLLOW_UP)
    assert states == {"written" if seen_after_the_start else "withdrawn": 1}
    assert len(sent) == int(seen_after_the_start)


def test_a_call_that_was_held_and_is_called_off_afterwards_stays_a_call(office):
    entry = office.meet()
    run_once(office.ctx)
    office.reply("Dana agrees to a pilot by Friday\n2")
    office.later(minutes=2)
    run_once(office.ctx)
    office.at(entry.start + timedelta(minutes=10))
    run_once(office.ctx)
    office.world.calendars.change(entry, ANA, False, title="Canceled: ACME: pilot review")
    office.later(minutes=2)
    run_once(office.ctx)
    office.at(entry.end + timedelta(minutes=10))
    run_once(office.ctx)
    assert "did they agree?" in office.inbox(ANA)[-1].headers["subject"]


def test_a_call_that_was_called_off_and_is_on_again_is_asked_about_after_its_end(office):
    call = office.meet()
    run_once(office.ctx)
    say(office, GOOD)
    for status in ("cancelled", "confirmed"):
        office.world.calendars.change(call, ANA, False, status=status)
        office.later(minutes=10)
        run_once(office.ctx)
    office.at(call.end + timedelta(minutes=10))
    run_once(office.ctx)
    assert "Did they agree?" in last(office)

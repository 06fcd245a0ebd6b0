"""Commands by reply, their confirmations, and the coach's one question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.availability import RepState
from nudger.domain.event import Provider
from nudger.domain.reasons import Reason
from nudger.sandbox.entries import Entry, Guest
from nudger.sandbox.people_pages import plain_text
from nudger.store import audit, meetings, people
from nudger.store.people import NewRep
from tests.office import run_once

ANA, BEN, DANA = "ana@ourco.example", "ben@ourco.example", "dana@acme.example"
BENS_OTHER = "b.okafor@ourco.example"
BEFORE = "Agenda\nhttps://meet.google.com/abc-defg-hij"


def say(office, text, mail=-1, person=ANA):
    office.reply(text, mail=mail, person=person)
    office.later(minutes=2)
    run_once(office.ctx)


@pytest.fixture
def asked(office):
    office.meet()
    run_once(office.ctx)
    return office


def last(office, person=ANA):
    return plain_text(office.inbox(person)[-1])


def state(office):
    with office.ctx.database.read() as tx:
        return meetings.state_counts(tx)


def trail(office):
    with office.ctx.database.read() as tx:
        return [(one.step.step, one.step.reason) for one in audit.after(tx, 0)]


def state_of_call(office):
    ((only, _),) = state(office).items()
    return only


def rep(office):
    with office.ctx.database.read() as tx:
        found = people.find_rep(tx, ANA)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "reason", "subject", "says", "state"),
    [
        ("later", "later", "later", "We ask again on Monday 23 November at 11:07.", "asked"),
        ("later 25:99", "not_understood", "not done", "could not read “25:99” as a time", "asked"),
        ("pause", "pause", "paused", "No questions until Monday 7 December.", "asked"),
        ("private", "nothing_saved", "not done", "Nothing is saved yet. Add the line", "asked"),
        ("undo", "nothing_saved", "not done", "There is nothing to take back", "asked"),
        ("publish", "nothing_saved", "not done", "Nothing is saved yet that could be", "asked"),
        ("same", "nothing_saved", "not done", "There is no earlier answer to take", "asked"),
        ("not me", "not_a_rep", "not done", "Whom may we ask instead?", "asked"),
        (f"not me, ask {BEN}", "not_a_rep", "not done", f"{BEN} is nobody whom we may", "asked"),
        ("every 1st", "not_understood", "not done", "could not read “1st” as a number", "asked"),
        ("every 53rd", "not_understood", "not done", "could not read “53rd” as a", "asked"),
        ("every 3rd", "not_a_series", "not done", "This call does not repeat.", "asked"),
        ("every 52nd", "not_a_series", "not done", "This call does not repeat.", "asked"),
        ("only this date", "not_a_series", "not done", "This call does not repeat.", "asked"),
        ("not a customer", "not_customer", "not a customer", "not a customer meeting", "withdrawn"),
        ("mute series", "skip", "skipped", "No question about this call.", "withdrawn"),
        ("help", "help", "what you can reply", "This is what you can reply:", "asked"),
    ],
)
def test_each_command_is_confirmed_in_its_words_and_stands_in_the_trail(
    asked, text, reason, subject, says, state
):
    say(asked, text)
    (confirmed,) = asked.inbox(ANA)[1:]
    assert confirmed.headers["subject"] == f"ACME: pilot review, Tue 24 Nov: {subject}"
    assert says in plain_text(confirmed).partition("\n")[0]
    assert state_of_call(asked) == state
    steps = [("command", reason), ("understand", reason), ("command", reason)]
    assert trail(asked)[-3:] == steps


def test_what_is_said_of_all_calls_of_a_mail_is_done_for_each_and_confirmed_once(office):
    office.meet()
    office.meet("call2", title="ACME: legal")
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == 1
    say(office, "skip")
    assert state(office) == {"withdrawn": 2}
    (confirmed,) = office.inbox(ANA)[1:]
    assert all(title in plain_text(confirmed) for title in ("ACME: pilot review", "ACME: legal"))
    say(office, "help", mail=0)
    assert [reason for _, reason in trail(office)].count("help") == 3, "once, whatever the calls"


def test_an_answer_is_confirmed_once_with_where_it_stands(asked):
    say(asked, "Dana, the CFO, agrees to a pilot by Friday\n2")
    assert len(asked.inbox(ANA)) == 2
    text = last(asked)
    assert "C.O.: Dana, the CFO, agrees to a pilot by Friday" in text
    assert "where the guests can read it" in text
    assert "?" not in text, "a sharp one gets no question"
    say(asked, "thanks")
    say(asked, "ok!")
    assert len(asked.inbox(ANA)) == 2


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        ("Learn their budget\n2", "is what you want to know"),
        ("Send the proposal\n2", "is your own task"),
        ("Dana stays interested\n2", "How would you see"),
        ("Dana agrees to a pilot by Friday", "And which milestone comes next?"),
        ("2", "what will the customer have agreed to do"),
    ],
)
def test_the_coach_asks_back_once_and_the_answer_is_saved_all_the_same(asked, answer, question):
    say(asked, answer)
    assert question in last(asked)
    places = [entry.description for entry in asked.world.calendars.of(ANA).values()]
    said = answer.split("\n", maxsplit=1)[0]
    assert any((said if said != "2" else "Needs analysis") in one for one in places)


def test_a_better_answer_replaces_the_vague_one(asked):
    say(asked, "Dana stays interested\n2")
    say(asked, "Dana agrees to a pilot by Friday")
    text = asked.description("call1")
    assert "C.O.: Dana agrees to a pilot by Friday" in text
    assert "Next milestone: Needs analysis" in text
    assert "interested" not in text


def test_undo_takes_the_answer_back_byte_for_byte(asked):
    say(asked, "Dana agrees to a pilot")
    say(asked, "undo")
    assert asked.description("call1") == BEFORE
    assert "taken back" in last(asked)


def test_undo_brings_the_answer_before_back(asked):
    say(asked, "Dana agrees to a pilot")
    say(asked, "Dana agrees to a demo")
    say(asked, "undo")
    assert "Dana agrees to a pilot" in asked.description("call1")


def test_private_moves_an_answer_out_of_the_meeting(asked):
    say(asked, "Dana agrees to a pilot")
    say(asked, "private")
    assert asked.description("call1") == BEFORE
    made = [e for e in asked.world.calendars.of(ANA).values() if e.title.startswith("C.O.")]
    assert "Dana agrees to a pilot" in made[0].description


@pytest.mark.parametrize("changed", [False, True])
def test_skip_and_its_undo(asked, changed):
    """Whatever becomes of the event meanwhile."""
    say(asked, "skip")
    if changed:
        entry = asked.world.calendars.find(ANA, "call1")
        asked.world.calendars.change(entry, ANA, False, title="ACME: renamed")
        asked.later(minutes=2)
        run_once(asked.ctx)
    assert state(asked) == {"withdrawn": 1}
    say(asked, "undo")
    assert state(asked) == {"asked": 1}
    say(asked, "Dana agrees to a pilot", mail=0)
    assert "Dana agrees to a pilot" in asked.description("call1")


def test_later_asks_again_then(asked):
    say(asked, "later 2h")
    assert "We ask again" in last(asked)
    before = len(asked.inbox(ANA))
    asked.later(hours=1, minutes=50)
    run_once(asked.ctx)
    assert len(asked.inbox(ANA)) == before
    asked.later(minutes=15)
    run_once(asked.ctx)
    assert len(asked.inbox(ANA)) == before + 1
    asked.at(datetime(2026, 11, 24, 11, 30, tzinfo=UTC))
    run_once(asked.ctx)
    assert len(asked.inbox(ANA)) == before + 1, "in the reminder's place"


def test_later_than_the_call_is_refused(asked):
    say(asked, "later next week")
    assert "the call has begun" in last(asked)


def test_pause_stop_and_start(asked):
    say(asked, "pause 2 weeks")
    assert rep(asked).state is RepState.PAUSED
    assert rep(asked).paused_until == datetime(2026, 12, 7, 8, 7, tzinfo=UTC)
    assert "No questions until Monday 7 December" in last(asked)
    say(asked, "stop")
    assert rep(asked).state is RepState.STOPPED
    assert "No more questions" in last(asked)
    say(asked, "Dana agrees to a pilot by Friday\n2")
    assert "Dana agrees to a pilot by Friday" in last(asked), "an answer is confirmed all the same"
    say(asked, "start")
    assert rep(asked).state is RepState.ACTIVE
    assert "Questions come again" in last(asked)


@pytest.mark.parametrize("word", ["pause 2 weeks", "stop"])
def test_a_colleague_who_takes_part_is_asked_in_place_of_who_wants_no_questions(asked, word):
    with asked.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(BEN, Provider.GOOGLE, "Ben Okafor"), asked.ctx.clock())
    both = [Guest(one, "", "accepted") for one in (ANA, BEN, DANA)]
    asked.meet("call2", title="ACME: legal", guests=both, owner=DANA,
               start=datetime(2026, 11, 27, 13, 0, tzinfo=UTC))  # fmt: skip
    asked.later(minutes=2)
    run_once(asked.ctx)
    say(asked, word)
    asked.at(datetime(2026, 11, 26, 9, 5, tzinfo=UTC))
    run_once(asked.ctx)
    assert ["ACME: legal" in one.headers["subject"] for one in asked.inbox(BEN)] == [True]
    assert not any("ACME: legal" in one.headers["subject"] for one in asked.inbox(ANA))


def test_who_asked_to_be_forgotten_and_stops_is_to_be_forgotten_still(asked):
    with asked.ctx.database.begin() as tx:
        people.set_state(tx, rep(asked).id, RepState.ACTIVE, Reason.ASKED_TO_BE_FORGOTTEN)
    say(asked, "stop")
    assert rep(asked).state_reason == Reason.ASKED_TO_BE_FORGOTTEN
    assert rep(asked).state is RepState.STOPPED


def test_a_pause_says_why_in_the_reps_row(asked):
    say(asked, "pause 2 weeks")
    assert rep(asked).state_reason == "asked_to_pause"
    say(asked, "stop")
    assert rep(asked).state_reason == "asked_to_stop"
    say(asked, "start")
    assert (rep(asked).state_reason, rep(asked).paused_until) == (None, None)


def test_no_pause_lasts_longer_than_a_year(asked):
    say(asked, "pause 99 weeks")
    assert rep(asked).state is RepState.PAUSED
    assert rep(asked).paused_until - asked.world.now() <= timedelta(days=366)


def test_a_missing_milestone_is_asked_for_once(asked):
    say(asked, "Dana, the CFO, agrees to a pilot by Friday")
    assert "milestone" in last(asked).partition("?")[0].rpartition("\n")[2]
    say(asked, "Dana, the CFO, agrees to a pilot by Monday")
    assert "by Monday" in last(asked)
    assert "?" not in last(asked)


def test_a_stopped_rep_is_asked_nothing(office):
    with office.ctx.database.begin() as tx:
        people.set_state(tx, rep(office).id, RepState.STOPPED)
    office.meet()
    run_once(office.ctx)
    assert office.inbox(ANA) == []


@pytest.mark.parametrize("named", [BEN, BENS_OTHER, BEN.upper(), f"<{BEN}>"])
def test_handing_over_to_a_colleague_who_is_watched(asked, named):
    new = NewRep(BEN, Provider.GOOGLE, "Ben Okafor", aliases=(BENS_OTHER,))
    with asked.ctx.database.begin() as tx:
        people.add_rep(tx, new, asked.ctx.clock())
    entry = asked.world.calendars.find(ANA, "call1")
    guests = [*entry.guests, Guest(BEN, "", "accepted")]
    asked.world.calendars.change(entry, ANA, False, guests=guests)
    say(asked, f"not me, ask {named}")
    assert "Ben Okafor is asked instead" in last(asked)
    assert "By the end of this call" in last(asked, BEN)
    say(asked, "Dana agrees to a pilot", person=BEN)
    assert "Dana agrees to a pilot" in asked.description("call1", DANA) or [
        e for e in asked.world.calendars.of(BEN).values() if "Dana agrees" in e.description
    ]
    run_once(asked.ctx)
    assert len(asked.inbox(BEN)) == 2


def test_handing_over_to_somebody_unknown_is_refused(asked):
    say(asked, "not me, ask boss@elsewhere.example")
    assert "nobody whom we may ask" in last(asked)
    assert asked.world.receives("boss@elsewhere.example") == []


@pytest.mark.parametrize("state", [RepState.PAUSED, RepState.STOPPED])
def test_handing_over_to_who_wants_no_questions_is_refused(asked, state):
    with asked.ctx.database.begin() as tx:
        ben = people.add_rep(tx, NewRep(BEN, Provider.GOOGLE, "Ben Okafor"), asked.ctx.clock())
        people.set_state(tx, ben.id, state)
    say(asked, f"not me, ask {BEN}")
    assert "nobody whom we may ask" in last(asked)
    assert state_of_call(asked) == "asked"


def test_handing_over_to_nobody_in_particular_is_asked_back(asked):
    say(asked, "not me")
    assert "Whom may we ask instead?" in last(asked)
    say(asked, "Dana agrees to a pilot")
    assert "Dana agrees to a pilot" in asked.description("call1", DANA)


def test_a_reply_about_a_meeting_that_is_gone_is_not_met_with_silence(asked):
    with asked.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(BEN, Provider.GOOGLE, "Ben Okafor"), asked.ctx.clock())
    say(asked, f"not me, ask {BEN}")
    with asked.ctx.database.begin() as tx:
        people.remove_rep(tx, BEN)
    say(asked, "Dana agrees to a pilot", mail=0)
    assert "no longer in your calendar" in last(asked)
    say(asked, "stop", mail=0)
    assert rep(asked).state is RepState.STOPPED


def test_a_muted_series_is_never_asked_about_again(office):
    start = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    first = Entry(
        id="weekly", owner=ANA, organizer=ANA, uid="weekly@google.com", title="Weekly",
        start=start, end=start + timedelta(minutes=30), guests=[Guest(ANA), Guest(DANA)],
    )  # fmt: skip
    office.world.calendars.add_series(first, 3, timedelta(days=7))
    run_once(office.ctx)
    say(office, "mute series")
    before = len(office.inbox(ANA))
    office.at(datetime(2026, 11, 30, 9, 0, tzinfo=UTC))
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == before


def test_help_lists_what_can_be_said(asked):
    say(asked, "help")
    assert "mute series" in last(asked)
    assert "undo" in last(asked)


def test_a_command_in_another_language_is_obeyed(asked):
    say(asked, "Überspringen")
    assert state(asked) == {"withdrawn": 1}


def test_an_automatic_reply_to_a_confirmation_starts_no_loop(asked):
    say(asked, "Dana agrees to a pilot")
    confirmation = asked.inbox(ANA)[-1]
    raw = (
        f"From: {ANA}\r\nTo: {confirmation.headers['reply-to']}\r\nSubject: Out of office\r\n"
        "Auto-Submitted: auto-replied\r\nMessage-ID: <ooo@x>\r\n\r\nI am away\r\n"
    )
    before = len(asked.inbox(ANA))
    for _ in range(3):
        asked.world.mailboxes.receive(raw.encode())
        asked.later(minutes=2)
        run_once(asked.ctx)
    assert len(asked.inbox(ANA)) == before


def test_start_brings_back_what_a_pause_had_put_off(asked):
    say(asked, "pause 2 weeks")
    asked.at(datetime(2026, 11, 24, 11, 5, tzinfo=UTC))
    run_once(asked.ctx)
    mails = len(asked.inbox(ANA))
    say(asked, "start")
    run_once(asked.ctx)
    subjects = [one.headers["subject"] for one in asked.inbox(ANA)[mails:]]
    assert any(subject.startswith("Reminder") for subject in subjects)

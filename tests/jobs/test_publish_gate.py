"""Guests read nothing but Commitment Objectives, until the rep says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nudger.domain.commitment import MeetingState
from nudger.sandbox.entries import Guest
from nudger.sandbox.people_pages import plain_text
from tests.office import ANA, DANA, run_once

BEFORE = "Agenda\nhttps://meet.google.com/abc-defg-hij"
GOOD = "Dana, the CFO, agrees to join a 30-minute ROI review by 4 December"
BETTER = "Dana signs the pilot agreement by Friday"
NONE = [
    "get a feeling for the budget",
    "haha my commitment objective is world domination, and Dana still owes me a beer",
    "I send the proposal",
    "they are quite interested",
]


@pytest.fixture
def asked(office):
    office.meet()
    run_once(office.ctx)
    return office


def say(office, text: str) -> None:
    office.reply(text)
    office.later(minutes=2)
    run_once(office.ctx)
    office.later(minutes=61)
    run_once(office.ctx)


def companions(office) -> list[str]:
    entries = office.world.calendars.of(ANA).values()
    return [
        e.description for e in entries if e.title.startswith("C.O. for") and e.status != "cancelled"
    ]


def last(office) -> str:
    return plain_text(office.inbox(ANA)[-1])


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_commitment_stands_where_the_rep_alone_reads_it(asked, text):
    say(asked, text)
    assert asked.description("call1") == BEFORE
    assert asked.description("call1", DANA) == BEFORE
    assert any(text in one for one in companions(asked))
    assert "publish" in last(asked)
    assert "better line" in last(asked)


def test_publish_puts_it_where_the_guests_read_it(asked):
    say(asked, NONE[0])
    say(asked, "publish")
    assert NONE[0] in asked.description("call1", DANA)
    assert companions(asked) == []


def test_a_better_line_takes_its_place_in_the_meeting(asked):
    say(asked, NONE[0])
    say(asked, GOOD)
    assert GOOD in asked.description("call1", DANA)
    assert NONE[0] not in asked.description("call1", DANA)
    assert companions(asked) == []


def test_a_worse_line_leaves_the_meeting(asked):
    say(asked, GOOD)
    say(asked, NONE[0])
    assert asked.description("call1", DANA) == BEFORE
    assert any(NONE[0] in one for one in companions(asked))


def test_undo_publishes_nothing_that_was_kept_back(asked):
    say(asked, NONE[0])
    say(asked, GOOD)
    say(asked, "undo")
    assert asked.description("call1", DANA) == BEFORE
    assert any(NONE[0] in one for one in companions(asked))


def test_a_remark_beside_a_commitment_is_read_by_the_rep_alone(asked):
    say(asked, f"{BETTER}. She always haggles over the price.")
    assert BETTER in asked.description("call1", DANA)
    assert "haggles" in last(asked)
    say(asked, "milestone: Decision")
    say(asked, "publish")
    shown = [asked.description("call1", one) for one in (DANA, ANA)]
    assert not any("haggles" in one for one in (*shown, *companions(asked)))


def test_a_remark_goes_with_the_objective_that_it_stood_beside(asked):
    say(asked, f"{BETTER}. She always haggles over the price.")
    say(asked, GOOD)
    assert "haggles" not in last(asked)


def test_publish_ends_a_rep_s_own_private(asked):
    say(asked, f"{GOOD}\nprivate")
    assert asked.description("call1", DANA) == BEFORE
    say(asked, "publish")
    assert GOOD in asked.description("call1", DANA)


def test_what_was_published_is_not_private_any_more_when_it_is_added_to(asked):
    say(asked, f"{GOOD}\nprivate")
    say(asked, "publish")
    say(asked, "milestone: Decision")
    assert GOOD in asked.description("call1", DANA)
    assert "Decision" in asked.description("call1", DANA)
    assert companions(asked) == []


def test_there_must_be_something_to_publish(asked):
    say(asked, "publish")
    assert "Nothing is saved yet" in last(asked)
    assert asked.description("call1", DANA) == BEFORE


def test_an_admin_may_let_everything_stand(asked):
    asked.configure('[meetings]\npublish = "everything"\n')
    say(asked, NONE[0])
    assert NONE[0] in asked.description("call1", DANA)


@pytest.mark.parametrize(("text", "times"), [(GOOD, 1), (NONE[0], 0), (NONE[3], 0)])
def test_did_they_agree_is_asked_only_about_a_commitment(asked, text, times):
    say(asked, text)
    before = len(asked.inbox(ANA))
    asked.later(hours=30)
    run_once(asked.ctx)
    assert len(asked.inbox(ANA)) - before == times


def test_a_worse_line_takes_the_question_after_the_call_back(asked):
    say(asked, GOOD)
    say(asked, NONE[3])
    before = len(asked.inbox(ANA))
    asked.later(hours=30)
    run_once(asked.ctx)
    assert len(asked.inbox(ANA)) == before


def test_an_answer_that_is_kept_back_counts_as_given(asked):
    say(asked, NONE[0])
    with asked.ctx.database.read() as tx:
        meeting = asked.ctx.meetings.in_order(tx, [1])[0]
    assert meeting.state is MeetingState.WRITTEN


def test_a_new_milestone_leaves_what_was_published_in_the_meeting(asked):
    say(asked, NONE[0])
    say(asked, "publish")
    say(asked, "change next to 2")
    assert NONE[0] in asked.description("call1", DANA)
    assert "Needs analysis" in asked.description("call1", DANA)


def test_a_new_milestone_publishes_nothing_that_was_kept_back(asked):
    say(asked, NONE[0])
    say(asked, "change next to 2")
    assert asked.description("call1", DANA) == BEFORE


def test_a_new_milestone_publishes_nothing_that_was_guessed(office):
    """That the words are about the first call is guessed from the name in them."""
    eve = Guest("eve@globex.example", "Eve Stone", "accepted")
    office.meet("call1", guests=[ANA, Guest(DANA, "Dana Reyes", "accepted")])
    later = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    office.meet("call2", title="Globex: legal", start=later, guests=[ANA, eve])
    run_once(office.ctx)
    say(office, GOOD)
    assert any(GOOD in one for one in companions(office))
    assert office.description("call1") == BEFORE
    office.reply("A: 2", mail=0)
    office.later(minutes=2)
    run_once(office.ctx)
    assert any("Needs analysis" in one for one in companions(office))
    assert office.description("call1") == BEFORE


def test_undo_takes_back_what_publish_did(asked):
    say(asked, NONE[0])
    say(asked, "publish")
    say(asked, "undo")
    assert asked.description("call1", DANA) == BEFORE

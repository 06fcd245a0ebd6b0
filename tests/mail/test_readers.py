"""Which of the readings of a reply holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.commitment import Answer, Milestone
from nudger.mail.by_rules import read_by_rules
from nudger.mail.message import Asked, AskedMeeting, Command, CommandName
from nudger.mail.readers import LEAST_SURE, SURE_FROM, Chosen, chosen, read_words
from nudger.mail.segments.said import Reading

SIGNS = Answer("Dana signs")
SIGNS_AND_MORE = Answer("Dana signs. He moans.")
SIGNS_THEN_DEMO = Answer("Dana signs", "Demo")
DEMO, PILOT = Answer(next_milestone="Demo"), Answer(next_milestone="Pilot")
NO_PLAN = Answer("no answer for these")
SKIP, LATER = Command(CommandName.SKIP), Command(CommandName.LATER)
SKIP_AS_WELL = Command(CommandName.SKIP)
LATER_AT_NINE = Command(CommandName.LATER, "at 9")
SAME = Command(CommandName.SAME)
PRIVATE = Command(CommandName.PRIVATE)
PUBLISH = Command(CommandName.PUBLISH)
TWO = Asked(
    (Milestone("Discovery"), Milestone("Demo")),
    (
        AskedMeeting(1, "Pilot", ("acme.example",), guests=("Dana Reyes <dana@acme.example>",)),
        AskedMeeting(2, "Roof", ("globex.example",), guests=("Tom Hall <tom@globex.example>",)),
    ),
)
SURE, UNSURE = SURE_FROM, SURE_FROM - 0.1


def private(answer: Answer) -> Answer:
    return Answer(answer.commitment_objective, answer.next_milestone, private=True)


@pytest.mark.parametrize(
    ("by_rules", "whole", "apart", "sure", "reading", "is_agreed"),
    [
        # Two that say the same hold, and guests need not wait.
        (SIGNS, SIGNS, SIGNS_AND_MORE, UNSURE, SIGNS, True),
        (SIGNS_AND_MORE, SIGNS, SIGNS, UNSURE, SIGNS, False),
        # Guests read at most what all take for the answer.
        (SIGNS_AND_MORE, SIGNS, SIGNS, SURE, SIGNS, True),
        (SIGNS, SIGNS_AND_MORE, None, SURE, SIGNS_AND_MORE, False),
        (SIGNS, SIGNS_AND_MORE, SIGNS, SURE, SIGNS, False),
        (Answer("Dana signs."), SIGNS, None, UNSURE, Answer("Dana signs."), True),
        # Where all differ the tagger's reading of the whole holds, and where it has none, another.
        (SIGNS, SIGNS_AND_MORE, SIGNS_THEN_DEMO, SURE, SIGNS_AND_MORE, False),
        (SIGNS, SIGNS_AND_MORE, SIGNS_THEN_DEMO, UNSURE, SIGNS, False),
        (SIGNS, None, SIGNS_AND_MORE, SURE, SIGNS_AND_MORE, False),
        (SIGNS, None, None, SURE, SIGNS, False),
        (None, SIGNS, None, SURE, SIGNS, False),
        # The tagger's milestone alone does not displace a commitment.
        (SIGNS, DEMO, DEMO, SURE, SIGNS, False),
        (None, None, None, SURE, None, False),
        # The rules know milestones by more names, and corrections.
        (SIGNS_THEN_DEMO, SIGNS, SIGNS, SURE, SIGNS_THEN_DEMO, True),
        (DEMO, PILOT, PILOT, SURE, DEMO, True),
        # A milestone besides what both say, where the tagger is sure.
        (SIGNS, SIGNS_THEN_DEMO, SIGNS, SURE, SIGNS_THEN_DEMO, True),
        (SIGNS, SIGNS_THEN_DEMO, SIGNS, UNSURE, SIGNS, False),
        # No commitment is no part of another.
        (
            DEMO,
            Answer("Dana signs the re-order", "Demo"),
            None,
            UNSURE,
            Answer("Dana signs the re-order", "Demo"),
            False,
        ),
        # Who may read it: one wish that is heard is enough.
        (SIGNS, private(SIGNS), SIGNS, UNSURE, private(SIGNS), True),
        (private(SIGNS_AND_MORE), SIGNS, None, SURE, private(SIGNS), True),
        (SIGNS, PRIVATE, PRIVATE, SURE, private(SIGNS), False),
        (None, PRIVATE, None, SURE, PRIVATE, True),
        (PRIVATE, SIGNS, SIGNS, SURE, private(SIGNS), True),
        (PRIVATE, SIGNS, PRIVATE, UNSURE, PRIVATE, True),
        (PRIVATE, DEMO, PRIVATE, SURE, PRIVATE, True),
        # Commands.
        (SKIP, SKIP, None, UNSURE, SKIP, True),
        (LATER, LATER_AT_NINE, None, UNSURE, LATER_AT_NINE, True),
        (LATER_AT_NINE, LATER, None, UNSURE, LATER_AT_NINE, True),
        (PUBLISH, SKIP, SKIP, SURE, PUBLISH, True),
        (SKIP, SIGNS, SKIP, SURE, SKIP, True),
        (SKIP, LATER, None, SURE, SKIP, True),
        (SKIP, SIGNS, None, SURE, SIGNS, False),
        (SIGNS, SKIP, LATER, SURE, SIGNS, False),
        (SIGNS, SKIP, None, SURE, SIGNS, False),
        # One that is heard twice is weighed against words that may be a plan.
        (SIGNS, SKIP, SKIP_AS_WELL, UNSURE, SIGNS, False),
        (SIGNS, SKIP, SKIP_AS_WELL, SURE, SKIP, True),
        (NO_PLAN, SKIP, SKIP_AS_WELL, UNSURE, SKIP, False),
        (NO_PLAN, SKIP, SKIP_AS_WELL, LEAST_SURE - 0.1, NO_PLAN, False),
        (NO_PLAN, SKIP, LATER, UNSURE, NO_PLAN, False),
        (None, SKIP, None, UNSURE, SKIP, False),
        (None, SKIP, None, LEAST_SURE - 0.1, None, False),
        (SKIP, None, None, UNSURE, SKIP, True),
        # What was said last time the rules alone know.
        (SIGNS, SAME, None, UNSURE, SIGNS, True),
        (None, SAME, None, SURE, None, False),
    ],
)
def test_of_several_calls(
    by_rules: Reading | None,
    whole: Reading | None,
    apart: Reading | None,
    sure: float,
    reading: Reading | None,
    is_agreed: bool,
) -> None:
    choice = chosen(by_rules, whole, apart, sure)
    assert choice == (Chosen(reading, is_agreed) if reading else None)


@pytest.mark.parametrize("of_tags", [SIGNS, LATER, None])
def test_of_one_call_a_command_that_the_rules_know_holds(of_tags: Reading | None) -> None:
    assert chosen(SKIP, of_tags, of_tags, SURE) == Chosen(SKIP, is_agreed=True)


def test_a_mail_that_asked_about_no_call_is_read_by_the_rules_alone() -> None:
    assert read_words("Dana signs by Friday", Asked()) == read_by_rules(
        "Dana signs by Friday", Asked()
    )


@given(st.text(alphabet="AB:,.\n -?()danasignsbyfridaynextdemoskiplater", max_size=120))
def test_whatever_is_written_is_read(text: str) -> None:
    reply = read_words(text, TWO)
    assert set(reply.answers) | set(reply.commands) <= {1, 2}
    assert reply.doubtful <= reply.answers.keys()


def test_what_the_rules_run_together_is_parted_by_the_tagger() -> None:
    reply = read_words(
        "meldet zehn Leute an (A)\nbringt den Betriebsrat mit (B) – B bitte nicht in die Einladung",
        TWO,
    )
    assert reply.answers[1].commitment_objective == "meldet zehn Leute an"
    assert reply.answers[2].commitment_objective == "bringt den Betriebsrat mit"


@pytest.mark.parametrize(
    ("text", "milestone"),
    [
        ("Dana agrees to a pilot and the next milestone is then the demo thanks bye", "Demo"),
        ("Dana agrees to a pilot\nnext: safety briefing", "safety briefing"),
    ],
)
def test_a_milestone_of_the_list_stands_before_other_words(text: str, milestone: str) -> None:
    one = Asked(TWO.milestones, TWO.meetings[:1])
    assert read_words(text, one).answers[1].next_milestone == milestone


@pytest.mark.parametrize(
    "text",
    [
        "1. Dana agrees to a pilot\n2. Tom names a sponsor",
        "1. Dana agrees to a pilot\n2. private: Tom names a sponsor",
        "A: Dana agrees to a pilot\nB: Tom names a sponsor",
        "A: C.O.: Dana agrees to a pilot\nB: Tom names a sponsor",
    ],
)
def test_calls_by_their_numbers_need_no_look(text: str) -> None:
    reply = read_words(text, TWO)
    assert [one.commitment_objective for one in reply.answers.values()] == [
        "Dana agrees to a pilot",
        "Tom names a sponsor",
    ]
    assert reply.doubtful == frozenset()
    assert reply.answers[1].private is False

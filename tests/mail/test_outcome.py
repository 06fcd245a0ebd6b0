"""Did they agree? The first words decide."""

from __future__ import annotations

import pytest

from nudger.domain.commitment import Milestone, Outcome, milestone_after
from nudger.mail.message import Asked, AskedMeeting, Disposition
from nudger.mail.outcome import read_outcome
from nudger.mail.reply import read_text

LIST = (Milestone("First call"), Milestone("Proposal meeting"), Milestone("Decision"))


@pytest.mark.parametrize(
    ("text", "outcome", "words"),
    [
        ("yes", Outcome.YES, ""),
        ("Yes!", Outcome.YES, ""),
        ("yes - Dana signs on Friday", Outcome.YES, "Dana signs on Friday"),
        ("partly, the CFO was ill", Outcome.PARTLY, "the CFO was ill"),
        ("no", Outcome.NO, ""),
        ("not yet, they need the figures", Outcome.NO, "they need the figures"),
        ("Ja", Outcome.YES, ""),
        ("teilweise", Outcome.PARTLY, ""),
        ("pas encore", Outcome.NO, ""),
        ("não", Outcome.NO, ""),
        ("noon is fine", None, ""),
        ("Dana agrees to a pilot", None, ""),
    ],
)
def test_the_first_words_say_it(text, outcome, words):
    assert read_outcome(text) == (None if outcome is None else (outcome, words))


def test_several_calls_are_told_apart_by_number():
    asked = Asked(meetings=(AskedMeeting(1, "ACME"), AskedMeeting(2, "Globex")), about_outcome=True)
    reply = read_text("1: yes\n2: no, they chose another", asked)
    assert reply.outcomes == {1: (Outcome.YES, ""), 2: (Outcome.NO, "they chose another")}


def test_yes_to_another_question_is_only_politeness():
    assert read_text("yes", Asked()).disposition is Disposition.EMPTY


@pytest.mark.parametrize(
    ("planned", "outcome", "suggested"),
    [
        ("First call", Outcome.YES, "Proposal meeting"),
        ("First call", Outcome.NO, "First call"),
        ("First call", None, "First call"),
        ("Decision", Outcome.YES, "Decision"),
        ("something else", Outcome.YES, None),
        (None, Outcome.YES, None),
    ],
)
def test_the_next_milestone_follows_from_what_came_of_the_last(planned, outcome, suggested):
    assert milestone_after(LIST, planned, outcome) == suggested

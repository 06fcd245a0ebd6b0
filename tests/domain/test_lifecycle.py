"""A meeting's states: every event from every state, and the picture that the docs show."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from nudger.domain.commitment import MeetingState
from nudger.domain.lifecycle import (
    EVERY_MAIL,
    TRANSITIONS,
    MeetingEvent,
    TransitionRefused,
    diagram,
    takes_answers,
    transition,
)
from nudger.domain.mails import PRE_MEETING, MailKind

DOCS = Path(__file__).parents[2] / "docs"
ONLY_FROM = {
    MeetingEvent.QUESTION_SENT: {"planned", "asked"},
    MeetingEvent.TIME_RAN_OUT: {"planned"},
    MeetingEvent.RESTORED: {"expired", "withdrawn"},
    MeetingEvent.RESTORED_ANSWERED: {"withdrawn"},
    MeetingEvent.ASKED_BEFORE: {"planned", "asked", "expired", "withdrawn"},
}
LEADS_TO = {
    MeetingEvent.QUESTION_SENT: "asked",
    MeetingEvent.TIME_RAN_OUT: "expired",
    MeetingEvent.ANSWER_GIVEN: "answered",
    MeetingEvent.NOTE_WRITTEN: "written",
    MeetingEvent.CALLED_OFF: "withdrawn",
    MeetingEvent.RESTORED: "planned",
    MeetingEvent.RESTORED_ANSWERED: "answered",
    MeetingEvent.HANDED_ON: "planned",
    MeetingEvent.ASKED_BEFORE: "asked",
    MeetingEvent.TAKEN_BACK: "asked",
}
WITHDRAWS = {
    MeetingEvent.ANSWER_GIVEN: PRE_MEETING,
    MeetingEvent.CALLED_OFF: EVERY_MAIL,
    MeetingEvent.HANDED_ON: EVERY_MAIL,
    MeetingEvent.ASKED_BEFORE: (MailKind.QUESTION,),
}


@pytest.mark.parametrize(("state", "event"), list(itertools.product(MeetingState, MeetingEvent)))
def test_each_event_leads_to_one_state_or_is_refused(state, event):
    if state in ONLY_FROM.get(event, set(MeetingState)):
        change = transition(state, event)
        assert (change.target, change.withdraws) == (LEADS_TO[event], WITHDRAWS.get(event, ()))
    else:
        with pytest.raises(TransitionRefused, match=state):
            transition(state, event)


def test_a_question_after_the_call_outlives_the_answer():
    assert MailKind.FOLLOW_UP not in TRANSITIONS[MeetingEvent.ANSWER_GIVEN].withdraws


def test_the_docs_show_this_very_table():
    assert diagram() in (DOCS / "lifecycle.md").read_text()


@pytest.mark.parametrize(
    ("state", "reason", "taken"),
    [
        *((state, "removed", state != "withdrawn") for state in MeetingState),
        *((MeetingState.WITHDRAWN, reason, True) for reason in ("skip", "not_customer",
          "mute_series", "series_muted", "other_date")),
        *((MeetingState.WITHDRAWN, reason, False) for reason in ("cancelled", "declined",
          "no_customer", "unknown")),
    ],
)  # fmt: skip
def test_a_late_answer_revives_nothing_that_was_called_off(state, reason, taken):
    assert takes_answers(state, reason) is taken

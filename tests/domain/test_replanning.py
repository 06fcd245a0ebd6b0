"""What is done for a known meeting when the calendar shows it again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.commitment import MeetingState
from nudger.domain.replanning import Action, KnownMeeting, SeenMeeting, choose_action

START = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
ANA, BEN = 1, 2
SAME, MOVED = SeenMeeting(ANA, START), SeenMeeting(ANA, START + timedelta(hours=1))
BENS, LATE = SeenMeeting(BEN, START), SeenMeeting(ANA, START, in_time=False)
BENS_LATE = SeenMeeting(BEN, START, in_time=False)


def known(state, reason="", has_answer=False, asked=()):
    return KnownMeeting(MeetingState(state), reason, ANA, START, has_answer, asked)


@pytest.mark.parametrize(
    ("case", "before", "seen", "action"),
    [
        ("the rep said skip", known("withdrawn", "skip"), MOVED, Action.LEAVE),
        ("no customer, by the rep", known("withdrawn", "not_customer"), BENS, Action.LEAVE),
        ("answered", known("answered"), SAME, Action.MOVE_ANSWER),
        ("written, and somebody else organizes", known("written"), BENS, Action.MOVE_ANSWER),
        ("comes back with its answer", known("withdrawn", "removed", True), SAME,
         Action.MOVE_ANSWER),
        ("comes back with its answer, to somebody else", known("withdrawn", "removed", True), BENS,
         Action.PASS_ANSWER_ON),
        ("the same, and too late to ask", known("withdrawn", "removed", True), BENS_LATE,
         Action.PASS_ANSWER_ON),
        ("comes back without", known("withdrawn", "removed"), SAME, Action.RETIME_QUESTION),
        ("comes back, and nothing is said of an answer",
         KnownMeeting(MeetingState.WITHDRAWN, "removed", ANA, START), SAME, Action.RETIME_QUESTION),
        ("comes back, asked before", known("withdrawn", "removed", asked=[ANA]), SAME,
         Action.STAND_BY_QUESTION),
        ("comes back too late", known("withdrawn", "removed", asked=[ANA]), LATE, Action.UPDATE),
        ("waits", known("planned"), SAME, Action.RETIME_QUESTION),
        ("waits, and is moved", known("planned"), MOVED, Action.RETIME_QUESTION),
        ("waits, and there is no time left", known("planned"), LATE, Action.UPDATE),
        ("waits, for somebody else", known("planned"), BENS, Action.RETIME_QUESTION),
        ("waits, for one who was asked", known("planned", asked=[BEN]), BENS,
         Action.STAND_BY_QUESTION),
        ("waits, for the same who was asked", known("planned", asked=[ANA]), SAME,
         Action.RETIME_QUESTION),
        ("was too late, and is moved", known("expired"), MOVED, Action.RETIME_QUESTION),
        ("asked", known("asked", asked=[ANA]), SAME, Action.UPDATE),
        ("asked, and is moved", known("asked", asked=[ANA]), MOVED, Action.MOVE_REMINDER),
        ("asked, and the rep left", known("asked", asked=[ANA]), BENS, Action.ASK_SOMEBODY_ELSE),
        ("asked, and the first is back", known("asked", asked=[ANA, BEN]), BENS,
         Action.RETURN_TO_ASKED),
        ("asked, and the rep left too late", known("asked", asked=[ANA]), BENS_LATE,
         Action.UPDATE),
    ],
)  # fmt: skip
def test_one_action_is_chosen(case, before, seen, action):
    assert choose_action(before, seen) is action

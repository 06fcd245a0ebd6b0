"""What has to be done for a meeting that is known, when the calendar shows it again: a pure choice.

Sources: docs/internals.md#planning.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from nudger.domain.commitment import REP_WITHDRAWALS, MeetingState

ANSWERED_STATES = (MeetingState.ANSWERED, MeetingState.WRITTEN)


class Action(Enum):
    """What replanning does beside keeping what the calendar says of the meeting."""

    LEAVE = auto()
    """The rep does not want to be asked: nothing, whatever the calendar says."""

    MOVE_ANSWER = auto()
    """It has its answer, which goes where the meeting goes."""

    PASS_ANSWER_ON = auto()
    """It has its answer, and came back as the call of another rep, whose answer it is now."""

    UPDATE = auto()
    """Nothing more."""

    RETIME_QUESTION = auto()
    """Its question gets its moment, and the rep who takes part now."""

    MOVE_REMINDER = auto()
    """It was asked about, and starts at another time."""

    STAND_BY_QUESTION = auto()
    """Whoever takes part now was asked before: that question stands."""

    RETURN_TO_ASKED = auto()
    """The rep who was asked last has left, and one who was asked before takes part again."""

    ASK_SOMEBODY_ELSE = auto()
    """The rep who was asked has left: ask the one who takes part now."""


@dataclass(frozen=True, slots=True)
class KnownMeeting:
    """A meeting as we know it. `reason` is why it is in its state, `has_answer` tells of one that
    was withdrawn whether it had been answered, `asked` are the reps who got a question."""

    state: MeetingState
    reason: str
    rep_id: int
    start: datetime
    has_answer: bool = False
    asked: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class SeenMeeting:
    """The meeting as the calendar shows it now: who would be asked, when it starts, and whether
    there is still time to ask."""

    rep_id: int
    start: datetime
    in_time: bool = True


def choose_action(known: KnownMeeting, seen: SeenMeeting) -> Action:
    if known.state is MeetingState.WITHDRAWN and known.reason in REP_WITHDRAWALS:
        return Action.LEAVE
    comes_back_answered = known.state is MeetingState.WITHDRAWN and known.has_answer
    if comes_back_answered and known.rep_id != seen.rep_id:
        return Action.PASS_ANSWER_ON
    if known.state in ANSWERED_STATES or comes_back_answered:
        return Action.MOVE_ANSWER
    if known.state is MeetingState.ASKED:
        return _of_one_that_was_asked_about(known, seen)
    if not seen.in_time:
        return Action.UPDATE
    stays_planned = known.state is MeetingState.PLANNED and known.rep_id == seen.rep_id
    if seen.rep_id in known.asked and not stays_planned:
        return Action.STAND_BY_QUESTION
    return Action.RETIME_QUESTION


def _of_one_that_was_asked_about(known: KnownMeeting, seen: SeenMeeting) -> Action:
    if known.rep_id == seen.rep_id:
        return Action.UPDATE if known.start == seen.start else Action.MOVE_REMINDER
    if not seen.in_time:
        return Action.UPDATE
    return Action.RETURN_TO_ASKED if seen.rep_id in known.asked else Action.ASK_SOMEBODY_ELSE

"""The life of a meeting: in which states it can be, what brings it from one to another, and which
of its unsent mails that takes back.

Every change of a meeting's state goes through `transition`. docs/lifecycle.md shows the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from nudger.domain.commitment import MeetingState
from nudger.domain.mails import PRE_MEETING, MailKind
from nudger.domain.reasons import Reason

PLANNED, ASKED = MeetingState.PLANNED, MeetingState.ASKED
ANSWERED, WRITTEN = MeetingState.ANSWERED, MeetingState.WRITTEN
WITHDRAWN, EXPIRED = MeetingState.WITHDRAWN, MeetingState.EXPIRED

EVERY_STATE = frozenset(MeetingState)
EVERY_MAIL = tuple(MailKind)


class MeetingEvent(StrEnum):
    """What happens to a meeting."""

    QUESTION_SENT = "question sent"
    TIME_RAN_OUT = "time ran out"
    ANSWER_GIVEN = "answer given"
    NOTE_WRITTEN = "note written"
    CALLED_OFF = "called off"
    RESTORED = "restored"
    RESTORED_ANSWERED = "restored with its answer"
    HANDED_ON = "handed on"
    ASKED_BEFORE = "asked before"
    TAKEN_BACK = "taken back"


@dataclass(frozen=True, slots=True)
class Transition:
    """From any of some states to one, taking back what was not sent of some kinds of mails."""

    sources: frozenset[MeetingState]
    target: MeetingState
    withdraws: tuple[MailKind, ...] = ()


TRANSITIONS: Mapping[MeetingEvent, Transition] = {
    MeetingEvent.QUESTION_SENT: Transition(frozenset({PLANNED, ASKED}), ASKED),
    MeetingEvent.TIME_RAN_OUT: Transition(frozenset({PLANNED}), EXPIRED),
    MeetingEvent.ANSWER_GIVEN: Transition(EVERY_STATE, ANSWERED, PRE_MEETING),
    MeetingEvent.NOTE_WRITTEN: Transition(EVERY_STATE, WRITTEN),
    MeetingEvent.CALLED_OFF: Transition(EVERY_STATE, WITHDRAWN, EVERY_MAIL),
    MeetingEvent.RESTORED: Transition(frozenset({EXPIRED, WITHDRAWN}), PLANNED),
    MeetingEvent.RESTORED_ANSWERED: Transition(frozenset({WITHDRAWN}), ANSWERED),
    MeetingEvent.HANDED_ON: Transition(EVERY_STATE, PLANNED, EVERY_MAIL),
    MeetingEvent.ASKED_BEFORE: Transition(
        frozenset({PLANNED, ASKED, EXPIRED, WITHDRAWN}), ASKED, (MailKind.QUESTION,)
    ),
    MeetingEvent.TAKEN_BACK: Transition(EVERY_STATE, ASKED),
}


STILL_THERE = (Reason.SKIP, Reason.NOT_CUSTOMER, Reason.MUTE_SERIES, Reason.SERIES_MUTED,
               Reason.OTHER_DATE)  # fmt: skip
"""Why a meeting is withdrawn that was not called off: the rep or the series' cadence said so."""


def takes_answers(state: MeetingState, reason: str) -> bool:
    """Whether what a rep says about a meeting in this state, for this reason, is taken. A late word
    revives no meeting that was called off."""
    return state is not WITHDRAWN or reason in STILL_THERE


class TransitionRefused(Exception):
    """The event cannot happen to a meeting in this state: a fault of the program."""


def transition(state: MeetingState, event: MeetingEvent) -> Transition:
    """What an event makes of a meeting in this state. Raises `TransitionRefused`."""
    found = TRANSITIONS[event]
    if state not in found.sources:
        raise TransitionRefused(f"{event.value}: a meeting that is {state.value}")
    return found


def diagram() -> str:
    """The table as a state diagram in Mermaid's notation."""
    lines = ["stateDiagram-v2", f"    [*] --> {PLANNED}"]
    for event, one in TRANSITIONS.items():
        sources = sorted(one.sources - {one.target})
        if one.sources == EVERY_STATE:
            lines.append(f"    any --> {one.target}: {event}")
        else:
            lines.extend(f"    {source} --> {one.target}: {event}" for source in sources)
    return "\n".join(lines)

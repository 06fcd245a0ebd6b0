"""What planning works on: judged events, and meetings as they should be."""

from __future__ import annotations

from dataclasses import dataclass

from nudger.domain.event import Event
from nudger.domain.timing import AskTime, NotAsked
from nudger.domain.verdict import Verdict
from nudger.store.meetings import MeetingPlan


@dataclass(frozen=True, slots=True)
class Judged:
    """An event of one rep's calendar with what we made of it."""

    event: Event
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting as it should be, and when to ask about it.

    `own_event_id` is the event in the asked rep's own calendar, where that is the one that was
    read; `is_own_copy` says that the organizer's next update overwrites it, as in Outlook.
    """

    plan: MeetingPlan
    asking: AskTime | NotAsked
    own_event_id: str | None = None
    is_own_copy: bool = False


def question_of(meeting_id: int) -> str:
    """What makes the question about a meeting unique in the outbox."""
    return f"question:{meeting_id}"


def question_to(meeting_id: int, rep_id: int) -> str:
    """The same, of a question to one more rep where somebody else was asked before."""
    return f"{question_of(meeting_id)}:{rep_id}"

"""What planning works on: a calendar in one transaction, judged events, and meetings as they should
be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from nudger.domain.event import Event
from nudger.domain.timing import AskTime, NotAsked
from nudger.domain.verdict import Verdict
from nudger.runtime.context import Context
from nudger.runtime.policies import Rules
from nudger.store.meetings import MeetingPlan
from nudger.store.people import Rep


@dataclass(frozen=True, slots=True)
class Planning:
    """One rep's calendar being planned: under which rules, in which transaction, at what moment.
    `read_before` is when the last reading of it that was finished began."""

    ctx: Context
    tx: Connection
    rules: Rules
    rep: Rep
    now: datetime
    read_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """An event of one rep's calendar with what we made of it. `meeting_id` is the meeting that it
    was at the last reading."""

    event: Event
    verdict: Verdict
    meeting_id: int | None = None

    @property
    def event_id(self) -> str:
        return self.event.event_id


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting as it should be, and when to ask about it.

    `own_event_id` is the event in the asked rep's own calendar, where that is the one that was
    read; `is_own_copy` says that the organizer's next update overwrites it, as in Outlook;
    `zone_known` is the event's.
    """

    plan: MeetingPlan
    asking: AskTime | NotAsked
    own_event_id: str | None = None
    is_own_copy: bool = False
    zone_known: bool = True


def question_of(meeting_id: int) -> str:
    """What makes the question about a meeting unique in the outbox."""
    return f"question:{meeting_id}"


def question_to(meeting_id: int, rep_id: int) -> str:
    """The same, of a question to one more rep where somebody else was asked before."""
    return f"{question_of(meeting_id)}:{rep_id}"

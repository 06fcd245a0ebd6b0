"""Mails that ask nothing: the numbers of a week, and that a colleague was asked. They give way to
the mails that ask.

Moments are aware; hours are the reader's local ones. Sources: docs/how-it-works.md#weekly-numbers
and #colleagues.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from nudger.domain.commitment import MeetingState
from nudger.domain.event import Event, EventStatus, Response
from nudger.domain.timing import Wait
from nudger.domain.working_hours import WorkingHours

MIN_INTERVAL = timedelta(hours=1)


class NotTold(StrEnum):
    """Why a mail that asks nothing is never sent."""

    TOO_LATE = "too_late"
    SWITCHED_OFF = "switched_off"
    NOTHING_ASKED = "nothing_asked"
    NOBODY_TOLD = "nobody_told"
    NOT_ATTENDING = "not_attending"
    ASKED_THEMSELF = "asked_themself"
    MEETING_CLOSED = "meeting_closed"


@dataclass(frozen=True, slots=True)
class Traffic:
    """Our other mails to the same person: when the last that we sent of our own accord went out,
    and when the next that asks something is due."""

    last_sent: datetime | None = None
    next_asking: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The stretch of time in which it makes sense to send a mail, both ends included."""

    earliest: datetime
    latest: datetime


def telling_time(
    span: Span, hours: WorkingHours, traffic: Traffic, now: datetime
) -> Wait | NotTold | None:
    """Whether a mail that asks nothing may go out now: `None` for yes.

    It comes within working hours, an hour after any other mail of ours, and never in the hour
    before one that asks: that one goes first.
    """
    free_at = max(now, span.earliest)
    if traffic.last_sent is not None:
        free_at = max(free_at, traffic.last_sent + MIN_INTERVAL)
    if traffic.next_asking is not None and traffic.next_asking <= free_at + MIN_INTERVAL:
        free_at = max(free_at, traffic.next_asking) + MIN_INTERVAL
    at = hours.next_moment(free_at)
    if at > span.latest:
        return NotTold.TOO_LATE
    return None if at <= now else Wait(at)


def worth_telling(
    state: MeetingState, start: datetime, now: datetime, *, asked_themself: bool
) -> NotTold | None:
    """Why a colleague is not told about a meeting that somebody was asked about; `None` where they
    are: the question is open, and the call has not begun."""
    if asked_themself:
        return NotTold.ASKED_THEMSELF
    if state is not MeetingState.ASKED:
        return NotTold.MEETING_CLOSED
    return NotTold.TOO_LATE if now >= start else None


def attends(event: Event, addresses: Collection[str]) -> bool:
    """Whether who has these addresses takes part: accepted, perhaps, or organizes it."""
    if event.status is EventStatus.CANCELLED:
        return False
    own = [one.response for one in event.attendees if one.email in addresses]
    if own:
        return any(one in (Response.ACCEPTED, Response.TENTATIVE) for one in own)
    return event.organizer is not None and event.organizer.email in addresses

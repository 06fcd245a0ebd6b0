"""Whether a mail that is due goes out now, later or never: pure functions of the mail, of whom it
goes to, and of the clock.

What we send of our own accord comes within working hours and no sooner than an hour after the mail
before; what asks nothing gives way to what asks, but for an announcement, which goes first. What
answers the rep goes out at once.

Moments are aware; hours are the reader's local ones. Sources: docs/how-it-works.md#timing,
#weekly-numbers and #colleagues.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from nudger.domain.availability import FREE, Availability, RepState
from nudger.domain.commitment import OPEN, MeetingState
from nudger.domain.mails import (
    ANSWERABLE,
    GATHERED_LATE,
    OF_A_WEEK,
    PRE_MEETING,
    RESPONSES,
    MailKind,
)
from nudger.domain.reasons import Reason
from nudger.domain.timing import TimingPolicy
from nudger.domain.working_hours import WorkingHours

MIN_INTERVAL = timedelta(hours=1)
MIN_SLACK = timedelta(hours=1)
"""What is left between a question and the latest moment for it, where it waits for a mail that
asked nothing."""

SHORT_WAIT = timedelta(seconds=5)
HELD_INTERVAL = timedelta(minutes=5)
FOLLOW_UP_WINDOW = timedelta(days=4)
READING_TAKES = timedelta(minutes=5)
"""A comment that comes later than this before the call is not read before it."""
NEAR_THE_CALL = timedelta(hours=1)
"""Before a call outside of working hours, when the rep is at it anyway."""

REQUIRES_MEETING = (*ANSWERABLE, MailKind.CONFIRMATION, MailKind.PROBLEM)
"""Meetings go when the rep who was asked last is removed, also from mails to others."""


@dataclass(frozen=True, slots=True)
class SendNow:
    """The mail goes out now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now, but at this moment."""

    until: datetime

    def __str__(self) -> str:
        return f"until {self.until.isoformat(timespec='minutes')}"


@dataclass(frozen=True, slots=True)
class Never:
    """The mail does not go out, for this reason."""

    reason: Reason


SendDecision: TypeAlias = SendNow | Wait | Never

SEND_NOW = SendNow()

_CLOSED = {
    MeetingState.PLANNED: Reason.MEETING_PLANNED,
    MeetingState.ANSWERED: Reason.MEETING_ANSWERED,
    MeetingState.WRITTEN: Reason.MEETING_WRITTEN,
    MeetingState.WITHDRAWN: Reason.MEETING_WITHDRAWN,
    MeetingState.EXPIRED: Reason.MEETING_EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Span:
    """The stretch of time in which it makes sense to send a mail, both ends included."""

    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """A meeting that a mail is about. `asks_reader` says that the mail's reader is who is asked,
    `is_told` that the admin wants colleagues to be told of who is."""

    id: int
    state: MeetingState
    start: datetime
    end: datetime
    asks_reader: bool = True
    is_told: bool = True


@dataclass(frozen=True, slots=True)
class PendingMail:
    """A mail that is due.

    Of one that `is_begun` a draft may exist already, so that it is what it is. `span` is when a
    weekly mail makes sense. Of a confirmation, `awaits_others` says that the replies that it
    confirms answered for more meetings, whose notes are on their way.
    """

    kind: MailKind
    due_at: datetime
    calls: tuple[Call, ...] = ()
    is_begun: bool = False
    span: Span | None = None
    awaits_others: bool = False


@dataclass(frozen=True, slots=True)
class Traffic:
    """Our mails to one person: when the last went out that asked something, when the last of our
    own accord that asked nothing, and when the next is due that asks something."""

    asked_at: datetime | None = None
    reported_at: datetime | None = None
    next_asking: datetime | None = None

    @property
    def last_at(self) -> datetime | None:
        known = [at for at in (self.asked_at, self.reported_at) if at is not None]
        return max(known, default=None)


NO_TRAFFIC = Traffic()


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a mail goes to. Who gets it as a manager is free, whatever they want as a rep."""

    hours: WorkingHours
    policy: TimingPolicy
    availability: Availability = FREE
    traffic: Traffic = NO_TRAFFIC


def decide(mail: PendingMail, reader: Reader, now: datetime) -> SendDecision:
    """Whether the mail goes out now, about those of its calls that are left.

    A withdrawn consent holds a mail until it is back; only the mail's own time ends it. What
    answers the rep has none of its own: held, it counts until its calls are long over.
    """
    decision = _decide(mail, reader, now)
    is_held = reader.availability.state is RepState.RECONNECT
    if not is_held or isinstance(decision, Never):
        return decision
    ends = [call.end for call in mail.calls]
    is_stale = mail.kind in RESPONSES and ends and now > max(ends) + FOLLOW_UP_WINDOW
    return Never(Reason.EXPIRED) if is_stale else Wait(now + HELD_INTERVAL)


def _decide(mail: PendingMail, reader: Reader, now: datetime) -> SendDecision:
    mail = replace(mail, calls=calls_left(mail, reader, now))
    if mail.kind in REQUIRES_MEETING and not mail.calls:
        return Never(Reason.EVENT_GONE)
    welcome = _welcome(mail.kind, reader.availability, now)
    return _timely(mail, reader, now) if welcome == SEND_NOW else welcome


def calls_left(mail: PendingMail, reader: Reader, now: datetime) -> tuple[Call, ...]:
    """Those of the calls that can still be asked or told about; all of them where none can, so
    that the reason is told, and where the mail is begun, since its numbers stand."""
    if mail.is_begun:
        return mail.calls
    if mail.kind is MailKind.COLLEAGUE:
        left = [call for call in mail.calls if _worth_telling(call, now) == SEND_NOW]
    elif mail.kind in PRE_MEETING:
        earliest = now + reader.policy.time_to_answer
        left = [call for call in mail.calls if call.state in OPEN and call.start >= earliest]
    elif mail.kind is MailKind.COMMENT:
        left = [call for call in mail.calls if call.start >= now + READING_TAKES]
    else:
        return mail.calls
    return tuple(left) or mail.calls


def _welcome(kind: MailKind, availability: Availability, now: datetime) -> SendDecision:
    """Whether the reader wants mails of this kind at all. A pause puts off what asks, and drops
    what does not."""
    state, free_from = availability.state, availability.free_from
    if kind in RESPONSES or state is RepState.RECONNECT:
        return SEND_NOW
    refused = Never(Reason.REP_PAUSED if state is RepState.PAUSED else Reason.REP_STOPPED)
    if free_from is not None and free_from <= now:
        return SEND_NOW
    return refused if free_from is None or kind in GATHERED_LATE else Wait(free_from)


def _timely(mail: PendingMail, reader: Reader, now: datetime) -> SendDecision:
    """Whether it is the time for a mail that is welcome."""
    match mail.kind:
        case MailKind.QUESTION | MailKind.REMINDER:
            return _before_the_call(mail, reader, now)
        case MailKind.FOLLOW_UP:
            return _after_the_call(mail, reader, now)
        case MailKind.COLLEAGUE:
            return _to_a_colleague(mail, reader, now)
        case MailKind.COMMENT:
            return _comment(mail, reader, now)
        case kind if kind in OF_A_WEEK and mail.span is not None:
            return _within(mail.span, reader, now)
        case MailKind.ANNOUNCEMENT:
            return _before_the_first_question(reader, now)
        case MailKind.CONFIRMATION if mail.awaits_others and not mail.is_begun:
            return Wait(now + SHORT_WAIT)
        case _:
            return SEND_NOW


def _before_the_call(mail: PendingMail, reader: Reader, now: datetime) -> SendDecision:
    starts = [call.start for call in mail.calls if call.state in OPEN]
    if not starts:
        return Never(_CLOSED[mail.calls[0].state])
    latest = min(starts) - reader.policy.time_to_answer
    kept = SEND_NOW if mail.is_begun else _hour_between(reader, latest, now)
    return kept if kept != SEND_NOW else _by(latest, reader.hours.next_moment(now), now)


def _hour_between(reader: Reader, latest: datetime, now: datetime) -> SendDecision:
    """No two mails within the hour: wait, or leave it where the call is too near by then. A mail
    that asked nothing puts a question off only where ample time remains after it."""
    asked_at, reported_at = reader.traffic.asked_at, reader.traffic.reported_at
    if asked_at is not None and now < asked_at + MIN_INTERVAL:
        return _by(latest, asked_at + MIN_INTERVAL, now)
    if reported_at is None or now >= reported_at + MIN_INTERVAL:
        return SEND_NOW
    free_at = reader.hours.next_moment(reported_at + MIN_INTERVAL)
    return Wait(free_at) if free_at <= latest - MIN_SLACK else SEND_NOW


def _after_the_call(mail: PendingMail, reader: Reader, now: datetime) -> SendDecision:
    end, last = max(call.end for call in mail.calls), reader.traffic.last_at
    if now > end + FOLLOW_UP_WINDOW:
        return Never(Reason.EXPIRED)
    free_at = now if mail.is_begun or last is None else last + MIN_INTERVAL
    at = reader.hours.next_moment(max(now, free_at, end))
    return SEND_NOW if at <= now else Wait(at)


def _to_a_colleague(mail: PendingMail, reader: Reader, now: datetime) -> SendDecision:
    """Told until the first of the calls begins; as long as one of them is worth it."""
    worth = [_worth_telling(call, now) for call in mail.calls] or [Never(Reason.MEETING_CLOSED)]
    if SEND_NOW not in worth:
        return worth[0]
    return _within(Span(mail.due_at, min(call.start for call in mail.calls)), reader, now)


def _worth_telling(call: Call, now: datetime) -> SendNow | Never:
    """Whether a colleague is told that somebody was asked: the question is open, and the call has
    not begun."""
    if not call.is_told:
        return Never(Reason.SWITCHED_OFF)
    if call.asks_reader:
        return Never(Reason.ASKED_THEMSELF)
    if call.state is not MeetingState.ASKED:
        return Never(Reason.MEETING_CLOSED)
    return Never(Reason.TOO_LATE) if now >= call.start else SEND_NOW


def _comment(mail: PendingMail, reader: Reader, now: datetime) -> SendDecision:
    """While it can be read before the first of the calls. Out of working hours only where the call
    is, too, and then near to it."""
    start = min(call.start for call in mail.calls)
    if not all(call.asks_reader for call in mail.calls):
        return Never(Reason.MEETING_CLOSED)
    free_at = now if mail.is_begun else _free_at(reader.traffic, now)
    at, latest = reader.hours.next_moment(free_at), start - READING_TAKES
    if at > latest and reader.hours.next_moment(start) != start:
        at = max(free_at, start - NEAR_THE_CALL)
    return _by(latest, at, now)


def _within(span: Span, reader: Reader, now: datetime) -> SendDecision:
    """When a mail that asks nothing goes out."""
    free_at = _free_at(reader.traffic, max(now, span.earliest))
    return _by(span.latest, reader.hours.next_moment(free_at), now)


def _free_at(traffic: Traffic, moment: datetime) -> datetime:
    """When a mail that gives way may go out: an hour after any other of ours, and never in the hour
    before one that asks. That one goes first."""
    free_at = moment
    if traffic.last_at is not None:
        free_at = max(free_at, traffic.last_at + MIN_INTERVAL)
    if traffic.next_asking is not None and traffic.next_asking <= free_at + MIN_INTERVAL:
        free_at = max(free_at, traffic.next_asking) + MIN_INTERVAL
    return free_at


def _before_the_first_question(reader: Reader, now: datetime) -> SendDecision:
    """An announcement gives way to nothing that is due, since it goes before all of that."""
    last = reader.traffic.last_at
    at = reader.hours.next_moment(now if last is None else max(now, last + MIN_INTERVAL))
    return SEND_NOW if at <= now else Wait(at)


def _by(latest: datetime, at: datetime, now: datetime) -> SendDecision:
    """Send at a moment, as long as that is no later than `latest`."""
    if at > latest:
        return Never(Reason.TOO_LATE)
    return SEND_NOW if at <= now else Wait(at)

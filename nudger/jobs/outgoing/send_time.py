"""When a mail that is due goes out: the facts are gathered here, and `domain.sending` decides. The
moment that a question is planned for is `domain.timing`'s."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from nudger.domain.availability import FREE
from nudger.domain.mails import GATHERED_LATE, OF_A_WEEK, PROACTIVE, MailKind, MailState
from nudger.domain.sending import (
    MIN_INTERVAL,
    NO_TRAFFIC,
    Call,
    PendingMail,
    Reader,
    SendDecision,
    Span,
    Traffic,
    calls_left,
    decide,
)
from nudger.jobs.outgoing.recipient import recipient_of
from nudger.jobs.outgoing.weekly import span_of
from nudger.runtime.context import Context
from nudger.runtime.policies import timing_policy, working_hours
from nudger.store import mail_groups, people, sent_log
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail
from nudger.store.people import Rep


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail of the outbox with whom it goes to, as a rep, and the meetings that it is about."""

    mail: Mail
    rep: Rep
    meetings: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class SendTime:
    """What is decided of a mail, and those of its meetings that it is still about."""

    decision: SendDecision
    meetings: tuple[Meeting, ...]


def outgoing(ctx: Context, tx: Connection, mail: Mail) -> Outgoing:
    meetings = tuple(ctx.meetings.of_mail(tx, mail.id))
    return Outgoing(mail, recipient_of(tx, mail), meetings)


def send_time(ctx: Context, out: Outgoing) -> SendTime:
    """Whether the mail goes out now, later or never."""
    with ctx.database.read() as tx:
        return send_time_in(ctx, tx, out)


def send_time_in(ctx: Context, tx: Connection, out: Outgoing) -> SendTime:
    """The same within a transaction."""
    now = ctx.clock()
    mail, reader = _pending(ctx, tx, out), _reader(ctx, tx, out)
    left = {call.id for call in calls_left(mail, reader, now)}
    meetings = tuple(meeting for meeting in out.meetings if meeting.id in left)
    return SendTime(decide(mail, reader, now), meetings)


def _pending(ctx: Context, tx: Connection, out: Outgoing) -> PendingMail:
    mail = out.mail
    is_confirmation = mail.kind is MailKind.CONFIRMATION
    return PendingMail(
        kind=mail.kind,
        due_at=mail.due_at,
        calls=tuple(_call(ctx, tx, meeting, out) for meeting in out.meetings),
        is_begun=mail.state is not MailState.DUE,
        span=_span(ctx, out),
        awaits_others=is_confirmation and mail_groups.has_pending_confirmations(tx, mail.id),
    )


def _call(ctx: Context, tx: Connection, meeting: Meeting, out: Outgoing) -> Call:
    return Call(
        id=meeting.id,
        state=meeting.state,
        start=meeting.start,
        end=meeting.end,
        asks_reader=meeting.rep_id == out.rep.id,
        is_told=out.mail.kind is not MailKind.COLLEAGUE or _is_told(ctx, tx, meeting),
    )


def _is_told(ctx: Context, tx: Connection, meeting: Meeting) -> bool:
    """Whether the team of who is asked wants colleagues to be told."""
    asked = people.get_rep(tx, meeting.rep_id)
    return ctx.settings.of_team(asked.team).ask.tell_colleagues


def _span(ctx: Context, out: Outgoing) -> Span | None:
    return span_of(ctx, out.mail, out.rep) if out.mail.kind in OF_A_WEEK else None


def _reader(ctx: Context, tx: Connection, out: Outgoing) -> Reader:
    to_a_manager = out.mail.recipient is not None
    return Reader(
        hours=working_hours(ctx.settings, out.rep),
        policy=timing_policy(ctx.settings, out.rep),
        availability=FREE if to_a_manager else out.rep.availability,
        traffic=_traffic(ctx, tx, out),
    )


def _traffic(ctx: Context, tx: Connection, out: Outgoing) -> Traffic:
    if out.mail.kind not in PROACTIVE:
        return NO_TRAFFIC
    now = ctx.clock()
    last = sent_log.last_sent(tx, out.rep, now - MIN_INTERVAL, now + MIN_INTERVAL)
    gives_way = out.mail.kind in GATHERED_LATE
    next_asking = sent_log.next_asking_at(tx, out.rep) if gives_way else None
    return Traffic(last.asked_at, last.reported_at, next_asking)

"""Sending the mails that are due: questions, reminders, notices, weekly numbers.

What we are about to do is committed before it is done: the token's hash and our Message-ID before
the draft is made, the draft's id before it is sent. After a crash the provider is asked what
became of it, and a mail is never sent again in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from nudger.domain.commitment import MeetingState
from nudger.domain.informational import MIN_INTERVAL, NotTold
from nudger.domain.mails import INFORMATIONAL, PRE_MEETING, QUESTIONS, MailKind, MailState
from nudger.domain.timing import (
    NotAsked,
    NotAskedReason,
    TimingPolicy,
    Wait,
    sending_time,
)
from nudger.jobs.outgoing.batching import batch_due_mails
from nudger.jobs.outgoing.colleagues import plan_notices, still_relevant
from nudger.jobs.outgoing.recipient import recipient_of
from nudger.jobs.outgoing.render import compose, envelope_of, sealed_content
from nudger.jobs.outgoing.reports import Telling, gather, record_telling, when_to_tell
from nudger.jobs.planning.follow_ups import FOLLOW_UP_WINDOW
from nudger.jobs.planning.reminders import OPEN, plan_reminder
from nudger.mail.token import message_id, new_token, token_hash
from nudger.providers.base import Mailbox, NotFound, SentMail
from nudger.runtime.attempt import Work, attempt
from nudger.runtime.context import Context
from nudger.runtime.policies import timing_policy, working_hours
from nudger.store import audit, mail_groups, outbox, sent_log
from nudger.store.leases import Lease, change, release
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail, claim_mails
from nudger.store.people import Rep, RepState

BATCH = 20
MAX_LOOKUPS = 5
LOOKUP_INTERVAL = timedelta(minutes=2)
MIN_SLACK = timedelta(hours=1)
SHORT_WAIT = timedelta(seconds=5)
HELD_INTERVAL = timedelta(minutes=5)
REQUIRES_MEETING = (*QUESTIONS, MailKind.CONFIRMATION, MailKind.PROBLEM)
"""Meetings go when the rep who was asked last is removed, also from mails to others."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed mail with whom it goes to, as a rep, and what it is about."""

    lease: Lease
    mail: Mail
    rep: Rep
    meetings: tuple[Meeting, ...]


def ask(ctx: Context) -> int:
    """Send every mail that is due; returns how many were sent."""
    sent = 0
    batch_due_mails(ctx)
    while not ctx.stop.is_set() and (claimed := _claim(ctx)):
        for lease, mail in claimed:
            results: list[bool] = []
            concerned = mail.rep_id if mail.recipient is None else None
            work = Work(lease, f"{mail.kind} {mail.id}", mail.attempts, concerned)

            def deliver(lease: Lease = lease, mail: Mail = mail, to: list[bool] = results) -> None:
                to.append(_deliver(ctx, _gather(ctx, lease, mail)))

            attempt(ctx, work, deliver)
            sent += sum(results)
    return sent


def _claim(ctx: Context) -> list[tuple[Lease, Mail]]:
    """Mails that are due, those that ask nothing after those that do."""
    with ctx.database.begin() as tx:
        claimed = claim_mails(tx, ctx.claimant(), BATCH)
    return sorted(claimed, key=lambda one: one[1].kind in INFORMATIONAL)


def _gather(ctx: Context, lease: Lease, mail: Mail) -> Delivery:
    with ctx.database.read() as tx:
        rep = recipient_of(tx, mail)
        meetings = [ctx.meetings.get(tx, one) for one in outbox.meeting_ids(tx, mail.id)]
    return Delivery(lease, mail, rep, tuple(meetings))


def still_open(
    ctx: Context, mail: Mail, rep: Rep, meetings: Sequence[Meeting]
) -> Sequence[Meeting]:
    """Those of the meetings that can still be asked or told about; all of them where none can, so
    that the reason is told, and where the mail is written, since its numbers stand."""
    if mail.state is not MailState.DUE:
        return meetings
    if mail.kind is MailKind.COLLEAGUE:
        return still_relevant(ctx, rep, meetings) or meetings
    if mail.kind not in PRE_MEETING:
        return meetings
    earliest = ctx.clock() + timing_policy(ctx.settings, rep).time_to_answer
    coming = [m for m in meetings if m.state in OPEN and m.start >= earliest]
    return coming or meetings


def _deliver(ctx: Context, delivery: Delivery) -> bool:
    delivery = _with_open_meetings(ctx, delivery)
    decision = when_to_send(ctx, delivery.mail, delivery.rep, delivery.meetings)
    if isinstance(decision, Wait):
        with ctx.database.begin() as tx:
            release(tx, delivery.lease, due_at=decision.until)
        return False
    if isinstance(decision, str):
        _give_up(ctx, delivery, MailState.EXPIRED, decision)
        return False
    if delivery.mail.kind in INFORMATIONAL and delivery.mail.state is MailState.DUE:
        gathered = gather(ctx, delivery.mail, delivery.rep, delivery.meetings)
        if isinstance(gathered, NotTold):
            _give_up(ctx, delivery, MailState.EXPIRED, gathered.value)
            return False
        delivery = _with_content(ctx, delivery, gathered)
    box = ctx.accounts.mailbox(ctx.accounts.mailbox_for(delivery.rep))
    drafted = delivery.mail
    if drafted.state is not MailState.DRAFTED:
        drafted = _draft(ctx, box, delivery)
    return _send(ctx, box, replace(delivery, mail=drafted))


def _with_content(ctx: Context, delivery: Delivery, gathered: Telling) -> Delivery:
    """The delivery with what it will say, about the meetings that remain."""
    mail = delivery.mail
    if len(gathered.meetings) < len(delivery.meetings):
        with ctx.database.begin() as tx:
            mail_groups.restrict_to(tx, mail.id, [one.id for one in gathered.meetings])
    content = sealed_content(ctx, mail.once, gathered.content)
    return replace(delivery, mail=replace(mail, content=content), meetings=gathered.meetings)


def _with_open_meetings(ctx: Context, delivery: Delivery) -> Delivery:
    meetings = tuple(still_open(ctx, delivery.mail, delivery.rep, delivery.meetings))
    if len(meetings) < len(delivery.meetings):
        asks = delivery.mail.kind in QUESTIONS
        with ctx.database.begin() as tx:
            mail_groups.restrict_to(tx, delivery.mail.id, [one.id for one in meetings])
            for one in delivery.meetings:
                if asks and one not in meetings and one.state is MeetingState.PLANNED:
                    reason = NotAskedReason.TOO_LATE.value
                    ctx.meetings.set_state(tx, one.id, MeetingState.EXPIRED, reason, ctx.clock())
    return replace(delivery, meetings=meetings)


def when_to_send(
    ctx: Context, mail: Mail, rep: Rep, meetings: Sequence[Meeting]
) -> Wait | str | None:
    """`None` to send now, a moment to wait for, or the reason why never.

    A withdrawn consent holds a mail until it is back; only the mail's own time ends it.
    """
    decision = _when_to_send(ctx, mail, rep, meetings)
    is_held = rep.state is RepState.RECONNECT and mail.recipient is None
    if is_held and not isinstance(decision, str):
        return Wait(ctx.clock() + HELD_INTERVAL)
    return decision


def _when_to_send(
    ctx: Context, mail: Mail, rep: Rep, meetings: Sequence[Meeting]
) -> Wait | str | None:
    if mail.kind in INFORMATIONAL:
        return when_to_tell(ctx, mail, rep, meetings)
    if not meetings and mail.kind in REQUIRES_MEETING:
        return "event_gone"
    if unwanted := _unwanted(mail, rep, ctx.clock()):
        return unwanted
    if mail.kind is MailKind.CONFIRMATION and mail.state is MailState.DUE:
        return _until_all_is_said(ctx, mail)
    if mail.kind is MailKind.FOLLOW_UP:
        return when_to_follow_up(ctx, mail, rep, meetings)
    if mail.kind in PRE_MEETING:
        return when_to_ask(ctx, mail, rep, meetings)
    return None


def _unwanted(mail: Mail, rep: Rep, now: datetime) -> Wait | str | None:
    """What keeps mails from the rep as a whole."""
    if mail.kind in QUESTIONS:
        if rep.state is RepState.PAUSED and rep.paused_until and rep.paused_until > now:
            return Wait(rep.paused_until)
        if rep.state is RepState.STOPPED:
            return f"rep_{rep.state.value}"
    return None


def when_to_ask(
    ctx: Context, mail: Mail, rep: Rep, meetings: Sequence[Meeting]
) -> Wait | str | None:
    """`None` where the question about a coming call may go out now; a reason where never."""
    still = [meeting for meeting in meetings if meeting.state in OPEN]
    if not still:
        return f"meeting_{meetings[0].state.value}"
    start = min(meeting.start for meeting in still)
    hours = working_hours(ctx.settings, rep)
    policy = timing_policy(ctx.settings, rep)
    if mail.state is MailState.DUE and (kept := wait_for_the_hour(ctx, rep, start, policy)):
        return kept
    decision = sending_time(start, hours, policy, ctx.clock())
    return decision.reason.value if isinstance(decision, NotAsked) else decision


def _until_all_is_said(ctx: Context, mail: Mail) -> Wait | None:
    """One reply is confirmed by one mail, also where several workers write what it answered."""
    with ctx.database.read() as tx:
        more = mail_groups.has_pending_confirmations(tx, mail.id)
    return Wait(ctx.clock() + SHORT_WAIT) if more else None


def when_to_follow_up(
    ctx: Context, mail: Mail, rep: Rep, meetings: Sequence[Meeting]
) -> Wait | str | None:
    """`None` where the question after the call may go out now; a reason where never."""
    now = ctx.clock()
    end = max(meeting.end for meeting in meetings)
    if now > end + FOLLOW_UP_WINDOW:
        return "expired"
    with ctx.database.read() as tx:
        last = sent_log.last_sent(tx, rep, now + MIN_INTERVAL).latest
    is_begun = mail.state is not MailState.DUE
    free_at = now if is_begun or last is None else last + MIN_INTERVAL
    at = working_hours(ctx.settings, rep).next_moment(max(now, free_at, end))
    return None if at <= now else Wait(at)


def wait_for_the_hour(
    ctx: Context, rep: Rep, start: datetime, policy: TimingPolicy
) -> Wait | str | None:
    """No two mails within the hour: wait, or leave it where the call is too near by then. A mail
    that asked nothing puts a question off only where ample time remains after it."""
    now, latest = ctx.clock(), start - policy.time_to_answer
    with ctx.database.read() as tx:
        last = sent_log.last_sent(tx, rep, now + MIN_INTERVAL)
    if last.asked_at is not None and now < last.asked_at + MIN_INTERVAL:
        free_at = last.asked_at + MIN_INTERVAL
        return NotAskedReason.TOO_LATE.value if free_at > latest else Wait(free_at)
    if last.reported_at is None or now >= last.reported_at + MIN_INTERVAL:
        return None
    free_at = working_hours(ctx.settings, rep).next_moment(last.reported_at + MIN_INTERVAL)
    return Wait(free_at) if free_at <= latest - MIN_SLACK else None


def _draft(ctx: Context, box: Mailbox, delivery: Delivery) -> Mail:
    """Have a draft of this mail, made now or by an earlier try, and keep its id."""
    mail = delivery.mail
    if mail.state is MailState.DRAFTING and mail.rfc_message_id:
        found = box.find_draft(mail.rfc_message_id)
        if found is not None:
            return _keep_draft(ctx, delivery, found)
    token = new_token(ctx.random_bytes)
    rfc_id = message_id(ctx.random_bytes, ctx.accounts.mailbox_for(delivery.rep))
    intent: dict[str, Any] = {"token_hash": token_hash(token), "rfc_message_id": rfc_id}
    if mail.kind in INFORMATIONAL:
        intent["content"] = mail.content
    with ctx.database.begin() as tx:
        change(tx, delivery.lease, state=MailState.DRAFTING.value, **intent)
    envelope = envelope_of(ctx, delivery.rep, token, rfc_id)
    message = compose(ctx, mail, delivery.rep, delivery.meetings, envelope)
    delivery = replace(delivery, mail=replace(mail, rfc_message_id=rfc_id))
    return _keep_draft(ctx, delivery, box.create_draft(message))


def _keep_draft(ctx: Context, delivery: Delivery, draft_id: str) -> Mail:
    with ctx.database.begin() as tx:
        change(tx, delivery.lease, state=MailState.DRAFTED.value, draft_id=draft_id)
    return replace(delivery.mail, state=MailState.DRAFTED, draft_id=draft_id)


def _send(ctx: Context, box: Mailbox, delivery: Delivery) -> bool:
    mail = delivery.mail
    assert mail.draft_id is not None and mail.rfc_message_id is not None  # noqa: S101, PT018
    try:
        sent = box.send_draft(mail.draft_id)
    except NotFound:
        found = box.find_sent(mail.rfc_message_id, mail.draft_id)
        if found is None:
            _look_again(ctx, delivery)
            return False
        sent = found
    _record_sent(ctx, delivery, sent)
    return True


def _look_again(ctx: Context, delivery: Delivery) -> None:
    """The draft is gone and no sent mail is found: search engines lag, so look a few times."""
    if delivery.mail.attempts >= MAX_LOOKUPS:
        _give_up(ctx, delivery, MailState.IN_DOUBT, "in_doubt")
        return
    with ctx.database.begin() as tx:
        due_at = ctx.clock() + LOOKUP_INTERVAL
        release(tx, delivery.lease, due_at=due_at, attempts=delivery.mail.attempts + 1)


def _record_sent(ctx: Context, delivery: Delivery, sent: SentMail) -> None:
    now, mail = ctx.clock(), delivery.mail
    with ctx.database.begin() as tx:
        release(
            tx,
            delivery.lease,
            state=MailState.SENT.value,
            provider_message_id=sent.message_id,
            thread_id=sent.thread_id,
            sent_at=now,
            attempts=0,
            last_error=None,
        )
        _record_steps(tx, delivery, mail.reason, now)
        record_telling(ctx, tx, mail, delivery.rep)
        for meeting in delivery.meetings:
            if mail.kind is MailKind.QUESTION and meeting.state in OPEN:
                ctx.meetings.set_state(tx, meeting.id, MeetingState.ASKED, mail.reason, now)
        if mail.kind is MailKind.QUESTION:
            plan_reminder(ctx, tx, outbox.get_mail(tx, mail.id))
        if (
            mail.kind is MailKind.QUESTION
            and ctx.settings.of_team(delivery.rep.team).ask.tell_colleagues
        ):
            plan_notices(ctx, tx, delivery.meetings)


def _record_steps(tx: Connection, delivery: Delivery, reason: str, now: datetime) -> None:
    """One step for each meeting that the mail is about, or one where it is about none."""
    mail = delivery.mail
    about: list[int | None] = [meeting.id for meeting in delivery.meetings]
    for meeting_id in about or [None]:
        audit.record(tx, audit.Step(mail.kind.value, reason, meeting_id, mail.rep_id), now)


def _give_up(ctx: Context, delivery: Delivery, state: MailState, reason: str) -> None:
    now, mail = ctx.clock(), delivery.mail
    with ctx.database.begin() as tx:
        release(tx, delivery.lease, state=state.value, reason=reason)
        _record_steps(tx, delivery, reason, now)
        for meeting in delivery.meetings:
            if mail.kind is MailKind.QUESTION and meeting.state is MeetingState.PLANNED:
                ctx.meetings.set_state(tx, meeting.id, MeetingState.EXPIRED, reason, now)

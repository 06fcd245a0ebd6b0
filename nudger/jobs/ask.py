"""Sending the mails that are due: questions, reminders, notices, weekly numbers.

What we are about to do is committed before it is done: the token's hash and our Message-ID before
the draft is made, the draft's id before it is sent. After a crash the provider is asked what
became of it, and a mail is never sent again in doubt.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from nudger.domain.commitment import OPEN, MeetingState
from nudger.domain.controls import Activity
from nudger.domain.lifecycle import MeetingEvent
from nudger.domain.mails import (
    ANSWERABLE,
    GATHERED_LATE,
    INFORMATIONAL,
    PROACTIVE,
    QUESTIONS,
    MailKind,
    MailState,
)
from nudger.domain.reasons import Reason, StepName, reason_of
from nudger.domain.sending import Never, SendNow, Wait
from nudger.jobs.outgoing.batching import batch_due_mails
from nudger.jobs.outgoing.by_chat import post_in_chat
from nudger.jobs.outgoing.colleagues import plan_notices
from nudger.jobs.outgoing.content import ensure_opens, sealed_content, sealed_own_lines
from nudger.jobs.outgoing.facts import gather_facts, with_lookalikes
from nudger.jobs.outgoing.render import Tokens, compose, envelope_of_mail
from nudger.jobs.outgoing.reports import Report, record_report, report_for
from nudger.jobs.outgoing.send_time import Outgoing, outgoing, send_time
from nudger.jobs.planning.lifecycle import advance_all
from nudger.jobs.planning.reminders import plan_reminder
from nudger.mail.own_lines import own_lines_of
from nudger.mail.token import message_id, new_token, token_hash
from nudger.providers.base import Mailbox, NotFound, SentMail
from nudger.runtime.attempt import Work
from nudger.runtime.context import Context
from nudger.runtime.courses import mailbox_course
from nudger.runtime.giving_up import Tries, unless_hopeless
from nudger.runtime.holds import refuse_if_held
from nudger.runtime.policies import Rules, for_rep, load_rules
from nudger.runtime.work_off import do_claimed, each_claimed
from nudger.store import audit, mail_groups, outbox
from nudger.store.leases import Lease, LeaseLost, change, release
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail, claim_mails
from nudger.store.people import Rep

log = logging.getLogger(__name__)

NOT_OF_OTHERS = tuple(kind for kind in MailKind if kind is not MailKind.MANAGER_WEEKLY)
MAX_LOOKUPS = 5
LOOKUP_INTERVAL = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Delivery(Outgoing):
    """A claimed mail on its way out."""

    lease: Lease
    rules: Rules


@dataclass(frozen=True, slots=True)
class Due:
    """A mail with the rules as they were when it was claimed: of many that are claimed together,
    each would read all domains and reps for itself."""

    mail: Mail
    rules: Rules


def ask(ctx: Context) -> int:
    """Send every mail that is due; returns how many were sent. Managers' mails go when all others
    have gone: those tell of them."""
    others = sum(each_claimed(ctx, _claim, _deliver))
    return others + sum(each_claimed(ctx, _claim_managers, _deliver))


def send_one(ctx: Context, mail_id: int) -> bool:
    """Send this mail if it is due and free; whether it went out."""
    with ctx.database.begin() as tx:
        claimed = claim_mails(tx, ctx.claimant(), 1, only=mail_id)
    return any(do_claimed(ctx, _pieces(ctx, claimed), _deliver))


def announce(ctx: Context) -> Iterator[bool]:
    """Send the announcements that are due, and no more; yields for each whether it went out."""
    return each_claimed(ctx, _claim_announcements, _deliver)


def _claim_announcements(ctx: Context, room: int) -> list[tuple[Work, Due]]:
    with ctx.database.begin() as tx:
        claimed = claim_mails(tx, ctx.claimant(), room, (MailKind.ANNOUNCEMENT,))
    return _pieces(ctx, claimed)


def _claim_managers(ctx: Context, room: int) -> list[tuple[Work, Due]]:
    with ctx.database.begin() as tx:
        claimed = claim_mails(tx, ctx.claimant(), room, (MailKind.MANAGER_WEEKLY,))
    return _pieces(ctx, claimed)


def _claim(ctx: Context, room: int) -> list[tuple[Work, Due]]:
    """Mails that are due. What is due for the same rep is put together first, each time: more may
    have been planned since."""
    with ctx.database.begin() as tx:
        batch_due_mails(ctx, tx)
        claimed = claim_mails(tx, ctx.claimant(), room, NOT_OF_OTHERS)
    return _pieces(ctx, claimed)


def _pieces(ctx: Context, claimed: Collection[tuple[Lease, Mail]]) -> list[tuple[Work, Due]]:
    """In their order, but what asks before what only tells."""
    if not claimed:
        return []
    with ctx.database.read() as tx:
        rules = load_rules(tx, ctx.settings)
    reps = rules.reps_by_id
    in_order = sorted(claimed, key=lambda one: one[1].kind in INFORMATIONAL)
    return [
        (_work(ctx, lease, mail, reps.get(mail.rep_id)), Due(mail, rules))
        for lease, mail in in_order
    ]


def _work(ctx: Context, lease: Lease, mail: Mail, rep: Rep | None) -> Work:
    """All that goes to one person goes one after the other."""
    course = mailbox_course(ctx, ("send", mail.recipient or mail.rep_id), rep)
    return Work(lease, f"{mail.kind} {mail.id}", mail.attempts, mail.reader_id, course)


def _deliver(ctx: Context, lease: Lease, due: Due) -> bool:
    """Whether the mail went out."""
    return unless_hopeless(
        Tries(lease, due.mail.attempts),
        lambda: _deliver_in_time(ctx, lease, due),
        lambda error: _set_aside(ctx, _gather(ctx, lease, due), error),
    )


def _deliver_in_time(ctx: Context, lease: Lease, due: Due) -> bool:
    ensure_opens(ctx, due.mail)
    delivery = _without_unreadable(ctx, _gather(ctx, lease, due))
    timed = send_time(ctx, delivery)
    delivery = _restrict(ctx, delivery, timed.meetings, Reason.TOO_LATE)
    match timed.decision:
        case Wait(until):
            _put_off(ctx, delivery, until)
            return False
        case Never(reason):
            _give_up(ctx, delivery, MailState.EXPIRED, reason)
            return False
        case SendNow():
            return _send_now(ctx, delivery)


def _gather(ctx: Context, lease: Lease, due: Due) -> Delivery:
    with ctx.database.read() as tx:
        refuse_if_held(tx, Activity.SEND, due.mail.reader_id)
        out = outgoing(ctx, tx, due.mail)
    return Delivery(out.mail, out.rep, out.meetings, lease, due.rules)


def _without_unreadable(ctx: Context, delivery: Delivery) -> Delivery:
    """The delivery about those of several calls of which we can say what they are."""
    readable = [one for one in delivery.meetings if one.known_title is not None]
    if delivery.mail.state is not MailState.DUE or delivery.mail.kind not in PROACTIVE:
        return delivery
    return _restrict(ctx, delivery, readable, Reason.FAILED_THRICE) if readable else delivery


def _restrict(
    ctx: Context, delivery: Delivery, meetings: Sequence[Meeting], reason: Reason
) -> Delivery:
    """Have the mail be about these of its meetings; the others are not asked about."""
    dropped = [one for one in delivery.meetings if one not in meetings]
    if not dropped:
        return delivery
    asks = delivery.mail.kind in QUESTIONS
    with ctx.database.begin() as tx:
        mail_groups.restrict_to(tx, delivery.mail.id, [one.id for one in meetings])
        late = [one for one in dropped if asks and one.state is MeetingState.PLANNED]
        advance_all(ctx, tx, late, MeetingEvent.TIME_RAN_OUT, reason)
    return replace(delivery, meetings=tuple(meetings))


def _put_off(ctx: Context, delivery: Delivery, until: datetime) -> None:
    with ctx.database.begin() as tx:
        release(tx, delivery.lease, due_at=until)


def _send_now(ctx: Context, delivery: Delivery) -> bool:
    """Have a draft and send it, where there is something to say."""
    if delivery.mail.kind in GATHERED_LATE and delivery.mail.state is MailState.DUE:
        report = report_for(ctx, delivery)
        if isinstance(report, Wait):
            _put_off(ctx, delivery, report.until)
            return False
        if isinstance(report, Never):
            _give_up(ctx, delivery, MailState.EXPIRED, report.reason)
            return False
        delivery = _with_report(ctx, delivery, report)
    posted = post_in_chat(ctx, delivery, delivery.lease)
    if posted is not None and not ctx.settings.slack.beside_mail:
        _record_sent(ctx, delivery, posted)
        return True
    box = ctx.accounts.mailbox(ctx.accounts.mailbox_for(delivery.rep))
    drafted = delivery.mail
    if drafted.state is not MailState.DRAFTED:
        drafted = _draft(ctx, box, delivery)
    return _send(ctx, box, replace(delivery, mail=drafted))


def _with_report(ctx: Context, delivery: Delivery, report: Report) -> Delivery:
    """The delivery with what it will say, about the meetings that remain."""
    mail = delivery.mail
    if len(report.meetings) < len(delivery.meetings):
        with ctx.database.begin() as tx:
            mail_groups.restrict_to(tx, mail.id, [one.id for one in report.meetings])
    content = sealed_content(ctx, mail.once, report.content)
    return replace(delivery, mail=replace(mail, content=content), meetings=report.meetings)


def _draft(ctx: Context, box: Mailbox, delivery: Delivery) -> Mail:
    """Have a draft of this mail, made now or by an earlier try, and keep its id."""
    mail = delivery.mail
    if mail.state is MailState.DRAFTING and mail.rfc_message_id:
        found = box.find_draft(mail.rfc_message_id)
        if found is not None:
            return _keep_draft(ctx, delivery, found)
    token = new_token(ctx.random_bytes)
    rfc_id = message_id(ctx.random_bytes, ctx.accounts.mailbox_for(delivery.rep))
    with ctx.database.read() as tx:
        known = gather_facts(ctx, tx, delivery.rep, delivery.meetings)
    facts = with_lookalikes(delivery.rules.judging(delivery.rep).rules, known)
    link = _link(ctx, mail)
    envelope = envelope_of_mail(ctx, mail, delivery.rep, Tokens(token, link), rfc_id)
    message = compose(ctx, mail, delivery.rep, facts, envelope)
    own_lines = sealed_own_lines(ctx, mail, own_lines_of(message))
    intent: dict[str, Any] = {
        "token_hash": token_hash(token), "token_void": False, "rfc_message_id": rfc_id,
        "link_hash": link and token_hash(link),
    }  # fmt: skip
    if mail.kind in GATHERED_LATE:
        intent["content"] = mail.content
    with ctx.database.begin() as tx:
        change(tx, delivery.lease, state=MailState.DRAFTING.value, own_lines=own_lines, **intent)
    delivery = replace(delivery, mail=replace(mail, rfc_message_id=rfc_id))
    draft_id = box.create_draft(message)
    try:
        return _keep_draft(ctx, delivery, draft_id)
    except LeaseLost:
        _discard_draft(ctx, box, delivery, draft_id)
        raise


def _link(ctx: Context, mail: Mail) -> str | None:
    """By what the page is known where the mail can be answered: it is apart from the token of
    replies, which counts only together with the rep's own address."""
    is_answerable = mail.kind in ANSWERABLE and ctx.settings.web.public_url is not None
    return new_token(ctx.random_bytes) if is_answerable else None


def _discard_draft(ctx: Context, box: Mailbox, delivery: Delivery, draft_id: str) -> None:
    """Take back the draft that was just made, for work that is another's now.

    Whoever has it may send this very draft, as long as the mail is known by its Message-ID.
    """
    mail = delivery.mail
    try:
        with ctx.database.read() as tx:
            if outbox.get_mail(tx, mail.id).rfc_message_id == mail.rfc_message_id:
                return
        box.discard_draft(draft_id)
        log.info("%s %s: another worker has taken over, the draft is discarded", mail.kind, mail.id)
    except Exception:
        log.warning("%s %s: a draft is left over", mail.kind, mail.id, exc_info=True)


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
        _give_up(ctx, delivery, MailState.IN_DOUBT, Reason.IN_DOUBT)
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
        )
        _record_steps(tx, delivery, reason_of(mail.reason), now)
        record_report(ctx, tx, mail, delivery.rep)
        if mail.kind is MailKind.QUESTION:
            sent_mail = replace(mail, state=MailState.SENT, sent_at=now)
            _follow_question(ctx, tx, replace(delivery, mail=sent_mail))


def _follow_question(ctx: Context, tx: Connection, delivery: Delivery) -> None:
    """What follows from a question that went out."""
    mail = delivery.mail
    asked = [meeting for meeting in delivery.meetings if meeting.state in OPEN]
    advance_all(ctx, tx, asked, MeetingEvent.QUESTION_SENT, reason_of(mail.reason))
    plan_reminder(ctx, tx, mail, delivery.rep)
    if for_rep(ctx.settings, delivery.rep).ask.tell_colleagues:
        plan_notices(ctx, tx, delivery.meetings)


def _record_steps(tx: Connection, delivery: Delivery, reason: Reason, now: datetime) -> None:
    """One step for each meeting that the mail is about, or one where it is about none."""
    mail = delivery.mail
    about: list[int | None] = [meeting.id for meeting in delivery.meetings]
    name = StepName[mail.kind.name]
    steps = [audit.Step(name, reason, one, mail.rep_id) for one in about or [None]]
    audit.record_all(tx, steps, now)


def _give_up(ctx: Context, delivery: Delivery, state: MailState, reason: Reason) -> None:
    with ctx.database.begin() as tx:
        release(tx, delivery.lease, state=state.value, reason=reason)
        _end_unsent(ctx, tx, delivery, reason)


def _set_aside(ctx: Context, delivery: Delivery, error: str) -> bool:
    reason = Reason.FAILED_THRICE
    with ctx.database.begin() as tx:
        failed = MailState.FAILED.value
        release(tx, delivery.lease, state=failed, reason=reason, last_error=error)
        _end_unsent(ctx, tx, delivery, reason)
    return False


def _end_unsent(ctx: Context, tx: Connection, delivery: Delivery, reason: Reason) -> None:
    _record_steps(tx, delivery, reason, ctx.clock())
    if delivery.mail.kind is MailKind.QUESTION:
        open_ones = [one for one in delivery.meetings if one.state is MeetingState.PLANNED]
        advance_all(ctx, tx, open_ones, MeetingEvent.TIME_RAN_OUT, reason)

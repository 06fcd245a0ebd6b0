"""What the stored mails say: each is bound to the mail it answers, judged, read and acted upon.

Everything that one mail causes is committed together with the mail's own end state, so that an
answer is neither lost nor taken twice.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from nudger.domain.controls import Activity
from nudger.domain.reasons import Reason, StepName, reason_of
from nudger.domain.turns import Course
from nudger.jobs.commands.header_stop import stop_by_header
from nudger.jobs.commands.managers_mail import ManagersReply, is_to_manager, obey_manager
from nudger.jobs.commands.unsolicited import (
    handle_unsolicited,
    respond_to_unverified,
)
from nudger.jobs.incoming.acting import act_on, why_closed
from nudger.jobs.incoming.bounces import Forged, count_bounce, heard_from, reported_mail
from nudger.jobs.incoming.machines import end_of_a_machine
from nudger.jobs.incoming.received import End, Received, of_numbers
from nudger.jobs.outgoing.facts import gather_facts
from nudger.jobs.outgoing.recipient import recipient_of
from nudger.jobs.outgoing.render import asked_of
from nudger.jobs.outgoing.responses import (
    HeldReply,
    respond_to_quarantined,
)
from nudger.jobs.outgoing.sayings import keep_words
from nudger.mail.automatic import is_forward_subject, not_to_us
from nudger.mail.genuine_sender import SenderVerdict, judge_sender
from nudger.mail.message import Disposition, Inbound, Reply
from nudger.mail.mime import MailRejected
from nudger.mail.report_origin import is_of_own_system
from nudger.mail.token import find_token, token_hash
from nudger.runtime.attempt import Work
from nudger.runtime.context import Context
from nudger.runtime.giving_up import Tries, unless_hopeless
from nudger.runtime.holds import is_held, refuse_if_held
from nudger.runtime.mail_reader import ReadingCutShort, ReadingFailed
from nudger.runtime.work_off import do_claimed, each_claimed
from nudger.store import audit, inbox, outbox, retired_tokens
from nudger.store.inbox import InboundState, StoredMail
from nudger.store.leases import Lease, LeaseLost, release
from nudger.store.outbox import Mail


def understand(ctx: Context) -> int:
    """Deal with every stored mail; returns how many were answers."""
    ends = each_claimed(ctx, _claim, _deal_with)
    return sum(end.disposition is Disposition.ANSWER for end in ends)


def understand_one(ctx: Context, inbound_id: int) -> bool:
    """Deal with this stored mail if it is due and free; whether it was an answer."""
    ends = do_claimed(ctx, _claim(ctx, 1, inbound_id), _deal_with)
    return any(end.disposition is Disposition.ANSWER for end in ends)


def _claim(ctx: Context, room: int, only: int | None = None) -> list[tuple[Work, StoredMail]]:
    with ctx.database.begin() as tx:
        if is_held(tx, Activity.OBEY_REPLIES):
            return []
        claimed = ctx.inbox.claim(tx, ctx.claimant(), room, only)
    return [(_work(lease, stored), stored) for lease, stored in claimed]


def _work(lease: Lease, stored: StoredMail) -> Work:
    """Whose mail it is shows only when it is read: what came into one mailbox keeps its order."""
    course = Course(("understand", stored.mailbox))
    return Work(lease, f"mail {stored.id}", stored.attempts, course=course)


def _deal_with(ctx: Context, lease: Lease, stored: StoredMail) -> End:
    return unless_hopeless(
        Tries(lease, stored.attempts, lasts=_is_of_the_mail),
        lambda: _read_and_act(ctx, lease, stored),
        lambda error: _set_aside(ctx, lease, error),
    )


def _is_of_the_mail(error: Exception) -> bool:
    if isinstance(error, ReadingCutShort):
        return True
    return not isinstance(error, (SQLAlchemyError, ReadingFailed, LeaseLost))


def _set_aside(ctx: Context, lease: Lease, error: str) -> End:
    end = End(InboundState.UNREADABLE, Reason.FAILED_THRICE)
    with ctx.database.begin() as tx:
        release(tx, lease, state=end.state.value, reason=end.reason, last_error=error)
        audit.record(tx, audit.Step(StepName.UNDERSTAND, Reason.FAILED_THRICE), ctx.clock())
    return end


def _read_and_act(ctx: Context, lease: Lease, stored: StoredMail) -> End:
    try:
        inbound = ctx.reader.parse(stored.raw)
    except MailRejected as rejected:
        return _finish(ctx, lease, None, End(InboundState.UNREADABLE, rejected.reason))
    if inbound.report is not None:
        ended = _came_back(ctx, lease, stored, inbound)
        if ended is not None:
            return ended
    with ctx.database.read() as tx:
        bound = _bind(ctx, tx, stored, inbound) or _why_unbound(tx, inbound)
    if isinstance(bound, Received):
        return _answered(ctx, lease, bound)
    return _finish(ctx, lease, None, End(InboundState.DROPPED, bound))


def _came_back(ctx: Context, lease: Lease, stored: StoredMail, inbound: Inbound) -> End | None:
    """How a report on one of our mails ends, `None` for one on any other mail."""
    report = inbound.report
    assert report is not None  # noqa: S101 - asked for by the caller
    is_proven = _is_of_own_system(ctx, stored, inbound)
    with ctx.database.begin() as tx:
        refuse_if_held(tx, Activity.OBEY_REPLIES)
        try:
            mail = reported_mail(tx, report)
        except Forged:
            received, reason = None, Reason.BOUNCE_FORGED
        else:
            if mail is None:
                return None
            received = _received(ctx, tx, stored, inbound, mail)
            reason = count_bounce(ctx, tx, report, mail, received.rep, is_proven=is_proven)
        end = End(InboundState.DROPPED, reason, Disposition.BOUNCE)
        _end(tx, ctx, lease, received, end)
    return end


def _is_of_own_system(ctx: Context, stored: StoredMail, inbound: Inbound) -> bool:
    """Beside what is read in one go: a signature's key may have to be fetched."""
    return is_of_own_system(
        inbound,
        stored.mailbox.rpartition("@")[2],
        ctx.accounts.trust(stored.mailbox),
        lambda domain: ctx.reader.check_signature(stored.raw, domain),
    )


def _bind(ctx: Context, tx: Connection, stored: StoredMail, inbound: Inbound) -> Received | None:
    """Find the mail that is answered, by the token in the address and by nothing else."""
    token = find_token(inbound.recipients)
    mail = outbox.find_by_token(tx, token_hash(token)) if token else None
    return None if mail is None else _received(ctx, tx, stored, inbound, mail)


def _received(
    ctx: Context, tx: Connection, stored: StoredMail, inbound: Inbound, mail: Mail
) -> Received:
    meetings = tuple(ctx.meetings.of_mail(tx, mail.id))
    return Received(stored, inbound, mail, recipient_of(tx, mail), meetings)


def _why_unbound(tx: Connection, inbound: Inbound) -> Reason:
    token = find_token(inbound.recipients)
    is_retired = token is not None and retired_tokens.is_retired(tx, token_hash(token))
    return Reason.REP_INACTIVE if is_retired else Reason.NO_TOKEN


def _answered(ctx: Context, lease: Lease, received: Received) -> End:
    """Who wrote is judged by the head of the mail; only a rep's own words are read."""
    if received.is_header_stop:
        return _stopped(ctx, lease, received)
    try:
        automatic = not_to_us(received.inbound)
        if automatic is not None:
            kind, reason = automatic
            return _finish(ctx, lease, received, End(InboundState.DROPPED, reason, kind))
        verdict = _believe(ctx, received)
        reply = _read(ctx, received) if verdict.accepted else None
        held = _held(ctx, received, verdict)
    except MailRejected as rejected:
        return _finish(ctx, lease, received, End(InboundState.UNREADABLE, rejected.reason))
    with ctx.database.begin() as tx:
        refuse_if_held(tx, Activity.OBEY_REPLIES)
        if inbox.seen_before(tx, received.mail.id, received.stored.id):
            end = End(InboundState.DROPPED, Reason.DUPLICATE, reply.disposition if reply else None)
        elif reply is None:
            end = _hold(ctx, tx, received, held)
        else:
            heard_from(tx, received.mail, received.rep)
            end = _act(ctx, tx, received, reply)
        _end(tx, ctx, lease, received, end)
    return end


def _stopped(ctx: Context, lease: Lease, received: Received) -> End:
    """A program may well have sent it, and it says nothing that is to be read."""
    verdict = _believe(ctx, received)
    with ctx.database.begin() as tx:
        refuse_if_held(tx, Activity.OBEY_REPLIES)
        if inbox.seen_before(tx, received.mail.id, received.stored.id):
            end = End(InboundState.DROPPED, Reason.DUPLICATE, Disposition.COMMAND)
        elif not verdict.accepted:
            end = _hold(ctx, tx, received, HeldReply(received.stored.id, verdict.reason))
        else:
            heard_from(tx, received.mail, received.rep)
            reason = _obey_header(ctx, tx, received)
            end = End(InboundState.DONE, reason, Disposition.COMMAND)
        _end(tx, ctx, lease, received, end)
    return end


def _obey_header(ctx: Context, tx: Connection, received: Received) -> Reason:
    if is_to_manager(received.mail):
        reply = ManagersReply(received.mail, received.rep, received.source)
        return obey_manager(ctx, tx, reply, Reason.MANAGER_STOP_BY_HEADER)
    return stop_by_header(ctx, tx, received.rep, received.source)


def _believe(ctx: Context, received: Received) -> SenderVerdict:
    """Whether the rep who got our mail sent this."""
    verdict = _judge_sender(ctx, received, received.rep.addresses)
    if verdict.accepted and received.mail.token_void:
        return SenderVerdict(accepted=False, reason=Reason.TOKEN_VOID)
    return verdict


def _judge_sender(ctx: Context, received: Received, addresses: Collection[str]) -> SenderVerdict:
    return judge_sender(
        received.inbound,
        addresses,
        ctx.accounts.trust(received.stored.mailbox),
        sent_by_owner=received.stored.sent_by_owner,
        check_signature=lambda domain: ctx.reader.check_signature(received.stored.raw, domain),
    )


def _held(ctx: Context, received: Received, verdict: SenderVerdict) -> HeldReply:
    """What the rep may be told of a reply that is not theirs: a colleague's words, where the mail
    server stands for the colleague's address; of anybody else's nothing is read."""
    held, sender = HeldReply(received.stored.id, verdict.reason), received.inbound.sender
    if verdict.reason != Reason.SENDER_MISMATCH or sender is None or received.unsolicited:
        return held
    if is_forward_subject(received.inbound) or not _judge_sender(ctx, received, [sender]).accepted:
        return held
    reply = _read(ctx, received)
    numbers = frozenset({*reply.answers, *reply.commands, *reply.outcomes, *reply.unread})
    return replace(held, sender=sender, words=reply.text, numbers=numbers)


def _read(ctx: Context, received: Received) -> Reply:
    with ctx.database.read() as tx:
        facts = gather_facts(ctx, tx, received.rep, received.meetings)
    asked = asked_of(ctx, received.mail, received.rep, facts)
    return ctx.reader.read(received.inbound, asked)


def _act(ctx: Context, tx: Connection, received: Received, reply: Reply) -> End:
    keep_words(ctx, tx, received.stored.id, received.mail.id, reply.text)
    ended = end_of_a_machine(ctx, tx, received, reply) or _judge(ctx, tx, received, reply)
    if ended is not None:
        return ended
    return act_on(ctx, tx, received, reply)


def _judge(ctx: Context, tx: Connection, received: Received, reply: Reply) -> End | None:
    """How it ends where it is no answer that we may take; `None` where it may be one."""
    if reply.disposition is Disposition.FORWARD:
        return End(InboundState.DROPPED, reply.reason, reply.disposition)
    if received.unsolicited is not None:
        state, reason = handle_unsolicited(ctx, tx, received.unsolicited, reply)
        return End(state, reason, reply.disposition)
    return why_closed(ctx, tx, received, reply)


def _hold(ctx: Context, tx: Connection, received: Received, held: HeldReply) -> End:
    """Tell the rep of a reply that we do not believe to be theirs, unless it passes our mail on."""
    if is_forward_subject(received.inbound):
        return End(InboundState.DROPPED, Reason.FORWARDED, Disposition.FORWARD)
    if received.unsolicited is not None:
        respond_to_unverified(ctx, tx, received.unsolicited, held.reason)
    else:
        about = of_numbers(received, held.numbers) or received.meetings
        respond_to_quarantined(ctx, tx, about, received.rep, held)
    return End(InboundState.QUARANTINED, held.reason)


def _finish(ctx: Context, lease: Lease, received: Received | None, end: End) -> End:
    with ctx.database.begin() as tx:
        _end(tx, ctx, lease, received, end)
    return end


def _end(tx: Connection, ctx: Context, lease: Lease, received: Received | None, end: End) -> None:
    release(
        tx,
        lease,
        state=end.state.value,
        reason=end.reason,
        disposition=end.disposition,
        mail_id=received.mail.id if received else None,
    )
    step = audit.Step(
        StepName.UNDERSTAND,
        reason_of(end.reason),
        received.meetings[0].id if received and received.meetings else None,
        received.mail.rep_id if received else None,
    )
    audit.record(tx, step, ctx.clock())

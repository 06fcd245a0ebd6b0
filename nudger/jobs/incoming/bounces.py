"""Counting the mails of ours that came back, and giving a rep up whom none reaches.

A report proves that it is about one of our mails by what that mail said of itself: the token in its
Reply-To and our Message-ID. Everything of this that it holds must be of one and the same mail.
"""

from __future__ import annotations

from sqlalchemy import Connection

from nudger.domain.bouncing import CameBack, judge_bounce
from nudger.domain.reasons import Reason, StepName
from nudger.mail.message import DeliveryReport
from nudger.mail.token import find_token, is_our_id, token_hash
from nudger.runtime.context import Context
from nudger.store import audit, controls, inbox, outbox, people
from nudger.store.outbox import Mail
from nudger.store.people import Rep


class Forged(Exception):
    """A report on a mail that was made to look like ours."""


def reported_mail(tx: Connection, report: DeliveryReport) -> Mail | None:
    """The mail of ours that came back, `None` where it says nothing of being ours. Raises `Forged`
    where it says so, and is not."""
    tokens = {find_token([one]) for one in report.returned_reply_to} - {None}
    found = [outbox.find_by_token(tx, token_hash(token)) for token in tokens if token]
    ids = {one for one in report.returned_ids if is_our_id(one)}
    found += [outbox.find_by_message_id(tx, one) for one in ids]
    mails = {None if mail is None else mail.id for mail in found}
    if None in mails or len(mails) > 1:
        raise Forged
    return found[0] if found else None


def count_bounce(
    ctx: Context, tx: Connection, report: DeliveryReport, mail: Mail, rep: Rep, *, is_proven: bool
) -> Reason:
    """Count the mail as one that came back, where it does; returns what it came to. Nothing is
    counted for mails to who is no rep, nor for those from before a lockdown. `is_proven` says that
    the mailbox's own system reports it."""
    if mail.reader_id is None or mail.token_void:
        return Reason.DELIVERY_REPORT
    failed = [a for one in report.recipients if one.is_permanent for a in one.addresses]
    since = inbox.is_heard_since(tx, rep.id, mail.sent_at) if mail.sent_at else False
    came_back = CameBack(
        sent_at=mail.sent_at,
        failed_for_good=failed,
        is_counted=mail.bounced_at is not None,
        in_a_row=rep.hard_bounces,
        is_heard_since=since,
        is_proven=is_proven,
        began_at=outbox.bouncing_since(tx, rep.id, rep.hard_bounces),
    )
    now, reason = ctx.clock(), judge_bounce(came_back, rep.addresses, ctx.clock())
    if reason is Reason.DELIVERY_REPORT:
        return reason
    outbox.set_bounced(tx, mail.id, now)
    people.set_hard_bounces(tx, rep.id, rep.hard_bounces + 1)
    if reason is Reason.UNREACHABLE and controls.give_up(tx, rep.id, now):
        audit.record(tx, audit.Step(StepName.CONTROL, reason, rep_id=rep.id), now)
    return reason


def heard_from(tx: Connection, mail: Mail, rep: Rep) -> None:
    """The rep answered the mail: what we send reaches them."""
    if mail.reader_id == rep.id and rep.hard_bounces:
        people.set_hard_bounces(tx, rep.id, 0)

"""Announcing Nudger to the reps: who is told now, who when they are at work, who not and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from nudger.config import Settings
from nudger.domain.mails import UNSENT, MailKind, MailState
from nudger.domain.reasons import Reason, reason_of
from nudger.domain.sending import Never, SendNow, Wait
from nudger.jobs.outgoing.announcement import (
    Candidate,
    announcements,
    candidates,
    plan_announcements,
)
from nudger.jobs.outgoing.send_time import Outgoing, send_time
from nudger.runtime.context import Context
from nudger.store.outbox import Mail
from nudger.store.people import Rep

_NEW = 0


class Told(StrEnum):
    """What became of an announcement, or would."""

    SENT = "sent"
    WAITS = "waits"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Announced:
    """One rep: what became, when it will be sent where it waits, why not where it is not."""

    rep: str
    told: Told
    at: datetime | None = None
    reason: Reason | None = None


def why_impossible(settings: Settings) -> str | None:
    """Why nothing can be announced with these settings, and what to do."""
    if settings.mode == "personal":
        return 'there is nobody to tell in mode = "personal": the rep and the admin are one.'
    if settings.admin.mail is None:
        return (
            "the announcement tells whom to ask: put your address under [admin] in nudger.toml, as "
            'in  mail = "you@yourcompany.com"'
        )
    return None


def preview(ctx: Context, reps: Sequence[Rep]) -> list[Announced]:
    """What `plan` and sending would do now; nothing is changed."""
    with ctx.database.read() as tx:
        found = candidates(ctx, tx, reps)
    return [_foreseen(ctx, one) for one in found]


def _foreseen(ctx: Context, one: Candidate) -> Announced:
    if one.why_not is not None:
        return Announced(one.rep.email, Told.NOT, reason=one.why_not)
    now = ctx.clock()
    kind, why = MailKind.ANNOUNCEMENT, Reason.ANNOUNCED
    mail = Mail(_NEW, kind, one.once, one.rep.id, MailState.DUE, why, now, attempts=0)
    match send_time(ctx, Outgoing(mail, one.rep, ())).decision:
        case SendNow():
            return Announced(one.rep.email, Told.SENT)
        case Wait(until):
            return Announced(one.rep.email, Told.WAITS, until)
        case Never(reason):
            return Announced(one.rep.email, Told.NOT, reason=reason)


def plan(ctx: Context, reps: Sequence[Rep]) -> list[Candidate]:
    """Have the mails wait that are to be sent."""
    return plan_announcements(ctx, reps)


def outcomes(ctx: Context, planned: Sequence[Candidate]) -> list[Announced]:
    """What became of what was planned."""
    with ctx.database.read() as tx:
        mails = announcements(tx)
    return [_became(one, mails.get(one.once)) for one in planned]


def _became(one: Candidate, mail: Mail | None) -> Announced:
    if mail is None or one.why_not is not None:
        return Announced(one.rep.email, Told.NOT, reason=one.why_not or Reason.ANNOUNCED_BEFORE)
    if mail.state is MailState.SENT:
        return Announced(one.rep.email, Told.SENT, mail.sent_at)
    if mail.state in UNSENT:
        return Announced(one.rep.email, Told.WAITS, mail.due_at)
    return Announced(one.rep.email, Told.NOT, reason=reason_of(mail.reason))

"""Mails that ask nothing: when one goes out, what it says, and what follows once it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from nudger.domain.informational import MIN_INTERVAL, NotTold, Span, Traffic, telling_time
from nudger.domain.mails import MailKind
from nudger.domain.timing import Wait
from nudger.jobs.outgoing import colleagues, weekly
from nudger.mail.kind import Content
from nudger.runtime.context import Context
from nudger.runtime.policies import working_hours
from nudger.store import sent_log
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail
from nudger.store.people import Rep, RepState


@dataclass(frozen=True, slots=True)
class Telling:
    """What a mail will say, and the meetings that it is about."""

    content: Content
    meetings: tuple[Meeting, ...]


def when_to_tell(
    ctx: Context, mail: Mail, reader: Rep, meetings: Sequence[Meeting]
) -> Wait | str | None:
    """`None` to send now, a moment to wait for, or the reason why never. A manager's mail is no
    matter of what its reader, or a rep that it is about, wants as a rep."""
    now = ctx.clock()
    if mail.recipient is None and (quiet := _quiet(reader, now)):
        return quiet
    if mail.kind is MailKind.COLLEAGUE:
        reason = colleagues.why_not_notified(ctx, reader, meetings)
        if reason is not None:
            return reason.value
    with ctx.database.read() as tx:
        sent = sent_log.last_sent(tx, reader, now + MIN_INTERVAL)
        traffic = Traffic(sent.latest, sent_log.next_asking_at(tx, reader))
    hours = working_hours(ctx.settings, reader)
    decision = telling_time(_span(ctx, mail, reader, meetings), hours, traffic, now)
    return decision.value if isinstance(decision, NotTold) else decision


def _quiet(rep: Rep, now: datetime) -> str | None:
    """Why this rep gets no mail that asks nothing."""
    is_paused = rep.paused_until is None or rep.paused_until > now
    if rep.state is RepState.ACTIVE or (rep.state is RepState.PAUSED and not is_paused):
        return None
    return f"rep_{rep.state.value}"


def _span(ctx: Context, mail: Mail, reader: Rep, meetings: Sequence[Meeting]) -> Span:
    if mail.kind is MailKind.COLLEAGUE:
        return colleagues.span_to_tell(mail, meetings)
    return weekly.span_of(ctx, mail, reader)


def gather(ctx: Context, mail: Mail, reader: Rep, meetings: Sequence[Meeting]) -> Telling | NotTold:
    """What a mail that may go out now will say, or why there is nothing to say after all."""
    match mail.kind:
        case MailKind.COLLEAGUE:
            about = tuple(colleagues.attended(ctx, reader, meetings))
            if not about:
                return NotTold.NOT_ATTENDING
            return Telling(colleagues.colleague_content(ctx, about), about)
        case MailKind.MANAGER_WEEKLY:
            return _telling(weekly.manager_content(ctx, mail))
        case _:
            return _telling(weekly.rep_content(ctx, mail, reader))


def _telling(content: Content | NotTold) -> Telling | NotTold:
    return content if isinstance(content, NotTold) else Telling(content, ())


def record_telling(ctx: Context, tx: Connection, mail: Mail, reader: Rep) -> None:
    """What follows from a mail that went out."""
    if mail.kind is MailKind.WEEKLY:
        weekly.record_disclosure(ctx, tx, mail, reader)

"""Mails of which it is settled late what they say: that, and what follows once one is sent."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason
from nudger.domain.sending import Never, Wait
from nudger.jobs.outgoing import admin_weekly, announcement, colleagues, comments, weekly
from nudger.jobs.outgoing.send_time import Outgoing
from nudger.mail.kind import Content
from nudger.runtime.context import Context
from nudger.store import people
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail
from nudger.store.people import Rep


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail will say, and the meetings that it is about."""

    content: Content
    meetings: tuple[Meeting, ...] = ()


def report_for(ctx: Context, out: Outgoing) -> Report | Wait | Never:
    """What a mail that may go out now will say, that it has to wait for another, or why there is
    nothing to say after all. Raises `ProviderError`."""
    match out.mail.kind:
        case MailKind.COLLEAGUE:
            about = tuple(colleagues.attended(ctx, out.rep, out.meetings))
            if not about:
                return Never(Reason.NOT_ATTENDING)
            return Report(colleagues.colleague_content(ctx, about), about)
        case MailKind.COMMENT:
            said = comments.comment_content(ctx, out)
            return said if isinstance(said, Never) else Report(*said)
        case MailKind.MANAGER_WEEKLY:
            return _report(weekly.manager_content(ctx, out.mail))
        case MailKind.ADMIN_WEEKLY:
            return _report(admin_weekly.admin_content(ctx, out.mail))
        case MailKind.ANNOUNCEMENT:
            return _report(announcement.announcement_content(ctx, out.rep))
        case _:
            return _report(weekly.rep_content(ctx, out.mail, out.rep))


def _report(content: Content | Wait | Never) -> Report | Wait | Never:
    return content if isinstance(content, (Wait, Never)) else Report(content)


def record_report(ctx: Context, tx: Connection, mail: Mail, reader: Rep) -> None:
    """What follows from a mail that went out."""
    if mail.kind is MailKind.WEEKLY:
        weekly.record_disclosure(ctx, tx, mail, reader)
    if mail.kind is MailKind.ANNOUNCEMENT:
        people.set_announced(tx, mail.rep_id, ctx.clock())
    if mail.kind is MailKind.ADMIN_WEEKLY:
        admin_weekly.record_told(ctx, tx, mail)

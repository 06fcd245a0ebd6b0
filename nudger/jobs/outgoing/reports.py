"""Mails that ask nothing: what one says, and what follows once it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason
from nudger.domain.sending import Never
from nudger.jobs.outgoing import colleagues, weekly
from nudger.jobs.outgoing.render import opened_content
from nudger.jobs.outgoing.send_time import Outgoing
from nudger.runtime.context import Context
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail
from nudger.store.people import Rep


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail will say, and the meetings that it is about."""

    content: dict[str, Any]
    meetings: tuple[Meeting, ...] = ()


def report_for(ctx: Context, out: Outgoing) -> Report | Never:
    """What a mail that may go out now will say, or why there is nothing to say after all. Raises
    `ProviderError`."""
    match out.mail.kind:
        case MailKind.COLLEAGUE:
            about = tuple(colleagues.attended(ctx, out.rep, out.meetings))
            if not about:
                return Never(Reason.NOT_ATTENDING)
            return Report(colleagues.colleague_content(ctx, about), about)
        case MailKind.MANAGER_WEEKLY:
            content = weekly.manager_content(ctx, out.mail)
        case _:
            content = weekly.rep_content(ctx, out.mail, out.rep)
    return content if isinstance(content, Never) else Report(content)


def record_report(ctx: Context, tx: Connection, mail: Mail, reader: Rep) -> None:
    """What follows from a mail that went out."""
    if mail.kind is MailKind.WEEKLY:
        weekly.record_disclosure(tx, reader, opened_content(ctx, mail))

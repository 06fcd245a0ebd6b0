"""Telling a rep what they must know: where an answer stands, or that a reply was not believed.

Whatever arrives, a rep gets at most one notice about replies in an hour and three in a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from nudger.domain.commitment import Answer
from nudger.domain.mails import MailKind
from nudger.jobs.outgoing.content import sealed_content
from nudger.mail.kind import Content
from nudger.mail.kinds.command import CommandContent
from nudger.mail.kinds.confirmation import ConfirmationContent, Saved
from nudger.mail.kinds.problem import ProblemContent
from nudger.mail.kinds.quarantined import QuarantinedContent
from nudger.runtime.context import Context
from nudger.store import outbox, sent_log
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail, NewMail
from nudger.store.people import Rep

MAX_PER_HOUR = 1
MAX_PER_DAY = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer, its revision, and why it does not stand where it was meant to."""

    reason: str
    revision: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An answer's revision that now stands at `place`, and the one question back, if any."""

    reason: str
    place: str
    revision: int
    answer: Answer
    question: str | None


@dataclass(frozen=True, slots=True)
class CommandResponse:
    """A command that was carried out, or why it could not be: `reason` is its code."""

    reason: str
    explanation: str
    inbound_id: int


def report_problem(
    ctx: Context, tx: Connection, meeting: Meeting, rep: Rep, problem: Problem
) -> None:
    once = f"problem:{meeting.id}:{problem.revision}:{problem.reason}"
    content = ProblemContent(reason=problem.reason, answer=problem.answer)
    new = NewMail(MailKind.PROBLEM, once, rep.id, ctx.clock(), problem.reason, (meeting.id,))
    _put(ctx, tx, new, content)


def confirm_answer(
    ctx: Context, tx: Connection, meeting: Meeting, rep: Rep, stood: SavedAnswer
) -> None:
    """Confirm an answer, once for each of its revisions."""
    once = f"confirmation:{meeting.id}:{stood.revision}"
    saved = Saved(
        reason=stood.reason, place=stood.place, answer=stood.answer, question=stood.question
    )
    content = ConfirmationContent(reason=stood.reason, saved=(saved,))
    new = NewMail(MailKind.CONFIRMATION, once, rep.id, ctx.clock(), stood.reason, (meeting.id,))
    _put(ctx, tx, new, content)


def respond_to_command(
    ctx: Context, tx: Connection, meetings: Sequence[Meeting], rep: Rep, response: CommandResponse
) -> None:
    """Confirm a command about these meetings, or about none and so all, once for the mail that it
    came in."""
    once = f"command:{meetings[0].id if meetings else 'all'}:{response.inbound_id}"
    content = CommandContent(reason=response.reason, explanation=response.explanation)
    ids = tuple(meeting.id for meeting in meetings)
    _put(
        ctx, tx, NewMail(MailKind.COMMAND, once, rep.id, ctx.clock(), content.reason, ids), content
    )


def respond_to_quarantined(
    ctx: Context, tx: Connection, meeting: Meeting, rep: Rep, reason: str, inbound_id: int
) -> None:
    """Ask the rep, at the address that we know, whether a reply that came was theirs."""
    if _may_tell(ctx, tx, rep):
        once = f"quarantined:{inbound_id}"
        new = NewMail(MailKind.QUARANTINED, once, rep.id, ctx.clock(), reason, (meeting.id,))
        _put(ctx, tx, new, QuarantinedContent(reason=reason))


def respond_to_unsolicited(
    ctx: Context, tx: Connection, mail: Mail, rep: Rep, told: CommandResponse
) -> None:
    """Say to who got a mail that asked nothing why their reply to it did nothing."""
    if _may_tell(ctx, tx, rep):
        once = f"quarantined:{told.inbound_id}"
        new = NewMail(MailKind.QUARANTINED, once, mail.rep_id, ctx.clock(), told.reason)
        content = QuarantinedContent(reason=told.reason, explanation=told.explanation)
        _put(ctx, tx, replace(new, recipient=mail.recipient), content)


def _may_tell(ctx: Context, tx: Connection, rep: Rep) -> bool:
    now, kind = ctx.clock(), MailKind.QUARANTINED
    in_an_hour = sent_log.count_since(tx, rep, kind, now - timedelta(hours=1))
    in_a_day = sent_log.count_since(tx, rep, kind, now - timedelta(days=1))
    return in_an_hour < MAX_PER_HOUR and in_a_day < MAX_PER_DAY


def _put(ctx: Context, tx: Connection, new: NewMail, content: Content) -> None:
    outbox.put(tx, replace(new, content=sealed_content(ctx, new.once, content)))

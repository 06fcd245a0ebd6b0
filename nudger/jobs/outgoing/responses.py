"""Telling a rep what they must know: where an answer stands, or that a reply was not believed.

Whatever arrives, a rep gets at most one notice about replies in an hour and three in a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from nudger.domain.commitment import Answer
from nudger.domain.mails import MailKind
from nudger.jobs.outgoing.render import sealed_content
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
    content = {"reason": problem.reason, "answer": asdict(problem.answer)}
    _put(ctx, tx, MailKind.PROBLEM, once, (meeting,), rep, content)


def confirm_answer(
    ctx: Context, tx: Connection, meeting: Meeting, rep: Rep, stood: SavedAnswer
) -> None:
    """Confirm an answer, once for each of its revisions."""
    once = f"confirmation:{meeting.id}:{stood.revision}"
    saved = {
        "reason": stood.reason,
        "place": stood.place,
        "answer": asdict(stood.answer),
        "question": stood.question,
    }
    content = {"reason": stood.reason, "saved": [saved]}
    _put(ctx, tx, MailKind.CONFIRMATION, once, (meeting,), rep, content)


def respond_to_command(
    ctx: Context, tx: Connection, meetings: Sequence[Meeting], rep: Rep, response: CommandResponse
) -> None:
    """Confirm a command about these meetings, or about none and so all, once for the mail that it
    came in."""
    once = f"command:{meetings[0].id if meetings else 'all'}:{response.inbound_id}"
    _put(ctx, tx, MailKind.COMMAND, once, meetings, rep, asdict(response))


def respond_to_quarantined(
    ctx: Context, tx: Connection, meeting: Meeting, rep: Rep, reason: str, inbound_id: int
) -> None:
    """Ask the rep, at the address that we know, whether a reply that came was theirs."""
    if _may_tell(ctx, tx, rep):
        content = {"reason": reason}
        _put(ctx, tx, MailKind.QUARANTINED, f"quarantined:{inbound_id}", (meeting,), rep, content)


def respond_to_unsolicited(
    ctx: Context, tx: Connection, mail: Mail, rep: Rep, told: CommandResponse
) -> None:
    """Say to who got a mail that asked nothing why their reply to it did nothing."""
    if not _may_tell(ctx, tx, rep):
        return
    once = f"quarantined:{told.inbound_id}"
    content = sealed_content(ctx, once, asdict(told))
    new = NewMail(MailKind.QUARANTINED, once, mail.rep_id, ctx.clock(), told.reason, (), content)
    outbox.put(tx, replace(new, recipient=mail.recipient))


def _may_tell(ctx: Context, tx: Connection, rep: Rep) -> bool:
    now, kind = ctx.clock(), MailKind.QUARANTINED
    in_an_hour = sent_log.count_since(tx, rep, kind, now - timedelta(hours=1))
    in_a_day = sent_log.count_since(tx, rep, kind, now - timedelta(days=1))
    return in_an_hour < MAX_PER_HOUR and in_a_day < MAX_PER_DAY


def _put(
    ctx: Context,
    tx: Connection,
    kind: MailKind,
    once: str,
    meetings: Sequence[Meeting],
    rep: Rep,
    content: Mapping[str, object],
) -> None:
    sealed = sealed_content(ctx, once, dict(content))
    reason = str(content["reason"])
    ids = tuple(meeting.id for meeting in meetings)
    outbox.put(tx, NewMail(kind, once, rep.id, ctx.clock(), reason, ids, sealed))

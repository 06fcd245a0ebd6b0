"""Telling a rep what they must know: where an answer stands, or that a reply was not believed.

Whatever arrives, a person gets so many of these mails and no more: `domain.responding` decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from nudger.domain.commitment import Answer
from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason, StepName
from nudger.domain.responding import DAY, Response, is_said_again, refusal
from nudger.domain.source import Source
from nudger.jobs.outgoing.content import sealed_content
from nudger.jobs.outgoing.sayings import said
from nudger.mail.kind import Content
from nudger.mail.kinds.command import CommandContent
from nudger.mail.kinds.confirmation import ConfirmationContent, Saved
from nudger.mail.kinds.problem import ProblemContent
from nudger.mail.kinds.quarantined import QuarantinedContent
from nudger.runtime.context import Context
from nudger.store import audit, outbox, sent_log
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail, NewMail
from nudger.store.people import Rep


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
    """A command that was carried out, or why it could not be: `reason` is its code. `once` tells
    what else is said about the same reply from it."""

    reason: str
    explanation: str
    source: Source
    once: str = "command"


def report_problem(
    ctx: Context, tx: Connection, meeting: Meeting, rep: Rep, problem: Problem
) -> None:
    once = f"problem:{meeting.id}:{problem.revision}:{problem.reason}"
    content = ProblemContent(reason=problem.reason, answer=problem.answer)
    new = NewMail(MailKind.PROBLEM, once, rep.id, ctx.clock(), problem.reason, (meeting.id,))
    _put(ctx, tx, _Telling(rep, new), content)


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
    _put(ctx, tx, _Telling(rep, new), content)


def respond_to_command(
    ctx: Context, tx: Connection, meetings: Sequence[Meeting], rep: Rep, response: CommandResponse
) -> None:
    """Confirm a command about these meetings, or about none and so all, once for the mail that it
    came in."""
    once = f"{response.once}:{meetings[0].id if meetings else 'all'}:{response.source.key}"
    content = CommandContent(reason=response.reason, explanation=response.explanation)
    ids = tuple(meeting.id for meeting in meetings)
    new = NewMail(MailKind.COMMAND, once, rep.id, ctx.clock(), content.reason, ids)
    _put(ctx, tx, _Telling(rep, new, response.source.inbound_id), content)


def respond_gone(
    ctx: Context, tx: Connection, meetings: Sequence[Meeting], rep: Rep, explanation: str
) -> None:
    """Say once that these meetings were called off, so that nothing was done about them."""
    content = CommandContent(reason=Reason.EVENT_GONE, explanation=explanation)
    ids = tuple(meeting.id for meeting in meetings)
    once = f"gone:{ids[0]}"
    new = NewMail(MailKind.COMMAND, once, rep.id, ctx.clock(), Reason.EVENT_GONE, ids)
    _put(ctx, tx, _Telling(rep, new), content)


@dataclass(frozen=True, slots=True)
class HeldReply:
    """A reply that we do not believe to be the rep's, and why; `words` are what a colleague said
    in it whose address, `sender`, their mail server stands for; `numbers` are the calls of the mail
    that these words speak of, none where nothing is known of it."""

    inbound_id: int
    reason: str
    sender: str = ""
    words: str = ""
    numbers: frozenset[int] = frozenset()


def respond_to_quarantined(
    ctx: Context, tx: Connection, meetings: Sequence[Meeting], rep: Rep, held: HeldReply
) -> None:
    """Ask the rep, at the address that we know, whether a reply about these calls was theirs."""
    once, about = f"quarantined:{held.inbound_id}", tuple(meeting.id for meeting in meetings)
    new = NewMail(MailKind.QUARANTINED, once, rep.id, ctx.clock(), held.reason, about)
    content = QuarantinedContent(reason=held.reason, sender=held.sender, words=held.words)
    _put(ctx, tx, _Telling(rep, new), content)


def respond_to_manager(
    ctx: Context, tx: Connection, mail: Mail, reader: Rep, response: CommandResponse
) -> None:
    """Confirm to a manager what their word on this mail did."""
    once = f"{response.once}:{mail.id}:{response.source.key}"
    content = CommandContent(reason=response.reason, explanation=response.explanation)
    new = NewMail(MailKind.COMMAND, once, mail.rep_id, ctx.clock(), response.reason)
    telling = _Telling(reader, replace(new, recipient=mail.recipient), response.source.inbound_id)
    _put(ctx, tx, telling, content)


def respond_to_unsolicited(
    ctx: Context, tx: Connection, mail: Mail, rep: Rep, told: CommandResponse
) -> None:
    """Say to who got a mail that asked nothing why their reply to it did nothing."""
    once = f"quarantined:{told.source.key}"
    new = NewMail(MailKind.QUARANTINED, once, mail.rep_id, ctx.clock(), told.reason)
    content = QuarantinedContent(reason=told.reason, explanation=told.explanation)
    _put(ctx, tx, _Telling(rep, replace(new, recipient=mail.recipient)), content)


@dataclass(frozen=True, slots=True)
class _Telling:
    """A mail to put, whom it goes to, as a rep, and the reply in their own words that it answers,
    if any."""

    rep: Rep
    new: NewMail
    inbound_id: int | None = None


def _put(ctx: Context, tx: Connection, telling: _Telling, content: Content) -> None:
    new = telling.new
    refused = refusal(_response(ctx, tx, telling), _before(ctx, tx, telling.rep))
    if refused is None:
        outbox.put(tx, replace(new, content=sealed_content(ctx, new.once, content)))
        return
    name = StepName[new.kind.name]
    steps = [audit.Step(name, refused, one, new.rep_id) for one in new.meeting_ids or (None,)]
    audit.record_all(tx, steps, ctx.clock())


def _response(ctx: Context, tx: Connection, telling: _Telling) -> Response:
    new = telling.new
    saying = said(ctx, tx, telling.inbound_id) if telling.inbound_id is not None else None
    return Response(
        new.kind,
        new.reason,
        new.due_at,
        frozenset(new.meeting_ids),
        says_again=saying is not None and is_said_again(saying.now, saying.before.values()),
    )


def _before(ctx: Context, tx: Connection, rep: Rep) -> list[Response]:
    return sent_log.responses_since(tx, rep, ctx.clock() - DAY)

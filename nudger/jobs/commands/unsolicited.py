"""Replies to mails that asked nothing: commands about all of a rep's calls are carried out; for the
rest the rep is told once that there is nothing to answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from nudger.domain.mails import INFORMATIONAL, WITHOUT_MEETING, MailKind
from nudger.domain.reasons import Reason
from nudger.domain.source import Source
from nudger.jobs.commands.dispatch import REP_HANDLERS, execute_for_rep
from nudger.jobs.commands.managers_mail import (
    ManagersReply,
    is_to_manager,
    managers_word,
    obey_manager,
)
from nudger.jobs.commands.model import RepCommand
from nudger.jobs.outgoing.content import opened_content
from nudger.jobs.outgoing.render import templates_of
from nudger.jobs.outgoing.responses import CommandResponse, respond_to_unsolicited
from nudger.mail.display import display_text
from nudger.mail.kinds.colleague import ColleagueContent
from nudger.mail.message import Command, Disposition, Reply
from nudger.mail.outcome import read_outcome
from nudger.mail.phrases import (
    ASKED_NOTHING,
    ASKED_SOMEBODY_ELSE,
    EVENT_GONE,
    TAKES_NO_REPLIES,
    TAKES_STOP,
    UNVERIFIED,
)
from nudger.runtime.context import Context
from nudger.store.inbox import InboundState
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail
from nudger.store.people import Rep


@dataclass(frozen=True, slots=True)
class UnsolicitedReply:
    """A reply to a mail that asked nothing: that mail, who got it, and the meetings in it."""

    mail: Mail
    rep: Rep
    meetings: Sequence[Meeting]
    source: Source


def asks_nothing(mail: Mail, meetings: Sequence[Meeting]) -> bool:
    """Whether there is nothing to answer in this mail, or nothing any more."""
    return mail.kind in INFORMATIONAL or not meetings


def handle_unsolicited(
    ctx: Context, tx: Connection, unsolicited: UnsolicitedReply, reply: Reply
) -> tuple[InboundState, str]:
    """Carry the reply out or say why not; returns where its mail ends, and the reason code."""
    word = managers_word(unsolicited.mail, reply.command)
    if word is not None:
        return InboundState.DONE, _obey_manager(ctx, tx, unsolicited, word)
    command = _for_all_calls(unsolicited.mail, reply.command)
    if command is not None:
        say = templates_of(ctx, unsolicited.rep).words.say
        about_all = RepCommand(unsolicited.rep, command.argument, unsolicited.source, say)
        return InboundState.DONE, execute_for_rep(ctx, tx, command.name, about_all)
    if reply.disposition is Disposition.EMPTY and read_outcome(reply.text) is None:
        return InboundState.QUARANTINED, reply.reason
    is_gone = unsolicited.mail.kind not in (*INFORMATIONAL, *WITHOUT_MEETING)
    reason = Reason.EVENT_GONE if is_gone else Reason.NOTHING_TO_ANSWER
    explanation = _say_gone(ctx, unsolicited) if is_gone else _explained(ctx, unsolicited)
    _tell(ctx, tx, unsolicited, reason, explanation)
    return InboundState.QUARANTINED, reason


def _obey_manager(
    ctx: Context, tx: Connection, unsolicited: UnsolicitedReply, word: Reason
) -> Reason:
    reply = ManagersReply(unsolicited.mail, unsolicited.rep, unsolicited.source)
    return obey_manager(ctx, tx, reply, word)


def respond_to_unverified(
    ctx: Context, tx: Connection, unsolicited: UnsolicitedReply, reason: str
) -> None:
    """Tell, at the address that we know, that a reply came which may be somebody else's."""
    _tell(ctx, tx, unsolicited, reason, templates_of(ctx, unsolicited.rep).words.say(UNVERIFIED))


def _for_all_calls(mail: Mail, command: Command | None) -> Command | None:
    """The command, where it is about all calls of the rep who got the mail as a rep."""
    if command is None or mail.recipient is not None or command.name not in REP_HANDLERS:
        return None
    return command


def _say_gone(ctx: Context, unsolicited: UnsolicitedReply) -> str:
    return templates_of(ctx, unsolicited.rep).words.say(EVENT_GONE)


def _explained(ctx: Context, unsolicited: UnsolicitedReply) -> str:
    """Why there is nothing to answer, in the reader's language."""
    say, mail = templates_of(ctx, unsolicited.rep).words.say, unsolicited.mail
    if mail.kind is MailKind.COLLEAGUE and unsolicited.meetings:
        first = unsolicited.meetings[0]
        name = opened_content(ctx, mail, ColleagueContent).asked[first.id].name
        return say(
            ASKED_SOMEBODY_ELSE,
            name=display_text(name, 60),
            title=display_text(first.details.title, 120),
            address=unsolicited.rep.email,
        )
    if mail.recipient is None:
        return say(ASKED_NOTHING)
    return say(TAKES_STOP if is_to_manager(mail) else TAKES_NO_REPLIES)


def _tell(
    ctx: Context, tx: Connection, unsolicited: UnsolicitedReply, reason: str, explanation: str
) -> None:
    respond_to_unsolicited(
        ctx,
        tx,
        unsolicited.mail,
        unsolicited.rep,
        CommandResponse(reason, explanation, unsolicited.source),
    )

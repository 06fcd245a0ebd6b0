"""Replies to mails that asked nothing: what a rep says about all of their calls is obeyed, for the
rest they are told once that there is nothing to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from nudger.jobs.context import Context
from nudger.jobs.notices import Obeyed, tell_unasked
from nudger.jobs.obey import FOR_ALL_CALLS, obey_for_all_calls
from nudger.jobs.order import RepOrder
from nudger.jobs.writing import ABOUT_NO_MEETING, PROBLEMS, opened_content, templates_of
from nudger.mail.display import display_text
from nudger.mail.message import Command, Disposition, Reply
from nudger.mail.outcome import read_outcome
from nudger.store.inbox import InboundState
from nudger.store.meetings import Meeting
from nudger.store.outbox import TOLD_BY_US, Mail, MailKind
from nudger.store.people import Rep

ASKED_NOTHING = (
    "The mail that you replied to asked nothing, and nothing was written. An answer about a call "
    "belongs to the mail that asked about it."
)
TAKES_NO_REPLIES = (
    "The mail with your reps' numbers takes no replies, and nothing was done. Who administers "
    "Nudger can end it."
)
ASKED_SOMEBODY_ELSE = (
    "%(name)s was asked about “%(title)s”, and nothing was written. To have you asked instead, "
    "%(name)s can reply: not me, ask %(address)s"
)
UNBELIEVED = (
    "A reply to our last mail came in, but we could not make sure that you sent it. Nothing was "
    "done."
)


@dataclass(frozen=True, slots=True)
class Unasked:
    """A reply to a mail that asked nothing: that mail, who got it, and the meetings in it."""

    mail: Mail
    rep: Rep
    meetings: Sequence[Meeting]
    inbound_id: int


def asks_nothing(mail: Mail, meetings: Sequence[Meeting]) -> bool:
    """Whether there is nothing to answer in this mail, or nothing any more."""
    return mail.kind in TOLD_BY_US or not meetings


def deal_with_unasked(
    ctx: Context, tx: Connection, unasked: Unasked, reply: Reply
) -> tuple[InboundState, str]:
    """Obey the reply or say why not; returns where its mail ends, and the reason code."""
    command = _for_all_calls(unasked.mail, reply.command)
    if command is not None:
        say = templates_of(ctx, unasked.rep).words.say
        order = RepOrder(unasked.rep, command.argument, unasked.inbound_id, say)
        return InboundState.DONE, obey_for_all_calls(ctx, tx, command.name, order)
    if reply.disposition is Disposition.EMPTY and read_outcome(reply.text) is None:
        return InboundState.HELD, reply.reason
    is_gone = unasked.mail.kind not in (*TOLD_BY_US, *ABOUT_NO_MEETING)
    reason = "event_gone" if is_gone else "nothing_to_answer"
    explanation = _say_gone(ctx, unasked) if is_gone else _explained(ctx, unasked)
    _tell(ctx, tx, unasked, reason, explanation)
    return InboundState.HELD, reason


def tell_unbelieved(ctx: Context, tx: Connection, unasked: Unasked, reason: str) -> None:
    """Tell, at the address that we know, that a reply came which may be somebody else's."""
    _tell(ctx, tx, unasked, reason, templates_of(ctx, unasked.rep).words.say(UNBELIEVED))


def _for_all_calls(mail: Mail, command: Command | None) -> Command | None:
    """The command, where it is about all calls of the rep who got the mail as a rep."""
    if command is None or mail.recipient is not None or command.name not in FOR_ALL_CALLS:
        return None
    return command


def _say_gone(ctx: Context, unasked: Unasked) -> str:
    return templates_of(ctx, unasked.rep).words.say(PROBLEMS["event_gone"])


def _explained(ctx: Context, unasked: Unasked) -> str:
    """Why there is nothing to answer, in the reader's language."""
    say, mail = templates_of(ctx, unasked.rep).words.say, unasked.mail
    if mail.kind is MailKind.COLLEAGUE and unasked.meetings:
        first = unasked.meetings[0]
        name, _ = opened_content(ctx, mail)["asked"][str(first.id)]
        return say(
            ASKED_SOMEBODY_ELSE,
            name=display_text(name, 60),
            title=display_text(first.details.title, 120),
            address=unasked.rep.email,
        )
    return say(ASKED_NOTHING if mail.recipient is None else TAKES_NO_REPLIES)


def _tell(ctx: Context, tx: Connection, unasked: Unasked, reason: str, explanation: str) -> None:
    tell_unasked(
        ctx, tx, unasked.mail, unasked.rep, Obeyed(reason, explanation, unasked.inbound_id)
    )

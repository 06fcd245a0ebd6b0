"""Acting upon what a rep said about meetings that we asked about, in whatever it came: the same for
a mail and for words in a chat. All of it belongs to the transaction that ends the word.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from nudger.domain.reasons import Reason
from nudger.jobs.commands.dispatch import REP_HANDLERS, CommandRequest, execute
from nudger.jobs.incoming.kept_answers import keep_answers, keep_outcomes
from nudger.jobs.incoming.received import End, Heard, takes_answer
from nudger.jobs.incoming.unclear import count_fillers, say_unclear, tell_unread
from nudger.jobs.outgoing.render import templates_of
from nudger.jobs.outgoing.responses import respond_gone
from nudger.mail.message import Disposition, Reply
from nudger.mail.phrases import EVENT_GONE
from nudger.runtime.context import Context
from nudger.store.inbox import InboundState

ANSWER_WINDOW = timedelta(days=30)


def why_closed(ctx: Context, tx: Connection, heard: Heard, reply: Reply) -> End | None:
    """How it ends where its calls are long over, or were called off; `None` where they are open."""
    if ctx.clock() - heard.meetings[-1].end > ANSWER_WINDOW:
        return End(InboundState.QUARANTINED, Reason.EXPIRED, reply.disposition)
    if _says_something(reply) and not any(map(takes_answer, heard.meetings)):
        tell_gone(ctx, tx, heard, reply)
        return End(InboundState.QUARANTINED, Reason.EVENT_GONE, reply.disposition)
    return None


def act_on(ctx: Context, tx: Connection, heard: Heard, reply: Reply) -> End:
    """Keep, obey, or say what could not be read."""
    tell_gone(ctx, tx, heard, reply)
    count_fillers(ctx, tx, heard, reply)
    if reply.command is not None:
        about = heard.meetings
        if reply.command.name not in REP_HANDLERS:
            about = tuple(filter(takes_answer, about))
        request = CommandRequest(heard.rep, about, reply.command, heard.source)
        return End(InboundState.DONE, execute(ctx, tx, request), reply.disposition)
    _obey_each(ctx, tx, heard, reply)
    if reply.disposition is not Disposition.UNCLEAR:
        tell_unread(ctx, tx, heard, reply)
    if reply.outcomes:
        return keep_outcomes(ctx, tx, heard, reply)
    if reply.disposition is Disposition.ANSWER:
        return keep_answers(ctx, tx, heard, reply)
    if reply.disposition is Disposition.COMMAND:
        return End(InboundState.DONE, reply.reason, reply.disposition)
    if reply.disposition is Disposition.UNCLEAR or reply.reason == Reason.NOTHING_LEFT:
        say_unclear(ctx, tx, heard, reply)
    return End(InboundState.QUARANTINED, reply.reason, reply.disposition)


def _says_something(reply: Reply) -> bool:
    """Whether it is about the meetings, and not a command about all of the rep's calls."""
    if reply.command is not None:
        return reply.command.name not in REP_HANDLERS
    return bool(reply.commands) or reply.disposition is Disposition.ANSWER


def tell_gone(ctx: Context, tx: Connection, heard: Heard, reply: Reply) -> None:
    """Tell the rep which of the meetings that the reply speaks of were called off."""
    named = {*reply.answers, *reply.commands}
    about_all = reply.command is not None and reply.command.name not in REP_HANDLERS
    numbered = enumerate(heard.meetings, start=1)
    gone = [one for n, one in numbered if not takes_answer(one) and (about_all or n in named)]
    if gone and not reply.outcomes:
        explanation = templates_of(ctx, heard.rep).words.say(EVENT_GONE)
        respond_gone(ctx, tx, gone, heard.rep, explanation)


def _obey_each(ctx: Context, tx: Connection, heard: Heard, reply: Reply) -> None:
    """Obey what a reply to several questions says about single meetings."""
    for number, command in reply.commands.items():
        about = heard.meetings[number - 1 : number]
        if about and takes_answer(about[0]):
            execute(ctx, tx, CommandRequest(heard.rep, about, command, heard.source))

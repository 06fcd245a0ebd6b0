"""Telling a rep what could not be read of their reply, and counting what stood in its place."""

from __future__ import annotations

from sqlalchemy import Connection

from nudger.domain.reasons import Reason, StepName, reason_of
from nudger.jobs.incoming.received import Heard, of_numbers
from nudger.jobs.outgoing.render import templates_of
from nudger.jobs.outgoing.responses import CommandResponse, respond_to_command
from nudger.mail.calls import letter_of
from nudger.mail.display import display_text
from nudger.mail.message import Reply
from nudger.mail.phrases import UNCLEAR, UNPLACED
from nudger.runtime.context import Context
from nudger.store import audit

SAID_IN_ONE_LINE = (Reason.FILLER, Reason.ASKED_BACK)


def say_unclear(ctx: Context, tx: Connection, received: Heard, reply: Reply) -> None:
    """Say why nothing was taken: one line where it was a filler or a question, the part that was
    not read where the mail was about several calls, else what can be replied."""
    if len(received.meetings) > 1 and reply.text and reply.reason not in SAID_IN_ONE_LINE:
        _quote_unplaced(ctx, tx, received, reply.text)
        return
    is_short = reply.reason in SAID_IN_ONE_LINE
    reason = reason_of(reply.reason) if is_short else Reason.NOT_UNDERSTOOD
    message = UNCLEAR.get(reply.reason, UNCLEAR["no_answer_found"])
    explanation = templates_of(ctx, received.rep).words.say(message)
    about = of_numbers(received, reply.fillers) or received.meetings[:1]
    response = CommandResponse(reason, explanation, received.source)
    respond_to_command(ctx, tx, about, received.rep, response)


def tell_unread(ctx: Context, tx: Connection, received: Heard, reply: Reply) -> None:
    """Quote what could not be read of a reply whose other parts were."""
    unplaced = [words for n, words in reply.unread.items() if n not in reply.fillers]
    if unplaced:
        _quote_unplaced(ctx, tx, received, " ".join(unplaced))
        return
    about = of_numbers(received, reply.fillers & reply.unread.keys())
    if about:
        explanation = templates_of(ctx, received.rep).words.say(UNCLEAR[Reason.FILLER])
        response = CommandResponse(Reason.FILLER, explanation, received.source, "unread")
        respond_to_command(ctx, tx, about, received.rep, response)


def _quote_unplaced(ctx: Context, tx: Connection, received: Heard, words: str) -> None:
    calls = " · ".join(
        f"{letter_of(n)}: {display_text(one.details.title, 60)}"
        for n, one in enumerate(received.meetings, start=1)
    )
    say = templates_of(ctx, received.rep).words.say
    explanation = say(UNPLACED, text=display_text(words, 200), calls=calls)
    response = CommandResponse(Reason.UNPLACED, explanation, received.source, "unread")
    respond_to_command(ctx, tx, received.meetings, received.rep, response)


def count_fillers(ctx: Context, tx: Connection, received: Heard, reply: Reply) -> None:
    """Keep in the trail where something like "tbd" stood in an answer's place: many of them show
    that the question presses people. The first of a reply that is nothing else is its own end."""
    alone = {1} if reply.reason == Reason.FILLER else set()
    for meeting in of_numbers(received, reply.fillers - alone):
        step = audit.Step(StepName.UNDERSTAND, Reason.FILLER, meeting.id, received.rep.id)
        audit.record(tx, step, ctx.clock())

"""Obeying the stop that a mail program sends by our header, on one tap or for many senders at once.

It may not be meant, so it is a pause from which one word leads back and nothing is lost; the rep is
told that once, and the admin sees why.
"""

from __future__ import annotations

from sqlalchemy import Connection

from nudger.domain.availability import RepState, heeds_header_stop
from nudger.domain.reasons import Reason, StepName
from nudger.domain.source import Source
from nudger.jobs.commands.dispatch import MAX_PAUSE
from nudger.jobs.outgoing.render import templates_of
from nudger.jobs.outgoing.responses import CommandResponse, respond_to_command
from nudger.mail.phrases import STOPPED_BY_HEADER
from nudger.runtime.context import Context
from nudger.store import audit, calendars, people
from nudger.store.people import Rep


def stop_by_header(ctx: Context, tx: Connection, rep: Rep, source: Source) -> Reason:
    """Pause the questions of this rep, whose mail program sent the stop; returns its reason."""
    now, reason = ctx.clock(), Reason.STOP_BY_HEADER
    if heeds_header_stop(rep.state, rep.state_reason):
        people.set_state(tx, rep.id, RepState.PAUSED, reason, now + MAX_PAUSE)
        calendars.force_full_sync(tx, [rep.id], now)
        told = templates_of(ctx, rep).words.say(STOPPED_BY_HEADER)
        respond_to_command(ctx, tx, (), rep, CommandResponse(reason, told, source))
    audit.record(tx, audit.Step(StepName.COMMAND, reason, rep_id=rep.id), now)
    return reason

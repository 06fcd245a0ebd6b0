"""Taking nothing from programs that answer our mails, and taking back what they said before."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from nudger.domain.commitment import Answer
from nudger.domain.lifecycle import ANSWERED, WRITTEN, MeetingEvent
from nudger.domain.reasons import Reason
from nudger.domain.responding import is_machine
from nudger.jobs.incoming.received import End, Received
from nudger.jobs.outgoing.placement import placement_of
from nudger.jobs.outgoing.sayings import said
from nudger.jobs.planning.lifecycle import advance
from nudger.jobs.telling.notices import note_commitment
from nudger.mail.message import CommandName, Reply
from nudger.runtime.context import Context
from nudger.store import answers
from nudger.store.inbox import InboundState
from nudger.store.meetings import Meeting


def end_of_a_machine(ctx: Context, tx: Connection, received: Received, reply: Reply) -> End | None:
    """How it ends where a program wrote it: it is not taken, and what it said before is taken back.
    No program says a command, unless signs stand for one."""
    if reply.command is not None and reply.command.name is not CommandName.HELP:
        return None
    saying = said(ctx, tx, received.stored.id)
    if saying is None or not is_machine(saying.now, saying.before.values()):
        return None
    for meeting in received.meetings:
        _take_back(ctx, tx, received, meeting, saying.before.keys())
    return End(InboundState.QUARANTINED, Reason.MACHINE, reply.disposition)


def _take_back(
    ctx: Context, tx: Connection, received: Received, meeting: Meeting, said_in: Collection[int]
) -> None:
    """Have the answer before count again, where the latest came in one of these replies."""
    latest = ctx.answers.latest(tx, meeting.id)
    if latest is None or answers.source_of(tx, meeting.id, latest[0]) not in said_in:
        return
    now, revisions = ctx.clock(), ctx.answers.revisions(tx, meeting.id)
    before = revisions[-2][2] if len(revisions) > 1 else Answer()
    revision = ctx.answers.add(tx, meeting.id, received.rep.id, before, None, now)
    note_commitment(ctx, tx, meeting.id, revision)
    placement = placement_of(ctx, received.rep, meeting, before)
    answers.want_note(tx, meeting.id, revision, placement, now)
    if before.is_empty and meeting.state in (ANSWERED, WRITTEN):
        advance(ctx, tx, meeting, MeetingEvent.TAKEN_BACK, Reason.MACHINE)

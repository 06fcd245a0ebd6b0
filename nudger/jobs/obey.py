"""Obeying what a rep commands by reply, in the transaction that ends the mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection

from nudger.domain.commitment import Answer, MeetingState
from nudger.jobs.context import Context
from nudger.mail.message import Command, CommandName
from nudger.store import answers, audit, outbox, people
from nudger.store.answers import NotePlace
from nudger.store.meetings import Meeting
from nudger.store.people import Rep, RepState

DEFAULT_PAUSE = timedelta(days=14)


def obey(
    ctx: Context, tx: Connection, rep: Rep, meetings: Sequence[Meeting], command: Command
) -> str:
    """Do what the command says; returns its reason code."""
    now = ctx.clock()
    match command.name:
        case CommandName.SKIP | CommandName.NOT_CUSTOMER:
            for meeting in meetings:
                outbox.withdraw(tx, meeting.id, command.name.value)
                ctx.meetings.set_state(
                    tx, meeting.id, MeetingState.WITHDRAWN, command.name.value, now
                )
        case CommandName.STOP:
            people.set_state(tx, rep.id, RepState.STOPPED, "asked_to_stop")
        case CommandName.START:
            people.set_state(tx, rep.id, RepState.ACTIVE)
        case CommandName.PAUSE:
            people.set_state(tx, rep.id, RepState.PAUSED, "asked_to_pause", now + DEFAULT_PAUSE)
        case CommandName.PRIVATE:
            for meeting in meetings:
                _make_private(ctx, tx, rep, meeting)
        case _:
            return "not_understood_yet"
    for meeting in meetings:
        audit.record(tx, audit.Step("command", command.name.value, meeting.id, rep.id), now)
    return command.name.value


def _make_private(ctx: Context, tx: Connection, rep: Rep, meeting: Meeting) -> None:
    latest = ctx.answers.latest(tx, meeting.id)
    if latest is None:
        return
    private = latest[1].amended_by(Answer(private=True))
    revision = ctx.answers.add(tx, meeting.id, rep.id, private, None, ctx.clock())
    answers.want_note(tx, meeting.id, revision, NotePlace.PRIVATE, ctx.clock())

"""A manager's word on the weekly mail about their reps: no more of it, or again. It changes nothing
for a rep, nor for the manager's own calls where they are a rep, too."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason, StepName
from nudger.domain.source import Source
from nudger.jobs.outgoing.render import templates_of
from nudger.jobs.outgoing.responses import CommandResponse, respond_to_manager
from nudger.mail.message import Command, CommandName
from nudger.mail.phrases import MANAGER_STARTED, MANAGER_STOPPED, MANAGER_STOPPED_BY_HEADER
from nudger.runtime.context import Context
from nudger.store import audit, manager_stops
from nudger.store.outbox import Mail
from nudger.store.people import Rep

_SAYS = {
    Reason.MANAGER_STOP: MANAGER_STOPPED,
    Reason.MANAGER_STOP_BY_HEADER: MANAGER_STOPPED_BY_HEADER,
    Reason.MANAGER_START: MANAGER_STARTED,
}
_WORDS = {CommandName.STOP: Reason.MANAGER_STOP, CommandName.START: Reason.MANAGER_START}


def is_to_manager(mail: Mail) -> bool:
    """Whether the mail went to a manager as such: the weekly one, or what answers a word on it."""
    return mail.recipient is not None and mail.kind in (MailKind.MANAGER_WEEKLY, MailKind.COMMAND)


def managers_word(mail: Mail, command: Command | None) -> Reason | None:
    """What a manager's reply says of the weekly mail, if anything."""
    return _WORDS.get(command.name) if command is not None and is_to_manager(mail) else None


@dataclass(frozen=True, slots=True)
class ManagersReply:
    """The mail that a manager answers, the manager as its reader, and where the word came from."""

    mail: Mail
    reader: Rep
    source: Source


def obey_manager(ctx: Context, tx: Connection, reply: ManagersReply, word: Reason) -> Reason:
    """Do what a reply, or our header's stop, says, and confirm it; returns its reason."""
    mail = reply.mail
    assert mail.recipient is not None  # noqa: S101 - asked before
    is_changed = choose_weekly(ctx, tx, mail.recipient, word)
    if is_changed or word is not Reason.MANAGER_STOP_BY_HEADER:
        told = templates_of(ctx, reply.reader).words.say(_SAYS[word])
        response = CommandResponse(word, told, reply.source)
        respond_to_manager(ctx, tx, mail, reply.reader, response)
    audit.record(tx, audit.Step(StepName.COMMAND, word, rep_id=mail.rep_id), ctx.clock())
    return word


def choose_weekly(ctx: Context, tx: Connection, manager: str, word: Reason) -> bool:
    """Whether this changes anything; a stop by header changes nothing where there was one."""
    if word is Reason.MANAGER_START:
        return manager_stops.start(tx, manager)
    return manager_stops.stop(tx, manager, word, ctx.clock())

"""What is still to happen to a meeting: when, and why then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from nudger.domain.availability import RepState
from nudger.domain.commitment import MeetingState
from nudger.domain.controls import Activity, Controls
from nudger.domain.mails import RESPONSES, UNSENT, MailKind
from nudger.domain.reasons import Reason, StepName, reason_of
from nudger.domain.sending import Never, Wait
from nudger.jobs.outgoing.send_time import outgoing, send_time
from nudger.runtime.context import Context
from nudger.store import answers, outbox
from nudger.store.controls import read_controls
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail
from nudger.store.people import Rep

OWN_RHYTHM = "It waits for the rep's hours, or until an hour has passed since another mail of ours."
OTHER_NOTES = "It waits until the other answers of the same reply are written."
MAIL, NOTE, REPLY = "mail", "note", "reply"
"""The kinds of what waits."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that is to come: its kind, what it is, from which moment on (`None`: not before
    somebody acts), and why then, as a sentence. A reply is awaited until its moment. `happens` is
    false of what will be dropped when its time comes."""

    kind: str
    what: str
    at: datetime | None
    words: str
    happens: bool = True

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "at": self.at and self.at.isoformat()}


def told(wait: Mapping[str, Any], when: str) -> str:
    """A wait (as JSON) as a sentence; `when` are the words for its moment."""
    what, words = f"The {wait['what']}", wait["words"]
    if wait["at"] is None:
        return f"{what} is held: {words}"
    if not wait["happens"]:
        return f"{what} will be dropped {when}, because: {words}"
    return f"{what} {_VERBS[wait['kind']]} {when}, because: {words}"


_VERBS = {MAIL: "goes out", NOTE: "is written", REPLY: "is awaited until"}


def waits_of(ctx: Context, tx: Connection, meeting: Meeting) -> list[Waiting]:
    """What is to come for the meeting, the soonest first."""
    controls = read_controls(tx)
    mails = [mail for mail in outbox.about_meeting(tx, meeting.id) if mail.state in UNSENT]
    found = [_mail(ctx, tx, mail, controls) for mail in mails]
    found += [*_note(tx, meeting, controls), *_reply(ctx, meeting)]
    return sorted(found, key=lambda one: (one.at is None, one.at or ctx.clock()))


def _mail(ctx: Context, tx: Connection, mail: Mail, controls: Controls) -> Waiting:
    what = _step_of(mail.kind).words
    held = controls.why_held(Activity.SEND, mail.reader_id)
    if held is not None:
        return Waiting(MAIL, what, None, held.words)
    at = max(mail.due_at, ctx.clock())
    out = outgoing(ctx, tx, mail)
    match send_time(replace(ctx, clock=lambda: at), out).decision:
        case Never(reason):
            return Waiting(MAIL, what, at, reason.words, happens=False)
        case Wait(until):
            return Waiting(MAIL, what, until, _why_later(mail.kind, out.rep))
        case _:
            return Waiting(MAIL, what, at, reason_of(mail.reason).words)


def _why_later(kind: MailKind, reader: Rep) -> str:
    if kind in RESPONSES:
        return OTHER_NOTES
    not_free = _NOT_FREE.get(reader.availability.state)
    return OWN_RHYTHM if not_free is None else not_free.words


_NOT_FREE = {RepState.PAUSED: Reason.REP_PAUSED, RepState.RECONNECT: Reason.REP_RECONNECT}


def _step_of(kind: MailKind) -> StepName:
    return next(step for step in StepName if step.value == kind.value)


def _note(tx: Connection, meeting: Meeting, controls: Controls) -> Iterator[Waiting]:
    due = answers.due_note(tx, meeting.id)
    if due is None:
        return
    held = controls.why_held(Activity.WRITE)
    if held is not None:
        yield Waiting(NOTE, StepName.WRITE.words, None, held.words)
    else:
        failed = due.last_error and f"It failed and is tried again: {due.last_error}"
        yield Waiting(NOTE, StepName.WRITE.words, due.at, failed or reason_of(due.reason).words)


def _reply(ctx: Context, meeting: Meeting) -> Iterator[Waiting]:
    """A question that is out waits for its answer until the call."""
    if meeting.state is MeetingState.ASKED and meeting.start > ctx.clock():
        yield Waiting(REPLY, "answer", meeting.start, Reason.UNANSWERED.words)

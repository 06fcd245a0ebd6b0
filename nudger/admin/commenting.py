"""A manager says something of a call: kept as a mail to its rep, or refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from nudger.admin.persons import Person
from nudger.admin.team_page import TeamCall, find_call
from nudger.domain.availability import RepState
from nudger.domain.controls import Activity
from nudger.domain.mails import MailKind, MailState
from nudger.domain.reasons import Reason, StepName
from nudger.domain.sending import Never, Wait
from nudger.jobs.outgoing.content import sealed_content
from nudger.jobs.outgoing.send_time import Outgoing, send_time_in
from nudger.mail.kinds.comment import CommentContent, Remark
from nudger.mail.token import token_hash
from nudger.runtime.context import Context
from nudger.runtime.policies import manager_of
from nudger.store import audit, outbox
from nudger.store.controls import read_controls
from nudger.store.outbox import Mail, NewMail

MOST_ON_A_CALL = 10


class NotTheirs(Exception):
    """The call is none that this person may read now, or there is none."""


class CommentRefused(Exception):
    """It would not reach the rep before the call; `reason` is why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.words)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class NewComment:
    """`nonce` is the page's own: the same one again is the same comment."""

    meeting_id: int
    text: str = field(repr=False)
    nonce: str = field(repr=False)

    @property
    def once(self) -> str:
        return f"comment:{self.meeting_id}:{token_hash(self.nonce)}"


def comment(ctx: Context, tx: Connection, person: Person, new: NewComment) -> None:
    """Keep it for the rep. Raises `NotTheirs`, `CommentRefused`."""
    call = find_call(ctx, tx, person, new.meeting_id)
    if call is None:
        raise NotTheirs
    if outbox.state_of(tx, new.once) is not None:
        return
    due = _due(ctx, tx, call, new.once)
    manager = manager_of(ctx.settings, call.rep) or person.reader.email
    remark = Remark(
        meeting_id=new.meeting_id, manager=manager, name=person.reader.name, text=new.text
    )
    content = sealed_content(ctx, new.once, CommentContent(remarks=(remark,)))
    put = NewMail(
        MailKind.COMMENT,
        new.once,
        call.rep.id,
        due,
        Reason.COMMENTED,
        (new.meeting_id,),
        content=content,
    )
    if outbox.put(tx, put) is not None:
        step = audit.Step(StepName.PAGE, Reason.COMMENTED, new.meeting_id, call.rep.id)
        audit.record(tx, step, ctx.clock())


def why_not(ctx: Context, tx: Connection, call: TeamCall) -> Reason | None:
    """Why no comment on this call would reach its rep in time, `None` where one would."""
    try:
        _due(ctx, tx, call, "")
    except CommentRefused as refused:
        return refused.reason
    return None


def _due(ctx: Context, tx: Connection, call: TeamCall, once: str) -> datetime:
    """When it would go out. Raises `CommentRefused`."""
    rep, meeting = call.rep, call.meeting
    held = read_controls(tx).why_held(Activity.SEND, rep.id)
    if held is not None:
        raise CommentRefused(held)
    if rep.state is RepState.RECONNECT:
        raise CommentRefused(Reason.REP_RECONNECT)
    if len(call.commented) >= MOST_ON_A_CALL:
        raise CommentRefused(Reason.COMMENTED_ENOUGH)
    now = ctx.clock()
    mail = Mail(0, MailKind.COMMENT, once, rep.id, MailState.DUE, Reason.COMMENTED, now, 0)
    decision = send_time_in(ctx, tx, Outgoing(mail, rep, (meeting,))).decision
    if isinstance(decision, Never):
        raise CommentRefused(decision.reason)
    return decision.until if isinstance(decision, Wait) else now

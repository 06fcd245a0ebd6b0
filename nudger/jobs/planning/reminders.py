"""The one reminder of a question that nobody has answered."""

from __future__ import annotations

from sqlalchemy import Connection

from nudger.domain.commitment import OPEN
from nudger.domain.mails import MailKind, MailState
from nudger.domain.reasons import Reason
from nudger.domain.timing import remind_time
from nudger.runtime.context import Context
from nudger.runtime.policies import for_rep
from nudger.store import outbox, people
from nudger.store.outbox import Mail, NewMail
from nudger.store.people import Rep


def plan_reminder(ctx: Context, tx: Connection, question: Mail, rep: Rep) -> None:
    """Put the reminder of a question that was sent to this rep, or bring it to where the calls are
    now; none where it would come too soon after the question."""
    own = for_rep(ctx.settings, rep)
    if not own.ask.remind or question.sent_at is None:
        return
    meetings = ctx.meetings.of_mail(tx, question.id)
    waiting = [meeting for meeting in meetings if meeting.state in OPEN]
    if not waiting:
        return
    start = min(meeting.start for meeting in waiting)
    at = remind_time(question.sent_at, start, own.working_hours, own.timing)
    once = f"reminder:{question.id}"
    if at is None:
        outbox.cancel(tx, once, Reason.TOO_SOON)
        return
    ids = tuple(meeting.id for meeting in waiting)
    reminder = NewMail(MailKind.REMINDER, once, rep.id, at, Reason.UNANSWERED, ids)
    if outbox.put(tx, reminder) is None:
        outbox.retime(tx, once, rep.id, at, Reason.UNANSWERED)


def retime_reminder(ctx: Context, tx: Connection, meeting_id: int) -> None:
    """Bring the reminder to whoever is asked now to where the meeting is now."""
    rep_id = ctx.meetings.get(tx, meeting_id).rep_id
    sent = (MailKind.QUESTION, MailState.SENT, rep_id)
    asked = [
        mail
        for mail in outbox.about_meeting(tx, meeting_id)
        if (mail.kind, mail.state, mail.rep_id) == sent
    ]
    if asked:
        plan_reminder(ctx, tx, asked[-1], people.get_rep(tx, rep_id))

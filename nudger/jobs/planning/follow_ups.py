"""The question after the call: did they agree?"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason
from nudger.runtime.context import Context
from nudger.runtime.policies import for_rep
from nudger.store import outbox, sent_log
from nudger.store.outbox import NewMail
from nudger.store.people import Rep

FOLLOW_UP_DELAY = timedelta(minutes=5)


def plan_follow_up(ctx: Context, tx: Connection, rep: Rep, meeting_id: int, end: datetime) -> None:
    """Ask what came of a meeting as soon as the rep works after its end; once a meeting."""
    once = f"follow_up:{meeting_id}"
    at = for_rep(ctx.settings, rep).working_hours.next_moment(end + FOLLOW_UP_DELAY)
    mail = NewMail(MailKind.FOLLOW_UP, once, rep.id, at, Reason.CALL_OVER, (meeting_id,))
    if outbox.put(tx, mail) is None:
        outbox.retime(tx, once, rep.id, at, Reason.CALL_OVER)
        if not sent_log.is_asked(tx, meeting_id, MailKind.FOLLOW_UP):
            outbox.reopen(tx, once, meeting_id, at)

"""Telling colleagues who take part in a meeting that somebody else was asked about it.

Once a meeting and colleague, if the admin wants it; never a guest. What a colleague answers to an
invitation is read in their own calendar, at the moment of telling.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection

from nudger.domain.event import attends
from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason
from nudger.mail.kinds.colleague import AskedColleague, ColleagueContent
from nudger.providers.base import NotFound
from nudger.runtime.context import Context
from nudger.runtime.policies import for_rep
from nudger.store import outbox, people, sent_log
from nudger.store.meetings import Meeting, copies
from nudger.store.outbox import NewMail
from nudger.store.people import Rep

NOTICE_DELAY = timedelta(minutes=15)
"""Who answers at once bothers no colleague, and what is told at one time becomes one mail."""


def plan_notices(ctx: Context, tx: Connection, meetings: Sequence[Meeting]) -> None:
    """A question about these meetings was sent: plan to tell who else has them in the calendar."""
    for meeting in meetings:
        asked = sent_log.reps_asked(tx, meeting.id)
        for copy in copies(tx, meeting.id):
            if copy.rep_id not in asked:
                _plan_one(ctx, tx, meeting, people.get_rep(tx, copy.rep_id))


def _plan_one(ctx: Context, tx: Connection, meeting: Meeting, colleague: Rep) -> None:
    at = for_rep(ctx.settings, colleague).working_hours.next_moment(ctx.clock() + NOTICE_DELAY)
    if at >= meeting.start:
        return
    once, why = f"colleague:{meeting.id}:{colleague.id}", Reason.COLLEAGUE_ASKED
    new = NewMail(MailKind.COLLEAGUE, once, colleague.id, at, why, (meeting.id,))
    if outbox.put(tx, new) is None:
        outbox.retime(tx, once, colleague.id, at, why)


def attended(ctx: Context, colleague: Rep, meetings: Sequence[Meeting]) -> list[Meeting]:
    """Those of the meetings that the colleague takes part in, as their own calendar says now: one
    call for each. Raises `ProviderError`."""
    with ctx.database.read() as tx:
        own = {
            meeting.id: copy.event_id
            for meeting in meetings
            for copy in copies(tx, meeting.id)
            if copy.rep_id == colleague.id
        }
    known = [meeting for meeting in meetings if meeting.id in own]
    return [meeting for meeting in known if _attends(ctx, colleague, own[meeting.id])]


def _attends(ctx: Context, colleague: Rep, event_id: str) -> bool:
    try:
        event = ctx.accounts.calendar(colleague).get(event_id)
    except NotFound:
        return False
    return attends(event, colleague.addresses)


def colleague_content(ctx: Context, meetings: Sequence[Meeting]) -> ColleagueContent:
    """What the mail says: who was asked about each meeting."""
    with ctx.database.read() as tx:
        asked = {meeting.id: people.get_rep(tx, meeting.rep_id) for meeting in meetings}
    told = {one: AskedColleague(rep.name, rep.email) for one, rep in asked.items()}
    return ColleagueContent(asked=told)

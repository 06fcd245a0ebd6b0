"""Changing a meeting's state: the one place that does, by the table of `domain.lifecycle`."""

from __future__ import annotations

from sqlalchemy import Connection

from nudger.domain.lifecycle import MeetingEvent, transition
from nudger.domain.reasons import Reason
from nudger.runtime.context import Context
from nudger.store import outbox
from nudger.store.meetings import Meeting


def advance(
    ctx: Context, tx: Connection, meeting: Meeting, event: MeetingEvent, reason: Reason
) -> None:
    """Bring the meeting to the state that follows, and take back the mails that this ends.

    `meeting` is as it was read in this transaction. Raises `TransitionRefused`.
    """
    change = transition(meeting.state, event)
    if change.withdraws:
        outbox.withdraw(tx, meeting.id, reason, change.withdraws)
    ctx.meetings.set_state(tx, meeting.id, change.target, reason, ctx.clock())

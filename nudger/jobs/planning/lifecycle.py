"""Changing a meeting's state: the one place that does, by the table of `domain.lifecycle`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from nudger.domain.lifecycle import TRANSITIONS, MeetingEvent, transition
from nudger.domain.reasons import Reason
from nudger.runtime.context import Context
from nudger.store import chat, outbox
from nudger.store.meetings import Meeting


def advance(
    ctx: Context, tx: Connection, meeting: Meeting, event: MeetingEvent, reason: Reason
) -> None:
    """Bring the meeting to the state that follows, and take back the mails that this ends.

    `meeting` is as it was read; one that has left the states where this can happen since then stays
    where it is. Raises `TransitionRefused`.
    """
    advance_all(ctx, tx, [meeting], event, reason)


def advance_all(
    ctx: Context, tx: Connection, meetings: Sequence[Meeting], event: MeetingEvent, reason: Reason
) -> None:
    """The same for several meetings to which the same happens."""
    for meeting in meetings:
        change = transition(meeting.state, event)
        if change.withdraws:
            outbox.withdraw(tx, meeting.id, reason, change.withdraws)
    ids, allowed = [meeting.id for meeting in meetings], TRANSITIONS[event]
    ctx.meetings.set_states(tx, ids, allowed.target, reason, ctx.clock(), allowed.sources)
    if ctx.settings.slack.is_configured:
        chat.look_again(tx, ids, ctx.clock())

"""Meetings that are known and were read again: what nearly all of them need is done in one go.

Where the same rep is asked about a call, and a question of its own waits or went out, only what we
keep of the meeting and the moment of its question may have changed. The rest is planned one by one,
in `changes`. Sources: docs/internals.md#planning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nudger.domain.commitment import MeetingState
from nudger.domain.mails import MailKind, MailState
from nudger.domain.timing import NotAsked
from nudger.jobs.planning.changes import replan
from nudger.jobs.planning.model import Planned, Planning
from nudger.store import outbox
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail, Retiming


@dataclass(frozen=True, slots=True)
class SmallChange:
    """All that has to be done besides keeping what the calendar says of the meeting."""

    retiming: Retiming | None = None


def update_meetings(planning: Planning, known: Sequence[tuple[Meeting, Planned]]) -> None:
    """Bring known meetings to what the calendar says now."""
    ctx, tx = planning.ctx, planning.tx
    times_seen = Counter(meeting.id for meeting, _ in known)
    mails = outbox.about_meetings(tx, times_seen)
    small: list[tuple[int, Planned, SmallChange]] = []
    rest: list[tuple[Meeting, Planned]] = []
    for meeting, now_is in known:
        change = small_change(meeting, now_is, mails[meeting.id])
        if change is None or times_seen[meeting.id] > 1:
            rest.append((meeting, now_is))
        else:
            small.append((meeting.id, now_is, change))
    ctx.meetings.replan_many(tx, {one: now_is.plan for one, now_is, _ in small}, planning.now)
    outbox.retime_many(tx, [change.retiming for *_, change in small if change.retiming])
    for meeting, now_is in rest:
        replan(planning, meeting, now_is)


def small_change(meeting: Meeting, now_is: Planned, mails: Sequence[Mail]) -> SmallChange | None:
    """What has to be done where that is little; `mails` are all about the meeting. `None` where the
    meeting has to be planned by itself."""
    is_moved = meeting.start != now_is.plan.start
    if meeting.rep_id != now_is.plan.rep_id:
        return None
    if meeting.state is MeetingState.ASKED and not is_moved:
        return SmallChange()
    if meeting.state is not MeetingState.PLANNED:
        return None
    if isinstance(now_is.asking, NotAsked):
        return SmallChange()
    waiting = [m for m in mails if m.kind is MailKind.QUESTION and m.state is MailState.DUE]
    if len(waiting) != 1 or waiting[0].is_batch:
        return None
    (own,) = waiting
    at = now_is.asking.at if is_moved else min(now_is.asking.at, own.due_at)
    return SmallChange(Retiming(own.once, meeting.rep_id, at, now_is.asking.reason.value))

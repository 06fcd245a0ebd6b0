"""Calls that went from one of our people to another under a new event go on as what they were.

Whichever calendar is read first shows the one half of it. Sources: docs/internals.md#planning.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from nudger.domain.addresses import plain_address
from nudger.domain.assignee import RepReason
from nudger.domain.commitment import MeetingState
from nudger.domain.event import Attendee
from nudger.domain.hosts import Call, passed_on
from nudger.domain.reasons import Reason, StepName
from nudger.domain.replanning import ANSWERED_STATES
from nudger.jobs.planning.changes import ask_after_the_end
from nudger.jobs.planning.model import Judged, Planning
from nudger.store import answers, audit, calendars, meetings, outbox
from nudger.store.meetings import GONE, Meeting
from nudger.store.vault import SealBroken


def find_passed_on(planning: Planning, new: Sequence[Judged]) -> dict[str, int]:
    """Which of the events that are new in this calendar were a colleague's call that has gone: new
    event id -> the meeting that it was."""
    asked = [one for one in new if one.verdict.asks and one.event.key.original_start is None]
    if not asked:
        return {}
    spans = {one.event_id: planning.rules.span(one.event, planning.rep)[0] for one in asked}
    gone = _gone(planning, set(spans.values()))
    calls = [
        Call(one.event_id, spans[one.event_id], _addresses(one.verdict.guests)) for one in asked
    ]
    pairs = passed_on([_call(one) for one in gone], calls)
    return {event_id: int(meeting_id) for event_id, meeting_id in pairs.items()}


def _gone(planning: Planning, starts: Collection[datetime]) -> list[Meeting]:
    """What left colleagues' calendars and may be passed on."""
    ctx, tx = planning.ctx, planning.tx
    left = ctx.meetings.at_other_reps(tx, planning.rep.id, starts, MeetingState.WITHDRAWN)
    gone = [one for one in left if one.reason in GONE]
    return [one for one in gone if not _is_kept_private(planning, one)]


def pass_on(planning: Planning, left: Collection[int]) -> None:
    """Answered meetings that have left this calendar, and were planned anew from a colleague's
    before: have the colleague's go on as these, so that nobody is asked again."""
    answered = _answered_orphans(planning, left)
    if not answered:
        return
    ctx, tx, starts = planning.ctx, planning.tx, {one.start for one in answered}
    unasked = ctx.meetings.at_other_reps(tx, planning.rep.id, starts, MeetingState.PLANNED)
    by_id = {str(one.id): one for one in (*answered, *unasked)}
    pairs = passed_on([_call(one) for one in answered], [_call(one) for one in unasked])
    for new_id, old_id in pairs.items():
        _go_on_as(planning, by_id[old_id], by_id[new_id])


def _answered_orphans(planning: Planning, left: Collection[int]) -> list[Meeting]:
    ctx, tx = planning.ctx, planning.tx
    alone = ctx.meetings.in_order(tx, meetings.without_copies(tx, left))
    return [
        one
        for one in alone
        if one.state in ANSWERED_STATES
        and one.rep_id == planning.rep.id
        and not _is_kept_private(planning, one)
    ]


def _go_on_as(planning: Planning, old: Meeting, new: Meeting) -> None:
    """The new meeting's calendars hold the old one from now on, which is its rep's."""
    ctx, tx, now = planning.ctx, planning.tx, planning.now
    outbox.withdraw(tx, new.id, Reason.SAME_MEETING)
    calendars.reassign(tx, new.id, old.id)
    meetings.remove(tx, new.id)
    outbox.withdraw(tx, old.id, Reason.OWNER_LEFT)
    ctx.meetings.hand_over(tx, old.id, new.rep_id, RepReason.ORGANIZER, now)
    note = answers.find_note(tx, old.id)
    if note is not None:
        answers.want_note(tx, old.id, note.revision, note.placement, now)
    ask_after_the_end(ctx, tx, ctx.meetings.get(tx, old.id), old.end)
    audit.record(tx, audit.Step(StepName.PLAN, Reason.SAME_MEETING, old.id, new.rep_id), now)


def _is_kept_private(planning: Planning, meeting: Meeting) -> bool:
    latest = planning.ctx.answers.latest(planning.tx, meeting.id)
    return latest is not None and latest[1].private


def _call(meeting: Meeting) -> Call:
    try:
        guests = _addresses(meeting.details.guests)
    except SealBroken:
        guests = frozenset()
    return Call(str(meeting.id), meeting.start, guests)


def _addresses(guests: Sequence[Attendee]) -> frozenset[str]:
    return frozenset(plain_address(guest.email) for guest in guests)

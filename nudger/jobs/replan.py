"""Bringing a meeting that is known to what the calendar says now: its question, its answer, its
note and its reminder go where the meeting goes.

Sources: docs/how-it-works.md#planning.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from nudger.domain.commitment import BY_THE_REP, MeetingState
from nudger.domain.timing import NotAsked
from nudger.jobs.context import Context
from nudger.jobs.follow_up import plan_follow_up
from nudger.jobs.planned import Planned, question_of
from nudger.jobs.remind import retime_reminder
from nudger.store import answers, outbox, people
from nudger.store.answers import NoteState
from nudger.store.meetings import Meeting, MeetingPlan
from nudger.store.outbox import MailKind, NewMail

FIXED = (MeetingState.ANSWERED, MeetingState.WRITTEN)
NOTE_IS_BACK_AFTER = ("withdrawn", "event_gone")


def replan(ctx: Context, tx: Connection, meeting: Meeting, now_is: Planned, now: datetime) -> None:
    """Bring a known meeting to what the calendar says now."""
    if meeting.state is MeetingState.WITHDRAWN and meeting.reason in BY_THE_REP:
        ctx.meetings.replan(tx, meeting.id, _kept(now_is.plan, meeting), now)
        return
    if meeting.state in FIXED or _comes_back_answered(ctx, tx, meeting):
        ctx.meetings.replan(tx, meeting.id, _kept(now_is.plan, meeting), now)
        _answer_follows(ctx, tx, meeting, now_is, now)
        return
    ctx.meetings.replan(tx, meeting.id, now_is.plan, now)
    if meeting.state is not MeetingState.ASKED:
        _retime(ctx, tx, meeting, now_is, now)
    elif meeting.rep_id != now_is.plan.rep_id:
        _ask_somebody_else(ctx, tx, meeting, now_is, now)
    elif meeting.start != now_is.plan.start:
        retime_reminder(ctx, tx, meeting.id)


def _kept(plan: MeetingPlan, meeting: Meeting) -> MeetingPlan:
    """The plan with the rep who was asked and the reason that the meeting stands for."""
    return replace(
        plan, rep_id=meeting.rep_id, rep_reason=meeting.rep_reason, reason=meeting.reason
    )


def _comes_back_answered(ctx: Context, tx: Connection, meeting: Meeting) -> bool:
    if meeting.state is not MeetingState.WITHDRAWN:
        return False
    latest = ctx.answers.latest(tx, meeting.id)
    return latest is not None and not latest[1].is_empty


def _answer_follows(
    ctx: Context, tx: Connection, meeting: Meeting, planned: Planned, now: datetime
) -> None:
    """Have the answer stand where the meeting is now."""
    if meeting.state is MeetingState.WITHDRAWN:
        ctx.meetings.set_state(tx, meeting.id, MeetingState.ANSWERED, "back", now)
    _note_follows(tx, meeting, planned, now)
    if meeting.end != planned.plan.end or meeting.state is MeetingState.WITHDRAWN:
        ask_after_the_end(ctx, tx, meeting, planned.plan.end)


def _retime(
    ctx: Context, tx: Connection, meeting: Meeting, planned: Planned, now: datetime
) -> None:
    """Put the question, if nobody has begun to send it, to its new moment."""
    if isinstance(planned.asking, NotAsked):
        return
    asking = planned.asking
    if meeting.state is MeetingState.PLANNED and meeting.start == planned.plan.start:
        at = min(asking.at, _planned_moment(tx, meeting.id) or asking.at)
    else:
        at = asking.at
    question = NewMail(
        kind=MailKind.QUESTION,
        once=question_of(meeting.id),
        rep_id=planned.plan.rep_id,
        due_at=at,
        reason=asking.reason.value,
        meeting_ids=(meeting.id,),
    )
    if outbox.put(tx, question) is None:
        outbox.retime(tx, question.once, question.rep_id, question.due_at, question.reason)
    if meeting.state is not MeetingState.PLANNED:
        asked = outbox.is_asked(tx, meeting.id)
        if not asked:
            outbox.reopen(tx, question.once, meeting.id, question.due_at)
        new_state = MeetingState.ASKED if asked else MeetingState.PLANNED
        ctx.meetings.set_state(tx, meeting.id, new_state, "back", now)
        if asked:
            retime_reminder(ctx, tx, meeting.id)


def _ask_somebody_else(
    ctx: Context, tx: Connection, meeting: Meeting, planned: Planned, now: datetime
) -> None:
    """Who was asked has left the meeting: ask the one who takes part now."""
    if isinstance(planned.asking, NotAsked):
        return
    outbox.withdraw(tx, meeting.id, "owner_left")
    rep_id = planned.plan.rep_id
    mail = NewMail(
        kind=MailKind.QUESTION,
        once=f"{question_of(meeting.id)}:{rep_id}",
        rep_id=rep_id,
        due_at=planned.asking.at,
        reason="owner_left",
        meeting_ids=(meeting.id,),
    )
    outbox.put(tx, mail)
    ctx.meetings.set_state(tx, meeting.id, MeetingState.PLANNED, "owner_left", now)


def _planned_moment(tx: Connection, meeting_id: int) -> datetime | None:
    return outbox.due_at_of(tx, question_of(meeting_id))


def _note_follows(tx: Connection, meeting: Meeting, planned: Planned, now: datetime) -> None:
    """Have the note looked at again where the change may have left it behind."""
    note = answers.find_note(tx, meeting.id)
    if note is None:
        return
    plan = planned.plan
    moved = (meeting.start, meeting.end) != (plan.start, plan.end)
    other_event = None not in (note.event_id, planned.own_event_id) and (
        note.event_id != planned.own_event_id
    )
    left_behind = other_event or planned.is_own_copy or (moved and note.companion_id is not None)
    was_gone = note.state is NoteState.FAILED and note.reason in NOTE_IS_BACK_AFTER
    if (
        meeting.state is MeetingState.WITHDRAWN
        or was_gone
        or (note.state is NoteState.WRITTEN and left_behind)
    ):
        answers.want_note(tx, meeting.id, note.revision, note.place, now)


def ask_after_the_end(ctx: Context, tx: Connection, meeting: Meeting, end: datetime) -> None:
    if meeting.state not in FIXED:
        return
    rep = people.get_rep(tx, meeting.rep_id)
    if ctx.settings.of_team(rep.team).ask.follow_up:
        plan_follow_up(ctx, tx, rep, meeting.id, end)

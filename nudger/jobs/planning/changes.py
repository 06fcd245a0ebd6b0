"""Bringing a meeting that is known to what the calendar says now: its question, its answer, its
note and its reminder go where the meeting goes.

Sources: docs/how-it-works.md#planning.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from nudger.domain.commitment import REP_WITHDRAWALS, MeetingState
from nudger.domain.mails import MailKind
from nudger.domain.timing import NotAsked
from nudger.jobs.planning.follow_ups import plan_follow_up
from nudger.jobs.planning.model import Planned, question_of, question_to
from nudger.jobs.planning.reminders import retime_reminder
from nudger.runtime.context import Context
from nudger.store import answers, mail_groups, outbox, people, sent_log
from nudger.store.answers import NoteState
from nudger.store.meetings import Meeting, MeetingPlan
from nudger.store.outbox import NewMail

ANSWERED_STATES = (MeetingState.ANSWERED, MeetingState.WRITTEN)
RESTORED_AFTER = ("withdrawn", "event_gone")


def replan(ctx: Context, tx: Connection, meeting: Meeting, now_is: Planned, now: datetime) -> None:
    """Bring a known meeting to what the calendar says now."""
    if meeting.state is MeetingState.WITHDRAWN and meeting.reason in REP_WITHDRAWALS:
        ctx.meetings.replan(tx, meeting.id, _kept(now_is.plan, meeting), now)
        return
    if meeting.state in ANSWERED_STATES or _comes_back_answered(ctx, tx, meeting):
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
    asked, rep_id = sent_log.reps_asked(tx, meeting.id), planned.plan.rep_id
    stays_planned = meeting.state is MeetingState.PLANNED and meeting.rep_id == rep_id
    if rep_id in asked and not stays_planned:
        _asked_already(ctx, tx, meeting, now)
        return
    once = outbox.waiting_question(tx, meeting.id) or (
        question_to(meeting.id, rep_id) if asked else question_of(meeting.id)
    )
    at = planned.asking.at
    if meeting.state is MeetingState.PLANNED and meeting.start == planned.plan.start:
        at = min(at, outbox.due_at_of(tx, once) or at)
    if not (stays_planned and meeting.start == planned.plan.start):
        mail_groups.detach_meeting(tx, meeting.id)
    reason = planned.asking.reason.value
    new = NewMail(MailKind.QUESTION, once, rep_id, at, reason, (meeting.id,))
    if outbox.put(tx, new) is None:
        if not outbox.is_waiting(tx, MailKind.QUESTION, meeting.id):
            outbox.reopen(tx, once, meeting.id, at)
        outbox.retime(tx, once, rep_id, at, reason)
    if meeting.state is not MeetingState.PLANNED:
        ctx.meetings.set_state(tx, meeting.id, MeetingState.PLANNED, "back", now)


def _asked_already(ctx: Context, tx: Connection, meeting: Meeting, now: datetime) -> None:
    """Whoever takes part now was asked before: that question stands, and no other is sent."""
    outbox.withdraw(tx, meeting.id, "owner_back", (MailKind.QUESTION,))
    ctx.meetings.set_state(tx, meeting.id, MeetingState.ASKED, "back", now)
    retime_reminder(ctx, tx, meeting.id)


def _ask_somebody_else(
    ctx: Context, tx: Connection, meeting: Meeting, planned: Planned, now: datetime
) -> None:
    """Who was asked has left the meeting: ask the one who takes part now."""
    if isinstance(planned.asking, NotAsked):
        return
    outbox.withdraw(tx, meeting.id, "owner_left")
    rep_id, at = planned.plan.rep_id, planned.asking.at
    if rep_id in sent_log.reps_asked(tx, meeting.id):
        _asked_already(ctx, tx, meeting, now)
        return
    once = question_to(meeting.id, rep_id)
    mail = NewMail(MailKind.QUESTION, once, rep_id, at, "owner_left", (meeting.id,))
    if outbox.put(tx, mail) is None:
        outbox.reopen(tx, once, meeting.id, at)
    ctx.meetings.set_state(tx, meeting.id, MeetingState.PLANNED, "owner_left", now)


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
    was_gone = note.state is NoteState.FAILED and note.reason in RESTORED_AFTER
    if (
        meeting.state is MeetingState.WITHDRAWN
        or was_gone
        or (note.state is NoteState.WRITTEN and left_behind)
    ):
        answers.want_note(tx, meeting.id, note.revision, note.place, now)


def ask_after_the_end(ctx: Context, tx: Connection, meeting: Meeting, end: datetime) -> None:
    if meeting.state not in ANSWERED_STATES:
        return
    rep = people.get_rep(tx, meeting.rep_id)
    if ctx.settings.of_team(rep.team).ask.follow_up:
        plan_follow_up(ctx, tx, rep, meeting.id, end)

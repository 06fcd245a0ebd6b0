"""Bringing a meeting that is known to what the calendar says now: its question, its answer, its
note and its reminder go where the meeting goes. What to do is chosen by `domain.replanning`.

Sources: docs/internals.md#planning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from nudger.domain.commitment import MeetingState
from nudger.domain.lifecycle import MeetingEvent
from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason
from nudger.domain.replanning import (
    ANSWERED_STATES,
    Action,
    KnownMeeting,
    SeenMeeting,
    choose_action,
)
from nudger.domain.timing import AskTime
from nudger.jobs.planning.follow_ups import plan_follow_up
from nudger.jobs.planning.lifecycle import advance
from nudger.jobs.planning.model import Planned, Planning, question_of, question_to
from nudger.jobs.planning.reminders import retime_reminder
from nudger.runtime.context import Context
from nudger.store import answers, mail_groups, outbox, people, sent_log
from nudger.store.answers import NoteState
from nudger.store.meetings import Meeting, MeetingPlan
from nudger.store.outbox import NewMail

RESTORED_AFTER = (Reason.WITHDRAWN, Reason.EVENT_GONE)


@dataclass(frozen=True, slots=True)
class Change:
    """A known meeting, and the meeting as it should be."""

    planning: Planning
    meeting: Meeting
    planned: Planned

    @property
    def ctx(self) -> Context:
        return self.planning.ctx

    @property
    def tx(self) -> Connection:
        return self.planning.tx

    @property
    def asking(self) -> AskTime:
        """When to ask; of actions that are chosen only where there is time to."""
        assert isinstance(self.planned.asking, AskTime)  # noqa: S101 - as the action says
        return self.planned.asking

    def advance(self, event: MeetingEvent, reason: Reason) -> None:
        advance(self.ctx, self.tx, self.meeting, event, reason)


def replan(planning: Planning, meeting: Meeting, planned: Planned) -> None:
    """Bring a known meeting to what the calendar says now."""
    change = Change(planning, meeting, planned)
    action = choose_action(_known(change), _seen(planned))
    keeps_rep = action in (Action.LEAVE, Action.MOVE_ANSWER)
    plan = _kept(planned.plan, meeting) if keeps_rep else planned.plan
    planning.ctx.meetings.replan(planning.tx, meeting.id, plan, planning.now)
    if apply := _APPLY.get(action):
        apply(change)


def _known(change: Change) -> KnownMeeting:
    meeting, tx = change.meeting, change.tx
    is_answered = meeting.state in ANSWERED_STATES
    return KnownMeeting(
        state=meeting.state,
        reason=meeting.reason,
        rep_id=meeting.rep_id,
        start=meeting.start,
        has_answer=meeting.state is MeetingState.WITHDRAWN and _has_answer(change),
        asked=() if is_answered else sent_log.reps_asked(tx, meeting.id),
    )


def _has_answer(change: Change) -> bool:
    latest = change.ctx.answers.latest(change.tx, change.meeting.id)
    return latest is not None and not latest[1].is_empty


def _seen(planned: Planned) -> SeenMeeting:
    plan = planned.plan
    return SeenMeeting(plan.rep_id, plan.start, isinstance(planned.asking, AskTime))


def _kept(plan: MeetingPlan, meeting: Meeting) -> MeetingPlan:
    """The plan with the rep who was asked and the reason that the meeting stands for."""
    return replace(
        plan, rep_id=meeting.rep_id, rep_reason=meeting.rep_reason, reason=meeting.reason
    )


def _move_answer(change: Change) -> None:
    meeting, end = change.meeting, change.planned.plan.end
    comes_back = meeting.state is MeetingState.WITHDRAWN
    if comes_back:
        change.advance(MeetingEvent.RESTORED_ANSWERED, Reason.BACK)
        meeting = replace(meeting, state=MeetingState.ANSWERED)
    _note_follows(change)
    if meeting.end != end or comes_back:
        ask_after_the_end(change.ctx, change.tx, meeting, end)


def _pass_answer_on(change: Change) -> None:
    rep_id = change.planned.plan.rep_id
    _move_answer(replace(change, meeting=replace(change.meeting, rep_id=rep_id)))


def _retime_question(change: Change) -> None:
    """Put the question, if nobody has begun to send it, to its new moment."""
    tx, meeting, plan = change.tx, change.meeting, change.planned.plan
    is_planned, is_moved = meeting.state is MeetingState.PLANNED, meeting.start != plan.start
    once = outbox.waiting_question(tx, meeting.id) or _question_to_be(change)
    at = change.asking.at
    if is_planned and not is_moved:
        at = min(at, outbox.due_at_of(tx, once) or at)
    if not is_planned or is_moved or meeting.rep_id != plan.rep_id:
        mail_groups.detach_meeting(tx, meeting.id)
    reason = change.asking.reason.value
    new = NewMail(MailKind.QUESTION, once, plan.rep_id, at, reason, (meeting.id,))
    if outbox.put(tx, new) is None:
        if not outbox.is_waiting(tx, MailKind.QUESTION, meeting.id):
            outbox.reopen(tx, once, meeting.id, at)
        outbox.retime(tx, once, plan.rep_id, at, reason)
    if not is_planned:
        change.advance(MeetingEvent.RESTORED, Reason.BACK)


def _question_to_be(change: Change) -> str:
    meeting_id = change.meeting.id
    if sent_log.reps_asked(change.tx, meeting_id):
        return question_to(meeting_id, change.planned.plan.rep_id)
    return question_of(meeting_id)


def _move_reminder(change: Change) -> None:
    retime_reminder(change.ctx, change.tx, change.meeting.id)


def _stand_by_question(change: Change) -> None:
    change.advance(MeetingEvent.ASKED_BEFORE, Reason.OWNER_BACK)
    _move_reminder(change)


def _return_to_asked(change: Change) -> None:
    outbox.withdraw(change.tx, change.meeting.id, Reason.OWNER_LEFT)
    _stand_by_question(change)


def _ask_somebody_else(change: Change) -> None:
    tx, meeting = change.tx, change.meeting
    change.advance(MeetingEvent.HANDED_ON, Reason.OWNER_LEFT)
    rep_id, at = change.planned.plan.rep_id, change.asking.at
    once = question_to(meeting.id, rep_id)
    mail = NewMail(MailKind.QUESTION, once, rep_id, at, Reason.OWNER_LEFT, (meeting.id,))
    if outbox.put(tx, mail) is None:
        outbox.reopen(tx, once, meeting.id, at)


_APPLY: Mapping[Action, Callable[[Change], None]] = {
    Action.MOVE_ANSWER: _move_answer,
    Action.PASS_ANSWER_ON: _pass_answer_on,
    Action.RETIME_QUESTION: _retime_question,
    Action.MOVE_REMINDER: _move_reminder,
    Action.STAND_BY_QUESTION: _stand_by_question,
    Action.RETURN_TO_ASKED: _return_to_asked,
    Action.ASK_SOMEBODY_ELSE: _ask_somebody_else,
}


def _note_follows(change: Change) -> None:
    """Have the note looked at again where the change may have left it behind."""
    tx, meeting, planned = change.tx, change.meeting, change.planned
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
        answers.want_note(tx, meeting.id, note.revision, note.placement, change.planning.now)


def ask_after_the_end(ctx: Context, tx: Connection, meeting: Meeting, end: datetime) -> None:
    if meeting.state not in ANSWERED_STATES:
        return
    rep = people.get_rep(tx, meeting.rep_id)
    if ctx.settings.of_team(rep.team).ask.follow_up:
        plan_follow_up(ctx, tx, rep, meeting.id, end)

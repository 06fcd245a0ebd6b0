"""From judged events to meetings with a question planned: the same meeting seen in several
calendars is one meeting with one question.

Sources: docs/how-it-works.md#planning.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from nudger.domain.audience import RepReason, Verdict, choose_rep, meeting_key
from nudger.domain.commitment import MeetingState
from nudger.domain.event import Event
from nudger.domain.timing import AskTime, NotAsked
from nudger.jobs.context import Context
from nudger.jobs.rules import Rules
from nudger.store import answers, audit, meetings, outbox
from nudger.store.answers import NotePlace
from nudger.store.meetings import Meeting, MeetingDetails, MeetingPlan
from nudger.store.outbox import MailKind, NewMail
from nudger.store.people import Rep

FIXED = (MeetingState.ANSWERED, MeetingState.WRITTEN)


@dataclass(frozen=True, slots=True)
class Judged:
    """An event of one rep's calendar with what we made of it."""

    event: Event
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting as it should be, and when to ask about it."""

    plan: MeetingPlan
    asking: AskTime | NotAsked


def question_of(meeting_id: int) -> str:
    """What makes the question about a meeting unique in the outbox."""
    return f"question:{meeting_id}"


def plan_meetings(
    ctx: Context, tx: Connection, rules: Rules, scanned: Rep, judged: Sequence[Judged]
) -> dict[str, int]:
    """Plan the meetings among the judged events; returns event id -> meeting id."""
    now = ctx.clock()
    planned = {
        one.event.event_id: _planned(rules, scanned, one, now) for one in judged if one.verdict.asks
    }
    by_key = {each.plan.meeting_key: each for each in planned.values()}
    known = ctx.meetings.find_many(tx, by_key)
    ids = {key: meeting.id for key, meeting in known.items()}
    ids |= _add(ctx, tx, [one for key, one in by_key.items() if key not in known], now)
    for key, meeting in known.items():
        _replan(ctx, tx, meeting, by_key[key], now)
    return {event_id: ids[each.plan.meeting_key] for event_id, each in planned.items()}


def _planned(rules: Rules, scanned: Rep, judged: Judged, now: datetime) -> Planned:
    event, verdict = judged.event, judged.verdict
    chosen = choose_rep(event, rules.reps_by_address)
    rep, why = chosen or (scanned, RepReason.CALENDAR_OWNER)
    plan = MeetingPlan(
        meeting_key=meeting_key(event),
        rep_id=rep.id,
        rep_reason=why.value,
        reason=verdict.reason.value,
        start=event.start,
        end=event.end,
        time_zone=event.time_zone,
        customers=verdict.customers,
        details=MeetingDetails(event.title, verdict.guests, event.link),
    )
    return Planned(plan, rules.ask_time(event.start, rep, now))


def _add(ctx: Context, tx: Connection, new: Sequence[Planned], now: datetime) -> Mapping[str, int]:
    ids = ctx.meetings.add_many(tx, [one.plan for one in new], now)
    mails = [
        NewMail(
            kind=MailKind.QUESTION,
            once=question_of(ids[one.plan.meeting_key]),
            rep_id=one.plan.rep_id,
            due_at=one.asking.at,
            reason=one.asking.reason.value,
            meeting_ids=(ids[one.plan.meeting_key],),
        )
        for one in new
        if isinstance(one.asking, AskTime)
    ]
    outbox.put_new(tx, mails)
    for one in new:
        if isinstance(one.asking, NotAsked):
            meeting_id = ids[one.plan.meeting_key]
            reason = one.asking.reason.value
            ctx.meetings.set_state(tx, meeting_id, MeetingState.EXPIRED, reason, now)
    return ids


def _replan(ctx: Context, tx: Connection, meeting: Meeting, now_is: Planned, now: datetime) -> None:
    """Bring a known meeting to what the calendar says now."""
    plan = now_is.plan
    moved = (meeting.start, meeting.end) != (plan.start, plan.end)
    if meeting.state in FIXED:
        kept = replace(plan, rep_id=meeting.rep_id, rep_reason=meeting.rep_reason)
        ctx.meetings.replan(tx, meeting.id, kept, now)
        if moved:
            _companion_follows(tx, meeting.id, now)
        return
    ctx.meetings.replan(tx, meeting.id, plan, now)
    if meeting.state in (MeetingState.PLANNED, MeetingState.WITHDRAWN, MeetingState.EXPIRED):
        _retime(ctx, tx, meeting, now_is, now)


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
        state = outbox.state_of(tx, question.once)
        asked = state is outbox.MailState.SENT
        new_state = MeetingState.ASKED if asked else MeetingState.PLANNED
        ctx.meetings.set_state(tx, meeting.id, new_state, "back", now)


def _planned_moment(tx: Connection, meeting_id: int) -> datetime | None:
    return outbox.due_at_of(tx, question_of(meeting_id))


def _companion_follows(tx: Connection, meeting_id: int, now: datetime) -> None:
    note = answers.find_note(tx, meeting_id)
    if note is not None and note.companion_id is not None:
        answers.want_note(tx, meeting_id, note.revision, NotePlace.PRIVATE, now)


def withdraw_orphans(
    ctx: Context, tx: Connection, meeting_ids: Collection[int], reason: str
) -> None:
    """Quietly take back the meetings that no watched calendar holds any more.

    What was written stays where it is; a companion event is removed.
    """
    now = ctx.clock()
    for meeting_id in meetings.without_copies(tx, meeting_ids):
        outbox.withdraw(tx, meeting_id, reason)
        ctx.meetings.set_state(tx, meeting_id, MeetingState.WITHDRAWN, reason, now)
        note = answers.find_note(tx, meeting_id)
        if note is not None and note.companion_id is not None:
            answers.want_note(tx, meeting_id, note.revision, note.place, now)
        audit.record(tx, audit.Step("plan", reason, meeting_id), now)

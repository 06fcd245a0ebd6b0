"""From judged events to meetings with a question planned: the same meeting seen in several
calendars is one meeting with one question.

Sources: docs/internals.md#planning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection

from nudger.domain.assignee import RepReason, choose_rep
from nudger.domain.commitment import MeetingState
from nudger.domain.event import Event, Provider, Response
from nudger.domain.lifecycle import MeetingEvent
from nudger.domain.mails import PRE_MEETING, UNSENT, MailKind
from nudger.domain.meeting_copies import Identity, identity, meeting_key
from nudger.domain.reasons import Reason, StepName
from nudger.domain.timing import AskTime, NotAsked
from nudger.jobs.planning.changes import ask_after_the_end
from nudger.jobs.planning.known_meetings import update_meetings
from nudger.jobs.planning.lifecycle import advance
from nudger.jobs.planning.model import Judged, Planned, Planning, question_of
from nudger.runtime.policies import Rules
from nudger.store import answers, audit, calendars, meetings, outbox
from nudger.store.meetings import Meeting, MeetingDetails, MeetingPlan
from nudger.store.outbox import NewMail

SERIES_REASONS = (Reason.SERIES_MUTED, Reason.OTHER_DATE)


def add_alone(tx: Connection, events: Iterable[Event]) -> None:
    """Have nobody else add what these events are until the transaction ends, as long as it has
    added nothing itself."""
    meetings.add_alone(tx, (identity(event) for event in events))


def plan_meetings(planning: Planning, judged: Sequence[Judged]) -> dict[str, int]:
    """Plan the meetings among the judged events; returns event id -> meeting id."""
    asked = {one.event_id: one for one in judged if one.verdict.asks}
    if not asked:
        return {}
    identities = {event_id: identity(one.event) for event_id, one in asked.items()}
    known = _known_meetings(planning, asked, identities)
    planned = {e: _planned(planning, one, identities[e], known.get(e)) for e, one in asked.items()}
    new = _each_once({e: p.plan for e, p in planned.items() if e not in known})
    ids = _add(planning, [planned[event_id] for event_id in dict.fromkeys(new.values())])
    update_meetings(planning, [(meeting, planned[event_id]) for event_id, meeting in known.items()])
    added = {event_id: ids[planned[first].plan.meeting_key] for event_id, first in new.items()}
    return added | {event_id: meeting.id for event_id, meeting in known.items()}


def _each_once(plans: Mapping[str, MeetingPlan]) -> dict[str, str]:
    """Event id -> the first event that is the same meeting, by its key or by what people see."""
    first: dict[str, str] = {}
    found: dict[str, str] = {}
    for event_id, plan in plans.items():
        same = first.get(plan.meeting_key) or first.get(plan.fingerprint) or event_id
        first.setdefault(plan.meeting_key, same)
        first.setdefault(plan.fingerprint, same)
        found[event_id] = same
    return found


def _known_meetings(
    planning: Planning, asked: Mapping[str, Judged], identities: Mapping[str, Identity]
) -> dict[str, Meeting]:
    """The meeting that each event is, where it is known: by its key, by what it was before, or
    because people see the same meeting in it, as in another provider's copy."""
    store, tx = planning.ctx.meetings, planning.tx
    by_key, alike = store.find_alike(tx, identities.values())
    known = {
        event_id: by_key[one.meeting_key]
        for event_id, one in identities.items()
        if one.meeting_key in by_key
    }
    linked = {e: one.meeting_id for e, one in asked.items() if e not in known and one.meeting_id}
    by_id = store.find_ids(tx, set(linked.values())) if linked else {}
    known |= {event_id: by_id[meeting_id] for event_id, meeting_id in linked.items()}
    return known | {
        event_id: alike[one.fingerprint]
        for event_id, one in identities.items()
        if event_id not in known and one.fingerprint in alike
    }


def _planned(planning: Planning, judged: Judged, own: Identity, known: Meeting | None) -> Planned:
    rules, scanned, now = planning.rules, planning.rep, planning.now
    event, verdict = judged.event, judged.verdict
    chosen = choose_rep(event, rules.reps_by_address, rules.may_ask(event, scanned, now))
    rep, why = chosen or (scanned, RepReason.CALENDAR_OWNER)
    if known is not None and _stays_with(known, event, rules, why):
        rep, why = rules.reps_by_id[known.rep_id], RepReason[known.rep_reason.upper()]
    start, end = rules.span(event, rep)
    plan = MeetingPlan(
        meeting_key=known.meeting_key if known else own.meeting_key,
        rep_id=rep.id,
        rep_reason=why.value,
        reason=verdict.reason.value,
        start=start,
        end=end,
        time_zone=event.time_zone,
        customers=verdict.customers,
        details=MeetingDetails(event.title, verdict.guests, event.link, event.all_day),
        fingerprint=own.fingerprint,
    )
    asking = rules.ask_time(start, rep, now)
    if rep.id != scanned.id:
        return Planned(plan, asking, zone_known=event.zone_known)
    own_copy = event.key.provider is Provider.MICROSOFT and not event.organized_here
    return Planned(plan, asking, event.event_id, own_copy, event.zone_known)


def merge_duplicates(planning: Planning, judged: Sequence[Judged]) -> None:
    """What is an old meeting under a new id may have been planned as a new one, from the calendar
    of a colleague who knew nothing of the old: have that one go on as the old one too."""
    tx = planning.tx
    old_ids = {meeting_key(one.event): one.meeting_id for one in judged if one.meeting_id}
    for key, planned in planning.ctx.meetings.find_many(tx, old_ids).items():
        if planned.id != old_ids[key] and planned.state is MeetingState.PLANNED:
            outbox.withdraw(tx, planned.id, Reason.SAME_MEETING)
            calendars.reassign(tx, planned.id, old_ids[key])
            meetings.remove(tx, planned.id)


def preserve_begun(planning: Planning, judged: Sequence[Judged]) -> dict[str, int]:
    """Meetings that have begun stay what they were, changed as they may be: their answers, their
    notes and what came of them count. A call that was on when the calendar was last read, and had
    begun, was held, whatever is made of it afterwards. Returns event id -> meeting id."""
    ctx, tx, now, read_before = planning.ctx, planning.tx, planning.now, planning.read_before
    begun = [
        (one.event, one.meeting_id)
        for one in judged
        if one.meeting_id
        and (
            one.verdict.reason is Reason.PAST
            or (not one.verdict.asks and read_before and one.event.start <= read_before)
        )
    ]
    known = ctx.meetings.find_ids(tx, {meeting_id for _, meeting_id in begun})
    unsent = outbox.about_meetings(tx, known, UNSENT)
    for event, meeting in ((event, known[meeting_id]) for event, meeting_id in begun):
        start, end = planning.rules.span(event, planning.rules.reps_by_id[meeting.rep_id])
        if (start, end) != (meeting.start, meeting.end):
            ctx.meetings.move(tx, meeting.id, start, end, now)
            ask_after_the_end(ctx, tx, meeting, end)
        if unsent[meeting.id]:
            outbox.withdraw(tx, meeting.id, Reason.PAST, PRE_MEETING)
        if meeting.state is MeetingState.PLANNED:
            advance(ctx, tx, meeting, MeetingEvent.TIME_RAN_OUT, Reason.PAST)
    return {event.event_id: meeting_id for event, meeting_id in begun}


def exclude_series_dates(planning: Planning, judged: Sequence[Judged]) -> dict[str, int]:
    """Meetings that are not asked about for the sake of their series stay meetings, so that they
    can be asked about again. Returns event id -> meeting id."""
    ctx, tx = planning.ctx, planning.tx
    left = {
        one.event_id: one.meeting_id
        for one in judged
        if one.meeting_id and one.verdict.reason in SERIES_REASONS
    }
    for meeting in ctx.meetings.find_ids(tx, set(left.values())).values():
        if meeting.state is MeetingState.PLANNED:
            advance(ctx, tx, meeting, MeetingEvent.CALLED_OFF, Reason.OTHER_DATE)
    return left


def _stays_with(known: Meeting, event: Event, rules: Rules, why: RepReason) -> bool:
    """Whether the rep who was chosen before still takes part: copies differ in who has answered,
    and a meeting must not wander from rep to rep with the copy that was read last."""
    rep = rules.reps_by_id.get(known.rep_id)
    if rep is not None and known.rep_reason == RepReason.HANDED_OVER:
        return True
    if rep is None or why is RepReason.ORGANIZER:
        return False
    is_free = rep.availability.is_free_before(event.start)
    if known.state is MeetingState.PLANNED and not is_free:
        return False
    return any(
        attendee.email in rep.addresses and attendee.response is not Response.DECLINED
        for attendee in event.attendees
    )


def _add(planning: Planning, new: Sequence[Planned]) -> Mapping[str, int]:
    ctx, tx, now = planning.ctx, planning.tx, planning.now
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
    lost = [ids[one.plan.meeting_key] for one in new if not one.zone_known]
    if lost:
        steps = [audit.Step(StepName.PLAN, Reason.ZONE_UNKNOWN, one) for one in lost]
        audit.record_all(tx, steps, now)
    for one in new:
        if isinstance(one.asking, NotAsked):
            meeting = ctx.meetings.get(tx, ids[one.plan.meeting_key])
            advance(ctx, tx, meeting, MeetingEvent.TIME_RAN_OUT, one.asking.reason)
    return ids


def withdraw_orphans(planning: Planning, meeting_ids: Collection[int], reason: Reason) -> None:
    """Quietly take back the meetings that no watched calendar holds any more.

    What was written stays where it is; a companion event is removed.
    """
    ctx, tx, now = planning.ctx, planning.tx, planning.now
    for meeting_id in meetings.without_copies(tx, meeting_ids):
        meeting = ctx.meetings.get(tx, meeting_id)
        if meeting.state is MeetingState.WITHDRAWN:
            outbox.withdraw(tx, meeting_id, reason)
        else:
            advance(ctx, tx, meeting, MeetingEvent.CALLED_OFF, reason)
        note = answers.find_note(tx, meeting_id)
        if note is not None and note.companion_id is not None:
            answers.want_note(tx, meeting_id, note.revision, note.placement, now)
        audit.record(tx, audit.Step(StepName.PLAN, reason, meeting_id), now)

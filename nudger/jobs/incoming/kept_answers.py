"""Keeping what a rep answered, or what came of a call, and having it written."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from nudger.domain.commitment import Answer
from nudger.domain.lifecycle import ANSWERED, WRITTEN, MeetingEvent
from nudger.domain.mails import MailKind
from nudger.domain.publishing import Origin
from nudger.domain.reasons import Reason, StepName, reason_of
from nudger.jobs.incoming.received import End, Received, takes_answer
from nudger.jobs.outgoing.placement import is_commitment, origin_of, placement_of
from nudger.jobs.planning.follow_ups import plan_follow_up
from nudger.jobs.planning.lifecycle import advance
from nudger.mail.message import Reply
from nudger.runtime.context import Context
from nudger.store import answers, audit, outbox
from nudger.store.answers import NoteState
from nudger.store.inbox import InboundState
from nudger.store.meetings import Meeting
from nudger.store.outcomes import GivenOutcome


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """What a reply says about one meeting, and whether that was guessed rather than read."""

    given: Answer
    is_doubtful: bool


def keep_outcomes(ctx: Context, tx: Connection, received: Received, reply: Reply) -> End:
    """Keep what came of each call; its note is written again, with the outcome in it."""
    now = ctx.clock()
    for number, (outcome, words) in reply.outcomes.items():
        for meeting in received.meetings[number - 1 : number]:
            given = GivenOutcome(outcome, words, now)
            ctx.outcomes.put(tx, meeting.id, received.rep.id, given)
            outbox.withdraw(tx, meeting.id, Reason.ANSWERED, (MailKind.FOLLOW_UP,))
            note = answers.find_note(tx, meeting.id)
            if note is not None:
                answers.want_note(tx, meeting.id, note.revision, note.placement, now)
            step = audit.Step(StepName.OUTCOME, reason_of(outcome), meeting.id, received.rep.id)
            audit.record(tx, step, now)
    return End(InboundState.DONE, Reason.OUTCOME, reply.disposition)


def keep_answers(ctx: Context, tx: Connection, received: Received, reply: Reply) -> End:
    kept = 0
    for number, meeting in enumerate(received.meetings, start=1):
        given = reply.answers.get(number)
        if given is not None and not given.is_empty and takes_answer(meeting):
            new = NewAnswer(given, is_doubtful=number in reply.doubtful)
            _keep(ctx, tx, received, meeting, new)
            kept += 1
    reason = Reason.ANSWERED if kept else Reason.EMPTY
    return End(InboundState.DONE if kept else InboundState.QUARANTINED, reason, reply.disposition)


def _keep(
    ctx: Context, tx: Connection, received: Received, meeting: Meeting, new: NewAnswer
) -> None:
    """Keep the answer as the next revision and have it written. What came of the call is asked only
    where there is something that the customer may have agreed to."""
    now, rep = ctx.clock(), received.rep
    earlier = ctx.answers.latest(tx, meeting.id)
    merged = earlier[1].amended_by(new.given) if earlier else new.given
    if earlier and merged == earlier[1] and _stands(tx, meeting):
        return
    revision = ctx.answers.add(tx, meeting.id, rep.id, merged, received.stored.id, now)
    origin = Origin.GUESSED if new.is_doubtful else Origin.READ
    if earlier and not new.is_doubtful:
        origin = origin_of(merged, earlier[1], answers.find_note(tx, meeting.id))
    placement = placement_of(ctx, rep, meeting, merged, origin)
    answers.want_note(tx, meeting.id, revision, placement, now)
    advance(ctx, tx, meeting, MeetingEvent.ANSWER_GIVEN, Reason.ANSWERED)
    if not is_commitment(rep, meeting, merged):
        outbox.withdraw(tx, meeting.id, Reason.NO_COMMITMENT, (MailKind.FOLLOW_UP,))
    elif ctx.settings.of_team(rep.team).ask.follow_up:
        plan_follow_up(ctx, tx, rep, meeting.id, meeting.end)
    step = audit.Step(StepName.ANSWER, Reason.ANSWERED, meeting.id, rep.id, {"revision": revision})
    audit.record(tx, step, now)


def _stands(tx: Connection, meeting: Meeting) -> bool:
    """Whether the latest answer is in the calendar, or on its way there."""
    note = answers.find_note(tx, meeting.id)
    failed = note is None or note.state is NoteState.FAILED
    return meeting.state in (ANSWERED, WRITTEN) and not failed

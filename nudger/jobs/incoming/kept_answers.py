"""Keeping what a rep answered, or what came of a call, and having it written."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from nudger.domain.commitment import Answer
from nudger.domain.lifecycle import ANSWERED, WRITTEN, MeetingEvent
from nudger.domain.mails import MailKind
from nudger.domain.publishing import Origin
from nudger.domain.reasons import Reason, StepName, reason_of
from nudger.domain.source import Source
from nudger.jobs.incoming.received import End, Heard, takes_answer
from nudger.jobs.outgoing.placement import is_commitment, origin_of, placement_of
from nudger.jobs.planning.follow_ups import plan_follow_up
from nudger.jobs.planning.lifecycle import advance
from nudger.jobs.telling.notices import note_commitment, note_outcome
from nudger.mail.message import Reply
from nudger.runtime.context import Context
from nudger.store import answers, audit, chat, outbox
from nudger.store.answers import NoteState
from nudger.store.inbox import InboundState
from nudger.store.meetings import Meeting
from nudger.store.outcomes import GivenOutcome
from nudger.store.people import Rep


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """What a reply says about one meeting, and whether that was guessed rather than read."""

    given: Answer
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """All that a rep now answers for a meeting, in the place of what was answered before."""

    rep: Rep
    meeting: Meeting
    answer: Answer
    source: Source
    is_doubtful: bool = False


def keep_outcomes(ctx: Context, tx: Connection, received: Heard, reply: Reply) -> End:
    for number, (outcome, words) in reply.outcomes.items():
        for meeting in received.meetings[number - 1 : number]:
            keep_outcome(ctx, tx, received.rep, meeting, GivenOutcome(outcome, words, ctx.clock()))
    return End(InboundState.DONE, Reason.OUTCOME, reply.disposition)


def keep_outcome(
    ctx: Context, tx: Connection, rep: Rep, meeting: Meeting, given: GivenOutcome
) -> None:
    """Keep what came of a call; its note is written again, with the outcome in it."""
    now = given.given_at
    ctx.outcomes.put(tx, meeting.id, rep.id, given)
    note_outcome(ctx, tx, meeting.id, given)
    outbox.withdraw(tx, meeting.id, Reason.ANSWERED, (MailKind.FOLLOW_UP,))
    if ctx.settings.slack.is_configured:
        chat.look_again(tx, [meeting.id], now)
    note = answers.find_note(tx, meeting.id)
    if note is not None:
        answers.want_note(tx, meeting.id, note.revision, note.placement, now)
    step = audit.Step(StepName.OUTCOME, reason_of(given.outcome), meeting.id, rep.id)
    audit.record(tx, step, now)


def keep_answers(ctx: Context, tx: Connection, received: Heard, reply: Reply) -> End:
    kept = 0
    for number, meeting in enumerate(received.meetings, start=1):
        given = reply.answers.get(number)
        if given is not None and not given.is_empty and takes_answer(meeting):
            new = NewAnswer(given, is_doubtful=number in reply.doubtful)
            _keep(ctx, tx, received, meeting, new)
            kept += 1
    reason = Reason.ANSWERED if kept else Reason.EMPTY
    return End(InboundState.DONE if kept else InboundState.QUARANTINED, reason, reply.disposition)


def _keep(ctx: Context, tx: Connection, received: Heard, meeting: Meeting, new: NewAnswer) -> None:
    """Keep what was said about the meeting, with what was said before and is not mentioned now."""
    earlier = ctx.answers.latest(tx, meeting.id)
    merged = earlier[1].amended_by(new.given) if earlier else new.given
    whole = WholeAnswer(received.rep, meeting, merged, received.source, new.is_doubtful)
    _keep_after(ctx, tx, earlier and earlier[1], whole)


def keep_whole(ctx: Context, tx: Connection, whole: WholeAnswer) -> None:
    """Keep the answer as the meeting's next revision, unless it is the one that stands, and have it
    written."""
    earlier = ctx.answers.latest(tx, whole.meeting.id)
    _keep_after(ctx, tx, earlier and earlier[1], whole)


def _keep_after(ctx: Context, tx: Connection, earlier: Answer | None, whole: WholeAnswer) -> None:
    """What came of the call is asked only where there is something that the customer may have
    agreed to."""
    now, rep, meeting, answer = ctx.clock(), whole.rep, whole.meeting, whole.answer
    if answer == earlier and _stands(tx, meeting):
        return
    revision = ctx.answers.add(tx, meeting.id, rep.id, answer, whole.source.inbound_id, now)
    note_commitment(ctx, tx, meeting.id, revision)
    origin = Origin.GUESSED if whole.is_doubtful else Origin.READ
    if earlier is not None and not whole.is_doubtful:
        origin = origin_of(answer, earlier, answers.find_note(tx, meeting.id))
    placement = placement_of(ctx, rep, meeting, answer, origin)
    answers.want_note(tx, meeting.id, revision, placement, now)
    advance(ctx, tx, meeting, MeetingEvent.ANSWER_GIVEN, Reason.ANSWERED)
    if not is_commitment(rep, meeting, answer):
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

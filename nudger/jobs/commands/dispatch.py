"""Obeying what a rep commands by reply, within the transaction that ends the mail; each command
is confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from nudger.domain.availability import RepState
from nudger.domain.commitment import Answer, MeetingState
from nudger.domain.lifecycle import MeetingEvent
from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason, StepName
from nudger.domain.source import Source
from nudger.domain.spoken_time import read_moment, read_pause
from nudger.jobs.commands.model import MeetingCommand, RepCommand, Result
from nudger.jobs.commands.series import every_nth, first_only, mute_series, undo_choice
from nudger.jobs.outgoing.placement import placement_of
from nudger.jobs.outgoing.render import audience_of, templates_of
from nudger.jobs.outgoing.responses import CommandResponse, respond_to_command
from nudger.jobs.planning.lifecycle import advance
from nudger.jobs.telling.notices import note_commitment
from nudger.mail.compose import Audience, long_day
from nudger.mail.display import display_text
from nudger.mail.message import Command, CommandName
from nudger.mail.phrases import HELP_INTRO, NO_LAST_ANSWER, NOT_A_CUSTOMER, SKIPPED
from nudger.runtime.context import Context
from nudger.runtime.policies import working_hours, zone_of
from nudger.store import answers, audit, calendars, outbox, people
from nudger.store.answers import NotePlace, Placement
from nudger.store.meetings import Meeting
from nudger.store.outbox import NewMail
from nudger.store.people import Rep

DEFAULT_PAUSE = timedelta(days=14)
DEFAULT_LATER = timedelta(hours=2)
MAX_PAUSE = timedelta(days=366)
UNDONE_WITHDRAWALS = (Reason.SKIP, Reason.NOT_CUSTOMER, Reason.MUTE_SERIES)


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """A command, who gives it, and the meetings of the mail that it answers."""

    rep: Rep
    meetings: Sequence[Meeting]
    command: Command
    source: Source


def execute(ctx: Context, tx: Connection, request: CommandRequest) -> Reason:
    """Do what the command says and confirm it; returns its reason code."""
    name = request.command.name
    about = request.meetings if name in ABOUT_MEETINGS else request.meetings[:1]
    by_result: dict[Result, list[Meeting]] = {}
    say = templates_of(ctx, request.rep).words.say
    for meeting in about:
        command = MeetingCommand(
            request.rep, meeting, request.command.argument, request.source, say
        )
        result = MEETING_HANDLERS[name](ctx, tx, command)
        by_result.setdefault(result, []).append(meeting)
        step = audit.Step(StepName.COMMAND, result[0], meeting.id, request.rep.id)
        audit.record(tx, step, ctx.clock())
    for (reason, explanation), meetings in by_result.items():
        response = CommandResponse(reason, explanation, request.source)
        respond_to_command(ctx, tx, meetings, request.rep, response)
    return next(iter(by_result))[0]


def execute_for_rep(ctx: Context, tx: Connection, name: CommandName, command: RepCommand) -> Reason:
    """Do what one of `REP_HANDLERS` says and confirm it; returns its reason code."""
    reason, explanation = REP_HANDLERS[name](ctx, tx, command)
    audit.record(tx, audit.Step(StepName.COMMAND, reason, rep_id=command.rep.id), ctx.clock())
    respond_to_command(
        ctx, tx, (), command.rep, CommandResponse(reason, explanation, command.source)
    )
    return reason


def _withdraw(
    reason: Reason, explanation: str
) -> Callable[[Context, Connection, MeetingCommand], Result]:
    def withdraw(ctx: Context, tx: Connection, command: MeetingCommand) -> Result:
        advance(ctx, tx, command.meeting, MeetingEvent.CALLED_OFF, reason)
        return reason, command.say(explanation)

    return withdraw


def _later(ctx: Context, tx: Connection, command: MeetingCommand) -> Result:
    now, zone = ctx.clock(), zone_of(ctx.settings, command.rep)
    hours = working_hours(ctx.settings, command.rep)
    asked = command.argument and read_moment(command.argument, now, zone, hours.starts)
    if command.argument and not asked:
        return (
            Reason.NOT_UNDERSTOOD,
            command.say(
                "We could not read “%(text)s” as a time.", text=display_text(command.argument, 40)
            ),
        )
    at = asked or hours.next_moment(now + DEFAULT_LATER)
    if at >= command.meeting.start:
        return Reason.TOO_LATE, command.say(
            "By then the call has begun. Reply whenever you like before it."
        )
    outbox.withdraw(tx, command.meeting.id, Reason.LATER)
    once = f"later:{command.meeting.id}:{command.source.key}"
    mail = NewMail(MailKind.REMINDER, once, command.rep.id, at, Reason.LATER, (command.meeting.id,))
    outbox.put(tx, mail)
    local = at.astimezone(zone)
    day = long_day(templates_of(ctx, command.rep).words, local)
    return Reason.LATER, command.say(
        "We ask again on %(day)s at %(time)s.", day=day, time=f"{local:%H:%M}"
    )


def _pause(ctx: Context, tx: Connection, command: MeetingCommand | RepCommand) -> Result:
    now, zone = ctx.clock(), zone_of(ctx.settings, command.rep)
    lasting = read_pause(command.argument, now, zone) if command.argument else DEFAULT_PAUSE
    if lasting is None:
        shown = display_text(command.argument or "", 40)
        return Reason.NOT_UNDERSTOOD, command.say(
            "We could not read “%(text)s” as a stretch of time.", text=shown
        )
    until = now + min(lasting, MAX_PAUSE)
    people.set_state(tx, command.rep.id, RepState.PAUSED, "asked_to_pause", until)
    _let_others_be_asked(ctx, tx, command)
    local = until.astimezone(zone)
    day = long_day(templates_of(ctx, command.rep).words, local)
    return Reason.PAUSE, command.say("No questions until %(day)s. “start” ends it sooner.", day=day)


def _let_others_be_asked(
    ctx: Context, tx: Connection, command: MeetingCommand | RepCommand
) -> None:
    """Who else takes part in the rep's calls is found when the calendar is judged anew."""
    calendars.force_full_sync(tx, [command.rep.id], ctx.clock())


def _stop(ctx: Context, tx: Connection, command: MeetingCommand | RepCommand) -> Result:
    wants_more = command.rep.state_reason == Reason.ASKED_TO_BE_FORGOTTEN
    why = Reason.ASKED_TO_BE_FORGOTTEN.value if wants_more else "asked_to_stop"
    people.set_state(tx, command.rep.id, RepState.STOPPED, why)
    _let_others_be_asked(ctx, tx, command)
    return Reason.STOP, command.say(
        "No more questions. Your answers stay where they are. “start” begins again."
    )


def _start(ctx: Context, tx: Connection, command: MeetingCommand | RepCommand) -> Result:
    people.set_state(tx, command.rep.id, RepState.ACTIVE)
    if command.rep.paused_until is not None:
        outbox.resume_deferred(tx, command.rep.id, command.rep.paused_until, ctx.clock())
    _let_others_be_asked(ctx, tx, command)
    return Reason.START, command.say("Questions come again before your next customer meetings.")


def _mute_series(ctx: Context, tx: Connection, command: MeetingCommand) -> Result:
    repeats = bool(calendars.series_of(tx, command.meeting.id))
    return (mute_series if repeats else _skip)(ctx, tx, command)


def _hand_over(ctx: Context, tx: Connection, command: MeetingCommand) -> Result:
    address = (command.argument or "").strip("<>").lower()
    if not address:
        return Reason.NOT_A_REP, command.say(
            "Whom may we ask instead? Reply “not me, ask a.colleague@…”, or “skip”."
        )
    other = next((r for r in people.list_reps(tx) if address in r.addresses), None)
    if other is None or other.state is not RepState.ACTIVE:
        return Reason.NOT_A_REP, command.say(
            "%(address)s is nobody whom we may ask.", address=display_text(address, 80)
        )
    now, meeting_id = ctx.clock(), command.meeting.id
    advance(ctx, tx, command.meeting, MeetingEvent.HANDED_ON, Reason.HANDED_OVER)
    ctx.meetings.hand_over(tx, meeting_id, other.id, Reason.HANDED_OVER, now)
    once = f"question:{meeting_id}:{other.id}:{command.source.key}"
    outbox.put(
        tx, NewMail(MailKind.QUESTION, once, other.id, now, Reason.HANDED_OVER, (meeting_id,))
    )
    return Reason.HAND_OVER, command.say(
        "%(name)s is asked instead.", name=display_text(other.name, 60)
    )


def _private(ctx: Context, tx: Connection, command: MeetingCommand) -> Result:
    latest = ctx.answers.latest(tx, command.meeting.id)
    if latest is None or latest[1].is_empty:
        return Reason.NOTHING_SAVED, command.say(
            "Nothing is saved yet. Add the line “private” to your answer."
        )
    private = latest[1].amended_by(Answer(private=True))
    _keep(ctx, tx, command, private)
    return Reason.KEPT_PRIVATE, command.say(
        "The answer moves into a private event on your calendar."
    )


def _same(_ctx: Context, _tx: Connection, command: MeetingCommand) -> Result:
    """The rep wants the last answer again where there is none; where there is, it is an answer."""
    return Reason.NOTHING_SAVED, command.say(NO_LAST_ANSWER)


def _undo(ctx: Context, tx: Connection, command: MeetingCommand) -> Result:
    meeting = command.meeting
    if meeting.state is MeetingState.WITHDRAWN and meeting.reason in UNDONE_WITHDRAWALS:
        undo_choice(ctx, tx, command)
        advance(ctx, tx, meeting, MeetingEvent.TAKEN_BACK, Reason.UNDO)
        return Reason.UNDO, command.say("Taken back: you can answer for this call again.")
    revisions = ctx.answers.revisions(tx, meeting.id)
    is_answered = bool(revisions) and not revisions[-1][2].is_empty
    if undo_choice(ctx, tx, command, revisions[-1][1] if is_answered else None):
        return Reason.UNDO, command.say(
            "Taken back: each date of this series is asked about again."
        )
    if not is_answered:
        return Reason.NOTHING_SAVED, command.say("There is nothing to take back for this call.")
    before = revisions[-2][2] if len(revisions) > 1 else Answer()
    _keep(ctx, tx, command, before)
    if before.is_empty:
        advance(ctx, tx, meeting, MeetingEvent.TAKEN_BACK, Reason.UNDO)
        return Reason.UNDO, command.say("Your answer is taken back and its note removed.")
    return Reason.UNDO, command.say("The answer before the last one counts again.")


def _publish(ctx: Context, tx: Connection, command: MeetingCommand) -> Result:
    """Let the guests read the answer that was kept from them."""
    meeting, latest = command.meeting, ctx.answers.latest(tx, command.meeting.id)
    if latest is None or latest[1].is_empty:
        return Reason.NOTHING_SAVED, command.say("Nothing is saved yet that could be published.")
    if audience_of(ctx, command.rep, meeting) is not Audience.GUESTS:
        return Reason.ONLY_YOURS, command.say(
            "Your company keeps answers out of the meetings: it stays where you alone read it."
        )
    _place(ctx, tx, command, replace(latest[1], private=False), Placement(NotePlace.MEETING))
    return Reason.PUBLISHED, command.say("The answer goes where the guests can read it.")


def _keep(ctx: Context, tx: Connection, command: MeetingCommand, answer: Answer) -> None:
    _place(ctx, tx, command, answer, placement_of(ctx, command.rep, command.meeting, answer))


def _place(
    ctx: Context, tx: Connection, command: MeetingCommand, answer: Answer, placement: Placement
) -> None:
    """Keep the answer as the next revision and have it stand there."""
    now, meeting_id, inbound_id = ctx.clock(), command.meeting.id, command.source.inbound_id
    revision = ctx.answers.add(tx, meeting_id, command.rep.id, answer, inbound_id, now)
    note_commitment(ctx, tx, meeting_id, revision)
    answers.want_note(tx, meeting_id, revision, placement, now)


def _help(_ctx: Context, _tx: Connection, command: MeetingCommand | RepCommand) -> Result:
    return Reason.HELP, command.say(HELP_INTRO)


_skip = _withdraw(Reason.SKIP, SKIPPED)
REP_HANDLERS: dict[
    CommandName, Callable[[Context, Connection, MeetingCommand | RepCommand], Result]
] = {
    CommandName.PAUSE: _pause,
    CommandName.STOP: _stop,
    CommandName.START: _start,
    CommandName.HELP: _help,
}
MEETING_HANDLERS: dict[CommandName, Callable[[Context, Connection, MeetingCommand], Result]] = {
    CommandName.SKIP: _skip,
    CommandName.NOT_CUSTOMER: _withdraw(Reason.NOT_CUSTOMER, NOT_A_CUSTOMER),
    CommandName.LATER: _later,
    CommandName.MUTE_SERIES: _mute_series,
    CommandName.FIRST_ONLY: first_only,
    CommandName.EVERY_NTH: every_nth,
    CommandName.HAND_OVER: _hand_over,
    CommandName.PRIVATE: _private,
    CommandName.PUBLISH: _publish,
    CommandName.UNDO: _undo,
    CommandName.SAME: _same,
    **REP_HANDLERS,
}
ABOUT_MEETINGS = (
    CommandName.SKIP, CommandName.NOT_CUSTOMER, CommandName.LATER, CommandName.HAND_OVER,
    CommandName.PRIVATE, CommandName.PUBLISH, CommandName.UNDO, CommandName.MUTE_SERIES,
    CommandName.FIRST_ONLY, CommandName.EVERY_NTH, CommandName.SAME,
)  # fmt: skip

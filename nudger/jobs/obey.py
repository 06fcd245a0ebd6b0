"""Obeying what a rep commands by reply, within the transaction that ends the mail; each command
is confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from nudger.domain.commitment import Answer, MeetingState
from nudger.domain.spoken_time import read_duration, read_moment
from nudger.jobs.context import Context
from nudger.jobs.notices import Obeyed, tell_command
from nudger.jobs.obey_series import every_nth, first_only, mute_series, undo_choice
from nudger.jobs.order import Order, RepOrder, Result
from nudger.jobs.rules import working_hours, zone_of
from nudger.jobs.writing import templates_of
from nudger.mail.compose import long_day
from nudger.mail.display import display_text
from nudger.mail.message import Command, CommandName
from nudger.store import answers, audit, calendars, outbox, people
from nudger.store.answers import NotePlace
from nudger.store.meetings import Meeting
from nudger.store.outbox import MailKind, NewMail
from nudger.store.people import Rep, RepState

SKIPPED = "No question about this call. “undo” takes it back."
NOT_A_CUSTOMER = "Noted: not a customer meeting. “undo” takes it back."
HELP = "This is what you can reply:"
DEFAULT_PAUSE = timedelta(days=14)
DEFAULT_LATER = timedelta(hours=2)
LONGEST_PAUSE = timedelta(days=366)
UNDONE_WITHDRAWALS = ("skip", "not_customer", "mute_series")


@dataclass(frozen=True, slots=True)
class Ordered:
    """A command, who gives it, and the meetings of the mail that it answers."""

    rep: Rep
    meetings: Sequence[Meeting]
    command: Command
    inbound_id: int


def obey(ctx: Context, tx: Connection, ordered: Ordered) -> str:
    """Do what the command says and confirm it; returns its reason code."""
    name = ordered.command.name
    about = ordered.meetings if name in ABOUT_MEETINGS else ordered.meetings[:1]
    by_result: dict[Result, list[Meeting]] = {}
    say = templates_of(ctx, ordered.rep).words.say
    for meeting in about:
        order = Order(ordered.rep, meeting, ordered.command.argument, ordered.inbound_id, say)
        result = OBEYED_BY[name](ctx, tx, order)
        by_result.setdefault(result, []).append(meeting)
        step = audit.Step("command", result[0], meeting.id, ordered.rep.id)
        audit.record(tx, step, ctx.clock())
    for (reason, explanation), meetings in by_result.items():
        obeyed = Obeyed(reason, explanation, ordered.inbound_id)
        tell_command(ctx, tx, meetings, ordered.rep, obeyed)
    return next(iter(by_result))[0]


def obey_for_all_calls(ctx: Context, tx: Connection, name: CommandName, order: RepOrder) -> str:
    """Do what one of `FOR_ALL_CALLS` says and confirm it; returns its reason code."""
    reason, explanation = FOR_ALL_CALLS[name](ctx, tx, order)
    audit.record(tx, audit.Step("command", reason, rep_id=order.rep.id), ctx.clock())
    tell_command(ctx, tx, (), order.rep, Obeyed(reason, explanation, order.inbound_id))
    return reason


def _withdraw(reason: str, explanation: str) -> Callable[[Context, Connection, Order], Result]:
    def withdraw(ctx: Context, tx: Connection, order: Order) -> Result:
        outbox.withdraw(tx, order.meeting.id, reason)
        state = MeetingState.WITHDRAWN
        ctx.meetings.set_state(tx, order.meeting.id, state, reason, ctx.clock())
        return reason, order.say(explanation)

    return withdraw


def _later(ctx: Context, tx: Connection, order: Order) -> Result:
    now, zone = ctx.clock(), zone_of(ctx.settings, order.rep)
    hours = working_hours(ctx.settings, order.rep)
    asked = order.argument and read_moment(order.argument, now, zone, hours.starts)
    if order.argument and not asked:
        return (
            "not_understood",
            order.say(
                "We could not read “%(text)s” as a time.", text=display_text(order.argument, 40)
            ),
        )
    at = asked or hours.next_moment(now + DEFAULT_LATER)
    if at >= order.meeting.start:
        return "too_late", order.say(
            "By then the call has begun. Reply whenever you like before it."
        )
    outbox.withdraw(tx, order.meeting.id, "later")
    once = f"later:{order.meeting.id}:{order.inbound_id}"
    mail = NewMail(MailKind.REMINDER, once, order.rep.id, at, "later", (order.meeting.id,))
    outbox.put(tx, mail)
    local = at.astimezone(zone)
    day = long_day(templates_of(ctx, order.rep).words, local)
    return "later", order.say(
        "We ask again on %(day)s at %(time)s.", day=day, time=f"{local:%H:%M}"
    )


def _pause(ctx: Context, tx: Connection, order: Order | RepOrder) -> Result:
    lasting = read_duration(order.argument) if order.argument else DEFAULT_PAUSE
    if lasting is None:
        shown = display_text(order.argument or "", 40)
        return "not_understood", order.say(
            "We could not read “%(text)s” as a stretch of time.", text=shown
        )
    until = ctx.clock() + min(lasting, LONGEST_PAUSE)
    people.set_state(tx, order.rep.id, RepState.PAUSED, "asked_to_pause", until)
    _let_others_be_asked(ctx, tx, order)
    local = until.astimezone(zone_of(ctx.settings, order.rep))
    day = long_day(templates_of(ctx, order.rep).words, local)
    return "pause", order.say("No questions until %(day)s. “start” ends it sooner.", day=day)


def _let_others_be_asked(ctx: Context, tx: Connection, order: Order | RepOrder) -> None:
    """Who else takes part in the rep's calls is found when the calendar is judged anew."""
    calendars.read_anew(tx, [order.rep.id], ctx.clock())


def _stop(ctx: Context, tx: Connection, order: Order | RepOrder) -> Result:
    people.set_state(tx, order.rep.id, RepState.STOPPED, "asked_to_stop")
    _let_others_be_asked(ctx, tx, order)
    return "stop", order.say(
        "No more questions. Your answers stay where they are. “start” begins again."
    )


def _start(ctx: Context, tx: Connection, order: Order | RepOrder) -> Result:
    people.set_state(tx, order.rep.id, RepState.ACTIVE)
    if order.rep.paused_until is not None:
        outbox.wake(tx, order.rep.id, order.rep.paused_until, ctx.clock())
    _let_others_be_asked(ctx, tx, order)
    return "start", order.say("Questions come again before your next customer meetings.")


def _mute_series(ctx: Context, tx: Connection, order: Order) -> Result:
    repeats = bool(calendars.series_of(tx, order.meeting.id))
    return (mute_series if repeats else _skip)(ctx, tx, order)


def _hand_over(ctx: Context, tx: Connection, order: Order) -> Result:
    address = (order.argument or "").strip("<>").lower()
    other = next((r for r in people.list_reps(tx) if address in r.addresses), None)
    if other is None or other.state is not RepState.ACTIVE:
        return "not_a_rep", order.say(
            "%(address)s is nobody whom we may ask.", address=display_text(address, 80)
        )
    now, meeting_id = ctx.clock(), order.meeting.id
    outbox.withdraw(tx, meeting_id, "hand_over")
    ctx.meetings.hand_over(tx, meeting_id, other.id, "handed_over", now)
    once = f"question:{meeting_id}:{other.id}:{order.inbound_id}"
    outbox.put(tx, NewMail(MailKind.QUESTION, once, other.id, now, "handed_over", (meeting_id,)))
    ctx.meetings.set_state(tx, meeting_id, MeetingState.PLANNED, "handed_over", now)
    return "hand_over", order.say("%(name)s is asked instead.", name=display_text(other.name, 60))


def _private(ctx: Context, tx: Connection, order: Order) -> Result:
    latest = ctx.answers.latest(tx, order.meeting.id)
    if latest is None or latest[1].is_empty:
        return "nothing_saved", order.say(
            "Nothing is saved yet. Add the line “private” to your answer."
        )
    private = latest[1].amended_by(Answer(private=True))
    _keep(ctx, tx, order, private, NotePlace.PRIVATE)
    return "private", order.say("The answer moves into a private event on your calendar.")


def _undo(ctx: Context, tx: Connection, order: Order) -> Result:
    meeting, now = order.meeting, ctx.clock()
    if meeting.state is MeetingState.WITHDRAWN and meeting.reason in UNDONE_WITHDRAWALS:
        undo_choice(ctx, tx, order)
        ctx.meetings.set_state(tx, meeting.id, MeetingState.ASKED, "undo", now)
        return "undo", order.say("Taken back: you can answer for this call again.")
    revisions = ctx.answers.revisions(tx, meeting.id)
    is_answered = bool(revisions) and not revisions[-1][2].is_empty
    if undo_choice(ctx, tx, order, revisions[-1][1] if is_answered else None):
        return "undo", order.say("Taken back: each date of this series is asked about again.")
    if not is_answered:
        return "nothing_saved", order.say("There is nothing to take back for this call.")
    before = revisions[-2][2] if len(revisions) > 1 else Answer()
    _keep(ctx, tx, order, before, NotePlace.PRIVATE if before.private else None)
    if before.is_empty:
        ctx.meetings.set_state(tx, meeting.id, MeetingState.ASKED, "undo", now)
        return "undo", order.say("Your answer is taken back and its note removed.")
    return "undo", order.say("The answer before the last one counts again.")


def _keep(
    ctx: Context, tx: Connection, order: Order, answer: Answer, place: NotePlace | None
) -> None:
    now, meeting = ctx.clock(), order.meeting
    note = answers.find_note(tx, meeting.id)
    revision = ctx.answers.add(tx, meeting.id, order.rep.id, answer, order.inbound_id, now)
    wanted = place or (note.place if note else NotePlace.MEETING)
    answers.want_note(tx, meeting.id, revision, wanted, now)


def _help(_ctx: Context, _tx: Connection, order: Order | RepOrder) -> Result:
    return "help", order.say(HELP)


_skip = _withdraw("skip", SKIPPED)
FOR_ALL_CALLS: dict[CommandName, Callable[[Context, Connection, Order | RepOrder], Result]] = {
    CommandName.PAUSE: _pause,
    CommandName.STOP: _stop,
    CommandName.START: _start,
    CommandName.HELP: _help,
}
OBEYED_BY: dict[CommandName, Callable[[Context, Connection, Order], Result]] = {
    CommandName.SKIP: _skip,
    CommandName.NOT_CUSTOMER: _withdraw("not_customer", NOT_A_CUSTOMER),
    CommandName.LATER: _later,
    CommandName.MUTE_SERIES: _mute_series,
    CommandName.FIRST_ONLY: first_only,
    CommandName.EVERY_NTH: every_nth,
    CommandName.HAND_OVER: _hand_over,
    CommandName.PRIVATE: _private,
    CommandName.UNDO: _undo,
    **FOR_ALL_CALLS,
}
ABOUT_MEETINGS = (
    CommandName.SKIP, CommandName.NOT_CUSTOMER, CommandName.LATER, CommandName.HAND_OVER,
    CommandName.PRIVATE, CommandName.UNDO, CommandName.MUTE_SERIES, CommandName.FIRST_ONLY,
    CommandName.EVERY_NTH,
)  # fmt: skip

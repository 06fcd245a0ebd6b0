"""Obeying what a rep says about a whole series: never, only this date, or every n-th."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from nudger.domain.commitment import MeetingState
from nudger.domain.series import FIRST_ONLY, MAX_STEP, MUTED, Cadence, SeriesRule, asks_on, one_in
from nudger.domain.spoken_time import read_every
from nudger.jobs.commands.model import MeetingCommand, Result
from nudger.mail.display import display_text
from nudger.runtime.context import Context
from nudger.store import calendars, meetings, outbox, series
from nudger.store.series import Series


def mute_series(ctx: Context, tx: Connection, command: MeetingCommand) -> Result:
    _choose(ctx, tx, command, MUTED, "mute_series")
    return "mute_series", command.say("No more questions about this series.")


def first_only(ctx: Context, tx: Connection, command: MeetingCommand) -> Result:
    if not _choose(ctx, tx, command, FIRST_ONLY, "other_date"):
        return _not_a_series(command)
    return "first_only", command.say("We ask about this date of the series only. “undo” ends it.")


def every_nth(ctx: Context, tx: Connection, command: MeetingCommand) -> Result:
    step = read_every(command.argument or "")
    if step is None or step > MAX_STEP:
        shown = display_text(command.argument or "", 40)
        return "not_understood", command.say(
            "We could not read “%(text)s” as a number.", text=shown
        )
    if not _choose(ctx, tx, command, one_in(step), "other_date"):
        return _not_a_series(command)
    return "every_nth", command.say(
        "From now on we ask about one date in %(count)s of this series, beginning with this one. "
        "“undo” ends it.",
        count=step,
    )


def _not_a_series(command: MeetingCommand) -> Result:
    return "not_a_series", command.say("This call does not repeat. “skip” asks nothing about it.")


def _choose(
    ctx: Context, tx: Connection, command: MeetingCommand, cadence: Cadence, reason: str
) -> bool:
    """Keep the choice and take back what it does not want; false where nothing repeats."""
    now, meeting = ctx.clock(), command.meeting
    series_ids = calendars.series_of(tx, meeting.id)
    if not series_ids:
        return False
    date = series.dates_by_meeting(tx, series_ids).get(meeting.id, meeting.start)
    known = series.find(tx, series_ids)
    chosen = [
        Series(
            series_id, command.rep.id, cadence, date, meeting.customers,
            known[series_id].follows if series_id in known else None, now,
            series.hash_of_title(meeting.details.title),
        )
        for series_id in series_ids
    ]  # fmt: skip
    series.keep(tx, chosen)
    for one in chosen:
        _take_back(ctx, tx, one, SeriesRule(cadence, date), reason)
    _force_full_sync(ctx, tx, command)
    return True


def _take_back(ctx: Context, tx: Connection, one: Series, rule: SeriesRule, reason: str) -> None:
    """Withdraw the coming questions about dates that are not asked about any more."""
    dates = series.dates_of(tx, one)
    for meeting_id, date in series.dates_by_meeting(tx, [one.series_id]).items():
        is_open = ctx.meetings.get(tx, meeting_id).state in (
            MeetingState.PLANNED,
            MeetingState.ASKED,
        )
        if is_open and not asks_on(rule, date, dates):
            outbox.withdraw(tx, meeting_id, reason)
            state = MeetingState.WITHDRAWN
            ctx.meetings.set_state(tx, meeting_id, state, reason, ctx.clock())


def undo_choice(
    ctx: Context, tx: Connection, command: MeetingCommand, after: datetime | None = None
) -> bool:
    """Have every date of the meeting's series asked about again; false where nobody chose, or not
    since `after`."""
    kept = series.find(tx, calendars.series_of(tx, command.meeting.id)).values()
    made = {one.series_id: one.chosen_at for one in kept}
    chosen = [one for one, at in made.items() if at is not None and (after is None or at > after)]
    if not chosen:
        return False
    series.forget(tx, chosen)
    _force_full_sync(ctx, tx, command)
    return True


def _force_full_sync(ctx: Context, tx: Connection, command: MeetingCommand) -> None:
    """Other dates may be asked about now: have the calendars judged anew."""
    holders = {copy.rep_id for copy in meetings.copies(tx, command.meeting.id)}
    calendars.force_full_sync(tx, holders, ctx.clock())

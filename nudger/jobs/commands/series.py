"""Obeying what a rep says about a whole series: never, only this date, or every n-th."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from nudger.domain.commitment import OPEN
from nudger.domain.lifecycle import MeetingEvent
from nudger.domain.reasons import Reason
from nudger.domain.series import FIRST_ONLY, MAX_STEP, MUTED, Cadence, SeriesRule, asks_on, one_in
from nudger.domain.spoken_time import read_every
from nudger.jobs.commands.model import MeetingCommand, Result
from nudger.jobs.planning.lifecycle import advance
from nudger.mail.display import display_text
from nudger.runtime.context import Context
from nudger.store import calendars, meetings, series
from nudger.store.series import Series


def mute_series(ctx: Context, tx: Connection, command: MeetingCommand) -> Result:
    _choose(ctx, tx, command, MUTED, Reason.MUTE_SERIES)
    return Reason.MUTE_SERIES, command.say("No more questions about this series.")


def first_only(ctx: Context, tx: Connection, command: MeetingCommand) -> Result:
    if not _choose(ctx, tx, command, FIRST_ONLY, Reason.OTHER_DATE):
        return _not_a_series(command)
    return Reason.FIRST_ONLY, command.say(
        "We ask about this date of the series only. “undo” ends it."
    )


def every_nth(ctx: Context, tx: Connection, command: MeetingCommand) -> Result:
    step = read_every(command.argument or "")
    if step is None or step > MAX_STEP:
        shown = display_text(command.argument or "", 40)
        return Reason.NOT_UNDERSTOOD, command.say(
            "We could not read “%(text)s” as a number.", text=shown
        )
    if not _choose(ctx, tx, command, one_in(step), Reason.OTHER_DATE):
        return _not_a_series(command)
    return Reason.EVERY_NTH, command.say(
        "From now on we ask about one date in %(count)s of this series, beginning with this one. "
        "“undo” ends it.",
        count=step,
    )


def _not_a_series(command: MeetingCommand) -> Result:
    return Reason.NOT_A_SERIES, command.say(
        "This call does not repeat. “skip” asks nothing about it."
    )


def _choose(
    ctx: Context, tx: Connection, command: MeetingCommand, cadence: Cadence, reason: Reason
) -> bool:
    """Keep the choice and take back what it does not want; false where nothing repeats."""
    now, meeting = ctx.clock(), command.meeting
    series_ids = calendars.series_of(tx, meeting.id)
    if not series_ids:
        return False
    date = series.dates_by_meeting(tx, series_ids).get(meeting.id, meeting.start)
    known, title = series.find(tx, series_ids), meeting.known_title
    chosen = [
        Series(
            series_id, command.rep.id, cadence, date, meeting.customers,
            known[series_id].follows if series_id in known else None, now,
            series.hash_of_title(title) if title else None,
        )
        for series_id in series_ids
    ]  # fmt: skip
    series.keep(tx, chosen)
    for one in chosen:
        _call_off_others(ctx, tx, one, SeriesRule(cadence, date), reason)
    _force_full_sync(ctx, tx, command)
    return True


def _call_off_others(
    ctx: Context, tx: Connection, one: Series, rule: SeriesRule, reason: Reason
) -> None:
    """Withdraw the coming questions about dates that are not asked about any more."""
    dates = series.dates_of(tx, one)
    for meeting_id, date in series.dates_by_meeting(tx, [one.series_id]).items():
        meeting = ctx.meetings.get(tx, meeting_id)
        if meeting.state in OPEN and not asks_on(rule, date, dates):
            advance(ctx, tx, meeting, MeetingEvent.CALLED_OFF, reason)


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

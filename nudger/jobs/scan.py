"""Reading the calendars: only what changed, and only once what did not.

A calendar is read in full over a window of time, then by its cursor. The window reaches further
than the horizon, so that a new full reading is needed only when the horizon has used up what it
reaches further. Sources: docs/how-it-works.md#scanning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from nudger.domain.audience import judge
from nudger.domain.event import Event
from nudger.domain.series import EACH
from nudger.jobs.planning.calendar_hours import update_calendar_hours
from nudger.jobs.planning.meetings import (
    exclude_series_dates,
    merge_duplicates,
    plan_meetings,
    preserve_begun,
    withdraw_orphans,
)
from nudger.jobs.planning.model import Judged
from nudger.jobs.planning.series import RemovedDate, apply_series_rules, carry_over, find_replaced
from nudger.providers.base import Calendar, ChangePage, CursorExpired, Window
from nudger.runtime.attempt import Failure, Work, attempt
from nudger.runtime.context import Context
from nudger.runtime.policies import Rules, load_rules
from nudger.store import audit, calendars, people, series
from nudger.store.calendars import ClaimedCalendar, Seen
from nudger.store.leases import release
from nudger.store.people import Rep, RepState

WINDOW_BEYOND_HORIZON = timedelta(days=7)
WINDOW_BEFORE_NOW = timedelta(days=1)
BATCH = 16


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What a scan did. `failures` maps a rep's address to one line."""

    calendars: int = 0
    events: int = 0
    planned: int = 0
    failures: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Counted:
    events: int = 0
    planned: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """One calendar being read: whose, from which cursor, what was known of it before.

    What is `new` in it waits until all is read, since only then it shows what has `gone`: a new
    date may be an old one under another id.
    """

    claimed: ClaimedCalendar
    rep: Rep
    calendar: Calendar
    window: Window
    now: datetime
    new: dict[str, Event] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def take(self, waiting: Iterable[Event], here: Iterable[str], removed: Collection[str]) -> None:
        """Take in a page: events that wait, ids that it shows, and ids that it removes."""
        self.gone.difference_update(here)
        self.gone.update(removed)
        self.new.update({event.event_id: event for event in waiting})
        for event in list(self.new.values()):
            if event.event_id in removed or event.key.series_id in removed:
                del self.new[event.event_id]


def scan(ctx: Context, only: Collection[int] | None = None) -> ScanReport:
    """Read every calendar that is due, or these reps' calendars at once."""
    _take_back_reconnects(ctx)
    with ctx.database.read() as tx:
        rules = load_rules(tx, ctx.settings)
    total, counted, failures = 0, Counted(), {}
    with ThreadPoolExecutor(ctx.settings.scan.calendars_at_once) as pool:
        done: set[int] = set()
        began = ctx.clock()
        while claimed := _claim(ctx, began, only, done):
            done.update(one.rep_id for one in claimed)
            total += len(claimed)
            for one, (count, failure) in zip(
                claimed, pool.map(lambda c: _try(ctx, rules, c), claimed), strict=True
            ):
                counted.events += count.events
                counted.planned += count.planned
                if failure is not None:
                    failures[rules.reps_by_id[one.rep_id].email] = failure.message
    return ScanReport(total, counted.events, counted.planned, failures)


def _take_back_reconnects(ctx: Context) -> None:
    """No consent of a rep's own is needed in the organization mode, so that none can be missing."""
    if ctx.settings.mode != "organization":
        return
    with ctx.database.read() as tx:
        held = [rep.id for rep in people.list_reps(tx) if rep.state is RepState.RECONNECT]
    if not held:
        return
    now = ctx.clock()
    with ctx.database.begin() as tx:
        for rep_id in held:
            people.set_state(tx, rep_id, RepState.ACTIVE)
            audit.record(tx, audit.Step("connect", "not_needed", rep_id=rep_id), now)
        calendars.wake_calendars(tx, now)


def _claim(
    ctx: Context, due_by: datetime, only: Collection[int] | None, done: Collection[int]
) -> list[ClaimedCalendar]:
    if ctx.stop.is_set():
        return []
    wanted = None if only is None else [rep_id for rep_id in only if rep_id not in done]
    with ctx.database.begin() as tx:
        return calendars.claim_calendars(tx, ctx.claimant(), BATCH, due_by, wanted)


def _try(ctx: Context, rules: Rules, claimed: ClaimedCalendar) -> tuple[Counted, Failure | None]:
    counted = Counted()
    rep = rules.reps_by_id[claimed.rep_id]
    work = Work(claimed.lease, f"calendar of {rep.email}", claimed.attempts, rep.id)
    failure = attempt(ctx, work, lambda: _scan_calendar(ctx, rules, claimed, counted))
    return counted, failure


def _scan_calendar(ctx: Context, rules: Rules, claimed: ClaimedCalendar, counted: Counted) -> None:
    now = ctx.clock()
    horizon = now + timedelta(days=ctx.settings.scan.horizon_days)
    rep = rules.reps_by_id[claimed.rep_id]
    window = Window(now - WINDOW_BEFORE_NOW, horizon + WINDOW_BEYOND_HORIZON)
    reading = Reading(claimed, rep, ctx.accounts.calendar(rep), window, now)
    if _cursor_serves(claimed, rules, horizon):
        try:
            _read_changes(ctx, rules, reading, counted)
            return
        except CursorExpired:
            reading = replace(reading, new={}, gone=set())
    _read_fully(ctx, rules, reading, counted)


def _cursor_serves(claimed: ClaimedCalendar, rules: Rules, horizon: datetime) -> bool:
    """Whether reading on from the cursor sees all that matters under today's rules."""
    return (
        claimed.cursor is not None
        and claimed.window_end is not None
        and claimed.window_end >= horizon
        and claimed.rules_version == rules.version
    )


def _read_changes(ctx: Context, rules: Rules, reading: Reading, counted: Counted) -> None:
    claimed = reading.claimed
    assert claimed.cursor is not None and claimed.window_end is not None  # noqa: S101, PT018
    window = Window(reading.window.start, claimed.window_end)
    for page in reading.calendar.changes(claimed.cursor):
        rules = update_calendar_hours(ctx, rules, reading.rep.id, reading.calendar)
        here = {event.event_id: event for event in page.events if event.start < window.end}
        beyond = [event.event_id for event in page.events if event.start >= window.end]
        with ctx.database.begin() as tx:
            present = calendars.present(tx, reading.rep.id, here)
            known = [event for event_id, event in here.items() if event_id in present]
            waiting = [
                e for e in here.values() if e.event_id not in present and e.end > window.start
            ]
            reading.take(waiting, here, [*page.removed, *beyond])
            _apply(ctx, tx, rules, reading, _that_matter(tx, reading, known), counted)
            _finish(ctx, tx, rules, reading, page, claimed.window_end, counted)


def _that_matter(tx: Connection, reading: Reading, events: Sequence[Event]) -> list[Event]:
    """Without those that are over and were no meeting."""
    over = [event.event_id for event in events if event.end <= reading.window.start]
    meetings = calendars.meetings_of(tx, reading.rep.id, over) if over else {}
    return [e for e in events if e.end > reading.window.start or e.event_id in meetings]


def _read_fully(ctx: Context, rules: Rules, reading: Reading, counted: Counted) -> None:
    known, missing = _known(ctx, reading)
    same_rules = reading.claimed.rules_version == rules.version
    for page in reading.calendar.full(reading.window):
        rules = update_calendar_hours(ctx, rules, reading.rep.id, reading.calendar)
        missing.difference_update(event.event_id for event in page.events)
        fresh = [e for e in page.events if not (same_rules and known.get(e.event_id) == e.etag)]
        at_once = [e for e in fresh if _needs_no_other(rules, reading, e, known)]
        now_applied = {event.event_id for event in at_once}
        waiting = [e for e in fresh if e.event_id not in now_applied]
        here = [event.event_id for event in page.events]
        reading.take(waiting, here, [*page.removed, *(missing if page.cursor is not None else ())])
        with ctx.database.begin() as tx:
            _apply(ctx, tx, rules, reading, at_once, counted)
            _finish(ctx, tx, rules, reading, page, reading.window.end, counted)


def _needs_no_other(rules: Rules, reading: Reading, event: Event, known: Mapping[str, str]) -> bool:
    """Whether the event can be planned before the rest of the calendar is read: it is no new one
    that may have been another, and no date that has to be counted among others."""
    is_counted = event.key.original_start is not None and rules.every(reading.rep) != EACH
    return not is_counted and (reading.claimed.is_new or bool(known.get(event.event_id)))


def _known(ctx: Context, reading: Reading) -> tuple[dict[str, str], set[str]]:
    """The etags of all that we know of the calendar, and what of it a full reading must show."""
    if reading.claimed.is_new:
        return {}, set()
    with ctx.database.read() as tx:
        known = calendars.etags(tx, reading.rep.id)
        return known, calendars.known_between(tx, reading.rep.id, reading.now, reading.window.end)


def _touches(event: Event, window: Window) -> bool:
    return event.end > window.start and event.start < window.end


def _apply(
    ctx: Context,
    tx: Connection,
    rules: Rules,
    reading: Reading,
    events: Sequence[Event],
    counted: Counted,
) -> None:
    """Judge the events and plan those that are customer meetings."""
    if not events:
        return
    is_new = reading.claimed.is_new
    event_ids = [event.event_id for event in events]
    before = {} if is_new else calendars.meetings_of(tx, reading.rep.id, event_ids)
    _plan(ctx, tx, rules, reading, _judge(rules, reading, events), before, counted)


def _judge(rules: Rules, reading: Reading, events: Sequence[Event]) -> list[Judged]:
    rep, policy = reading.rep, rules.policy_of(reading.rep)
    return [Judged(e, judge(e, rep.email, policy, reading.now, rep.aliases)) for e in events]


def _plan(
    ctx: Context,
    tx: Connection,
    rules: Rules,
    reading: Reading,
    judged: Sequence[Judged],
    before: Mapping[str, int],
    counted: Counted,
) -> None:
    """Plan the judged events; `before` tells which meetings they were."""
    heed = apply_series_rules(ctx, tx, rules, reading.rep, judged, before)
    series.keep(tx, heed.begun)
    heard = heed.judged
    planned = plan_meetings(ctx, tx, rules, reading.rep, heard, before)
    planned |= preserve_begun(ctx, tx, heard, before, reading.claimed.scanned_at)
    planned |= exclude_series_dates(ctx, tx, heard, before)
    calendars.save_seen(tx, reading.rep.id, _seen(heard, planned))
    for reason, meeting_ids in _no_longer(heard, before, planned):
        withdraw_orphans(ctx, tx, meeting_ids, reason)
    counted.events += len(judged)
    counted.planned += len(planned)


def _settle(ctx: Context, tx: Connection, rules: Rules, reading: Reading, counted: Counted) -> None:
    """All is read: plan what is new, some of it in place of what has gone, and take back the rest
    of what has gone."""
    if not reading.new and not reading.gone:
        return
    rep_id = reading.rep.id
    left = calendars.expand_removed(tx, rep_id, reading.gone) if reading.gone else []
    left = [one for one in left if one.etag and not _was_held(reading, one)]
    calendars.mark_removed(tx, rep_id, [one.event_id for one in left], "removed")
    judged = _judge(rules, reading, list(reading.new.values()))
    was: dict[str, RemovedDate] = {}
    if not reading.claimed.is_new:
        was = find_replaced(ctx, tx, reading.rep, left, judged)
        carry_over(tx, reading.rep, judged, was)
    before = calendars.meetings_of(tx, rep_id, reading.new)
    before |= {new_id: one.meeting_id for new_id, one in was.items() if one.meeting_id}
    merge_duplicates(ctx, tx, judged, before)
    _plan(ctx, tx, rules, reading, judged, before, counted)
    withdraw_orphans(ctx, tx, [one.meeting_id for one in left if one.meeting_id], "removed")


def _was_held(reading: Reading, seen: Seen) -> bool:
    """Whether the event was a meeting that the calendar still showed after it had begun: it stays
    what it was, also where its whole series is deleted."""
    scanned_at = reading.claimed.scanned_at
    return seen.meeting_id is not None and scanned_at is not None and seen.start_at <= scanned_at


def _seen(judged: Sequence[Judged], planned: Mapping[str, int]) -> Iterator[Seen]:
    for one in judged:
        event = one.event
        yield Seen(
            event_id=event.event_id,
            series_id=event.key.series_id,
            etag=event.etag,
            start_at=event.start,
            verdict=one.verdict.decision.value,
            reason=one.verdict.reason.value,
            meeting_id=planned.get(event.event_id),
            original_start=event.key.original_start,
        )


def _no_longer(
    judged: Sequence[Judged], before: Mapping[str, int], planned: Mapping[str, int]
) -> Iterator[tuple[str, list[int]]]:
    """Meetings that these events were, and are not any more, each with the reason."""
    for one in judged:
        event_id = one.event.event_id
        if event_id in before and planned.get(event_id) != before[event_id]:
            yield one.verdict.reason.value, [before[event_id]]


def _finish(
    ctx: Context,
    tx: Connection,
    rules: Rules,
    reading: Reading,
    page: ChangePage,
    window_end: datetime,
    counted: Counted,
) -> None:
    """With the last page, settle what waited, keep its cursor and give the calendar back."""
    if page.cursor is None:
        return
    _settle(ctx, tx, rules, reading, counted)
    release(
        tx,
        reading.claimed.lease,
        cursor=page.cursor,
        window_end=window_end,
        rules_version=rules.version,
        scanned_at=reading.now,
        due_at=reading.now + timedelta(seconds=ctx.settings.scan.every_seconds),
        attempts=0,
        last_error=None,
    )

"""Reading the calendars: only what changed, and only once what did not.

A calendar is read in full over a window of time, then by its cursor. The window reaches further
than the horizon, so that a new full reading is needed only when the horizon has used up what it
reaches further. Sources: docs/how-it-works.md#scanning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from nudger.domain.audience import judge
from nudger.domain.event import Event
from nudger.jobs.attempt import Failure, Work, attempt
from nudger.jobs.context import Context
from nudger.jobs.plan import Judged, keep_history, plan_meetings, withdraw_orphans
from nudger.jobs.rules import Rules, load_rules
from nudger.providers.base import Calendar, ChangePage, CursorExpired, Window
from nudger.store import calendars
from nudger.store.calendars import ClaimedCalendar, Seen
from nudger.store.leases import release
from nudger.store.people import Rep

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
    """One calendar being read: whose, from which cursor, what was known of it before."""

    claimed: ClaimedCalendar
    rep: Rep
    calendar: Calendar
    window: Window
    now: datetime


def scan(ctx: Context, only: Collection[int] | None = None) -> ScanReport:
    """Read every calendar that is due, or these reps' calendars at once."""
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
            pass
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
        inside = [event for event in page.events if _touches(event, window)]
        over = [event for event in page.events if event.end <= window.start]
        beyond = [event.event_id for event in page.events if event.start >= window.end]
        with ctx.database.begin() as tx:
            known = calendars.meetings_of(tx, reading.rep.id, [one.event_id for one in over])
            inside += [event for event in over if event.event_id in known]
            _apply(ctx, tx, rules, reading, inside, counted)
            _drop(ctx, tx, reading, [*page.removed, *beyond])
            _finish(ctx, tx, rules, reading, page, claimed.window_end)


def _read_fully(ctx: Context, rules: Rules, reading: Reading, counted: Counted) -> None:
    known, missing = _known(ctx, reading)
    same_rules = reading.claimed.rules_version == rules.version
    for page in reading.calendar.full(reading.window):
        missing.difference_update(event.event_id for event in page.events)
        fresh = [e for e in page.events if not (same_rules and known.get(e.event_id) == e.etag)]
        with ctx.database.begin() as tx:
            _apply(ctx, tx, rules, reading, fresh, counted)
            _drop(ctx, tx, reading, page.removed)
            if page.cursor is not None:
                _drop(ctx, tx, reading, missing)
            _finish(ctx, tx, rules, reading, page, reading.window.end)


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
    judged = [
        Judged(event, judge(event, reading.rep.email, rules.policy, reading.now))
        for event in events
    ]
    event_ids = [event.event_id for event in events]
    is_new = reading.claimed.is_new
    before = {} if is_new else calendars.meetings_of(tx, reading.rep.id, event_ids)
    planned = plan_meetings(ctx, tx, rules, reading.rep, judged, before)
    planned |= keep_history(ctx, tx, judged, before)
    calendars.save_seen(tx, reading.rep.id, _seen(judged, planned))
    for reason, meeting_ids in _no_longer(judged, before, planned):
        withdraw_orphans(ctx, tx, meeting_ids, reason)
    counted.events += len(events)
    counted.planned += len(planned)


def _seen(judged: Sequence[Judged], planned: dict[str, int]) -> Iterator[Seen]:
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
        )


def _no_longer(
    judged: Sequence[Judged], before: dict[str, int], planned: dict[str, int]
) -> Iterator[tuple[str, list[int]]]:
    """Meetings that these events were, and are not any more, each with the reason."""
    for one in judged:
        event_id = one.event.event_id
        if event_id in before and planned.get(event_id) != before[event_id]:
            yield one.verdict.reason.value, [before[event_id]]


def _drop(ctx: Context, tx: Connection, reading: Reading, removed: Collection[str]) -> None:
    """The calendar no longer shows these events."""
    if not removed:
        return
    gone = calendars.expand_removed(tx, reading.rep.id, removed)
    before = calendars.meetings_of(tx, reading.rep.id, gone)
    calendars.mark_removed(tx, reading.rep.id, gone, "removed")
    withdraw_orphans(ctx, tx, list(before.values()), "removed")


def _finish(
    ctx: Context,
    tx: Connection,
    rules: Rules,
    reading: Reading,
    page: ChangePage,
    window_end: datetime,
) -> None:
    """With the last page, keep its cursor and give the calendar back."""
    if page.cursor is None:
        return
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

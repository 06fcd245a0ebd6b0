"""Reading the calendars that are due: only what changed, and only once what did not."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import partial

from nudger.domain.availability import RepState
from nudger.domain.reasons import Reason, StepName
from nudger.jobs.planning.judged import Counts
from nudger.jobs.planning.reading import begin_reading
from nudger.providers.base import CursorExpired
from nudger.runtime.attempt import NO_FAULTS, Work
from nudger.runtime.context import Context
from nudger.runtime.courses import calendar_course
from nudger.runtime.policies import Rules, load_rules
from nudger.runtime.work_off import do_claimed, work_off
from nudger.store import audit, calendars, people
from nudger.store.calendars import ClaimedCalendar
from nudger.store.leases import Lease
from nudger.store.people import Rep


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What a scan did. `failures` maps a rep's address to one line."""

    calendars: int = 0
    events: int = 0
    planned: int = 0
    failures: dict[str, str] = field(default_factory=dict)


def scan(ctx: Context, only: Collection[int] | None = None) -> ScanReport:
    """Read every calendar that is due, or these reps' calendars at once."""
    take_back_reconnects(ctx)
    rules = _rules(ctx)
    began, done = ctx.clock(), set[int]()

    def claim(ctx: Context, room: int) -> list[tuple[Work, ClaimedCalendar]]:
        wanted = None if only is None else [rep_id for rep_id in only if rep_id not in done]
        with ctx.database.begin() as tx:
            claimed = calendars.claim_calendars(tx, ctx.claimant(), room, began, wanted)
        done.update(one.rep_id for one in claimed)
        return _pieces(rules, [one for one in claimed if one.rep_id in rules.reps_by_id])

    counts, failures = Counts(), {}
    width = ctx.settings.scan.calendars_at_once
    for work, result in work_off(ctx, claim, partial(_scan, rules), width):
        if isinstance(result, Counts):
            counts += result
        elif result not in NO_FAULTS and work.rep_id is not None:
            failures[rules.reps_by_id[work.rep_id].email] = result.message
    return ScanReport(len(done), counts.events, counts.planned, failures)


def scan_one(ctx: Context, rep_id: int) -> Counts:
    """Read this rep's calendar if it is due and free."""
    rules = _rules(ctx)
    with ctx.database.begin() as tx:
        claimed = calendars.claim_calendars(tx, ctx.claimant(), 1, ctx.clock(), only=rep_id)
    return sum(do_claimed(ctx, _pieces(rules, claimed), partial(_scan, rules)), Counts())


def _rules(ctx: Context) -> Rules:
    with ctx.database.read() as tx:
        return load_rules(tx, ctx.settings)


def _pieces(rules: Rules, claimed: Iterable[ClaimedCalendar]) -> list[tuple[Work, ClaimedCalendar]]:
    return [(_work(rules.reps_by_id[one.rep_id], one), one) for one in claimed]


def _work(rep: Rep, claimed: ClaimedCalendar) -> Work:
    course = calendar_course("scan", rep)
    return Work(claimed.lease, f"calendar of {rep.email}", claimed.attempts, rep.id, course)


def take_back_reconnects(ctx: Context) -> None:
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
            audit.record(tx, audit.Step(StepName.CONNECT, Reason.NOT_NEEDED, rep_id=rep_id), now)
        calendars.wake_calendars(tx, now)


def _scan(rules: Rules, ctx: Context, _lease: Lease, claimed: ClaimedCalendar) -> Counts:
    return _scan_calendar(ctx, rules, claimed)


def _scan_calendar(ctx: Context, rules: Rules, claimed: ClaimedCalendar) -> Counts:
    reading = begin_reading(ctx, rules, claimed)
    if reading.cursor_serves:
        try:
            return reading.read_changes()
        except CursorExpired:
            reading = begin_reading(ctx, rules, claimed)
    return reading.read_fully()

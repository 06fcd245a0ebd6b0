"""Whether what was set up works, and what it would do: by the files as they are now, whatever the
process that asks works by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from nudger.admin import dry_run
from nudger.admin.doctor import diagnose
from nudger.admin.doctor_checks import Check
from nudger.admin.dry_run import ScanPreview, Stretch
from nudger.admin.rewriting import file_of
from nudger.admin.setup.next_step import NextStep, next_step
from nudger.admin.setup.progress import progress_of
from nudger.config import load_settings
from nudger.runtime.context import Context
from nudger.runtime.startup import open_context
from nudger.store import people

A_WEEK = Stretch(ahead=timedelta(days=7))
MOST_REPS = 10
"""How many calendars are read for a page that somebody waits for."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the doctor found, and what to do next."""

    checks: tuple[Check, ...]
    next: NextStep

    @property
    def works(self) -> bool:
        return not any(one.fails for one in self.checks)


@dataclass(frozen=True, slots=True)
class Week:
    """What would be asked in the next seven days, to be said in `zone`; `reps` are those whose
    calendars were read, of `watched`."""

    zone: ZoneInfo
    preview: ScanPreview
    reps: tuple[str, ...]
    watched: int


def prove(ctx: Context) -> Proof:
    """Everything that `nudger doctor` looks at; the providers are asked."""
    checks = tuple(diagnose(file_of(ctx)))
    return Proof(checks, _next(ctx, checks))


def try_week(ctx: Context) -> Week:
    """Nothing is planned, sent or written. Raises `ConfigProblem`, and what opening the
    installation raises."""
    with open_context(load_settings(file_of(ctx)), ctx.clock) as now:
        with now.database.read() as tx:
            watched = people.list_reps(tx)
        reps = watched[:MOST_REPS]
        preview = dry_run.scan(now, reps, A_WEEK)
        zone = ZoneInfo(now.settings.time_zone)
        return Week(zone, preview, tuple(rep.email for rep in reps), len(watched))


def _next(ctx: Context, checks: Sequence[Check]) -> NextStep:
    return next_step(checks, progress_of(ctx).answers)

"""How everything stands, for the console: what `nudger doctor` finds on this machine and of the
systems that are set up, what waits, what fails. No calendar and no mailbox is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nudger import __version__
from nudger.admin.doctor_checks import Check
from nudger.admin.doctor_local import check_running
from nudger.admin.doctor_systems import check_systems
from nudger.admin.overview import overview
from nudger.runtime.context import Context
from nudger.store import counts
from nudger.store.counts import Queue


@dataclass(frozen=True, slots=True)
class Health:
    """`status` is what `nudger status --json` prints; `rounds` are those of this process's worker,
    with the moment when each last went well."""

    version: str
    status: Mapping[str, Any]
    checks: tuple[Check, ...]
    systems: tuple[Check, ...]
    queues: Mapping[str, Queue]
    reps: Mapping[str, int]
    rounds: Mapping[str, datetime | None]


def health_of(ctx: Context) -> Health:
    with ctx.database.read() as tx:
        queues, reps = counts.queues(tx, ctx.clock()), counts.reps_by_state(tx)
    checks, systems = tuple(check_running(ctx)), tuple(check_systems(ctx))
    return Health(__version__, overview(ctx), checks, systems, queues, reps, ctx.rounds.last())

"""What asking and understanding one mail cost in a new database and after a year of use."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from benchmarks.filling import fill
from benchmarks.life import ACT, moments_due
from benchmarks.office import office, rep_address
from benchmarks.sandbox import sandbox
from nudger.admin.audit_trail import seal_if_due
from nudger.admin.metrics import metrics_text
from nudger.admin.overview import overview
from nudger.domain.history import Grouping, tallies
from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.outgoing.past_meetings import past_meetings
from nudger.jobs.scan import scan
from nudger.jobs.tidy import tidy
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.runtime.context import Context
from nudger.store import outbox

REPS = 5
EVENTS = 30
RUNS = 3
REPORTS = {"report_90_days": 90, "report_400_days": 400}


@dataclass
class Spent:
    """Of this process: processor time, time in which the database worked for it, statements."""

    cpu: float = 0.0
    in_database: float = 0.0
    statements: int = 0
    pieces: int = 0

    def per_piece(self) -> dict[str, float]:
        pieces = max(1, self.pieces)
        return {
            "cpu_ms": 1000 * self.cpu / pieces,
            "database_ms": 1000 * self.in_database / pieces,
            "statements": self.statements / pieces,
        }


@dataclass
class Meter:
    """Adds what is spent within `on(name)` to that name."""

    spent: dict[str, Spent] = field(default_factory=dict)
    _began: float = 0.0
    _database: float = 0.0
    _statements: int = 0

    def watch(self, ctx: Context) -> None:
        event.listen(ctx.database.engine, "before_cursor_execute", self._before)
        event.listen(ctx.database.engine, "after_cursor_execute", self._after)

    @contextmanager
    def on(self, name: str) -> Iterator[Spent]:
        found = self.spent.setdefault(name, Spent())
        database, statements, cpu = self._database, self._statements, time.process_time()
        yield found
        found.cpu += time.process_time() - cpu
        found.in_database += self._database - database
        found.statements += self._statements - statements

    def _before(self, *_arguments: Any) -> None:
        self._began = time.perf_counter()

    def _after(self, *_arguments: Any) -> None:
        self._database += time.perf_counter() - self._began
        self._statements += 1


def measure(meetings: int, provider: str = "google") -> dict[str, Any]:
    """JSON: for each thing that is done, by number of past meetings, the median of several runs and
    the lowest and highest; `ratio` holds the year against the new database."""
    runs = {size: [_run(size, provider) for _ in range(RUNS)] for size in (0, meetings)}
    found = {size: _summary(several) for size, several in runs.items()}
    return {
        "meetings": meetings,
        "new": found[0],
        "year": found[meetings],
        "ratio": {
            name: {what: _ratio(year[what], found[0][name][what]) for what in year}
            for name, year in found[meetings].items()
            if name in ("asked", "understood", "idle_round")
        },
    }


def _ratio(after: dict[str, float], before: dict[str, float]) -> float:
    return round(after["median"] / max(before["median"], 1e-6), 2)


def _summary(runs: list[dict[str, Spent]]) -> dict[str, dict[str, dict[str, float]]]:
    return {
        name: {
            what: _spread([run[name].per_piece()[what] for run in runs])
            for what in ("cpu_ms", "database_ms", "statements")
        }
        for name in runs[0]
    }


def _spread(values: list[float]) -> dict[str, float]:
    ends = {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}
    return {name: round(value, 2) for name, value in ends.items()}


def _run(meetings: int, provider: str) -> dict[str, Spent]:
    """One life of a fleet's questions in a database with so many past meetings."""
    size = ("--fleet", f"{REPS}x{EVENTS}", "--provider", provider)
    with sandbox(*size) as box, office(box.url, REPS, provider) as ctx:
        if meetings:
            fill(ctx, meetings)
        scan(ctx)
        listen(ctx)
        meter = Meter()
        meter.watch(ctx)
        with ctx.database.read() as tx:
            last = outbox.last_due(tx) or ctx.clock()
        for moment in moments_due(ctx, last):
            with meter.on("asked") as spent:
                spent.pieces += ask(replace(ctx, clock=lambda at=moment: at))
        for number in range(REPS):
            box.reply(rep_address(number), "\n".join(f"{n}: {ACT}" for n in range(1, 13)))
        later = replace(ctx, clock=lambda: last + timedelta(minutes=30))
        with meter.on("listened") as spent:
            spent.pieces += listen(later)
        with meter.on("understood") as spent:
            spent.pieces += understand(later)
        with meter.on("written") as spent:
            spent.pieces += write(later)
        _measure_rounds(later, meter)
    return meter.spent


def _measure_rounds(ctx: Context, meter: Meter) -> None:
    """What the worker does over and over, and what an admin asks for."""
    ask(ctx)

    def idle() -> None:
        for step in (ask, understand, write, seal_if_due):
            step(ctx)

    def report(days: int) -> None:
        now = ctx.clock()
        tallies(past_meetings(ctx, now - timedelta(days=days), now), Grouping.REP)

    whole: dict[str, Callable[[], object]] = {
        "idle_round": idle,
        "tidy": lambda: tidy(ctx),
        "status": lambda: overview(ctx),
        "metrics": lambda: metrics_text(ctx),
    }
    for name, run in whole.items():
        with meter.on(name) as spent:
            run()
            spent.pieces += 1
    for name, days in REPORTS.items():
        with meter.on(name) as spent:
            report(days)
            spent.pieces += 1

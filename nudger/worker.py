"""Runs the jobs on a schedule until it is told to stop.

APScheduler only ticks: what is due is in the database, and a tick claims it. Several workers may
run on one database. SIGTERM and SIGINT end the piece of work in hand and then the process.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

from nudger.admin.audit_trail import seal_if_due
from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.outgoing.weekly import plan_weekly
from nudger.jobs.scan import scan
from nudger.jobs.tidy import tidy
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.runtime.context import Context

log = logging.getLogger(__name__)

Step = Callable[[Context], None]

GRACE_SECONDS = 9.0
TICK_SECONDS = 5
HOUR_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often each step looks for due work, in seconds."""

    outgoing: float = TICK_SECONDS
    incoming: float = TICK_SECONDS
    hourly: float = HOUR_SECONDS


def outgoing(ctx: Context) -> None:
    """Read the calendars that are due, then send the mails that are; seal what was recorded."""
    scan(ctx)
    ask(ctx)
    seal_if_due(ctx)


def incoming(ctx: Context) -> None:
    """Fetch what reps wrote, understand it, write it down and answer."""
    listen(ctx)
    understand(ctx)
    write(ctx)
    ask(ctx)


def hourly(ctx: Context) -> None:
    """Plan the weekly mails, forget what is no longer needed."""
    plan_weekly(ctx)
    tidy(ctx)


class Worker:
    """Ticks in background threads from `start` to `stop`."""

    def __init__(self, ctx: Context, schedule: Schedule = Schedule()) -> None:
        self._ctx = ctx
        self._schedule = schedule
        self._scheduler = BackgroundScheduler(timezone="UTC")
        steps: tuple[Step, ...] = (outgoing, incoming, hourly)
        self._in_hand = {step: threading.Lock() for step in steps}

    def start(self) -> None:
        """Begin ticking; the first ticks come at once."""
        seconds = (self._schedule.outgoing, self._schedule.incoming, self._schedule.hourly)
        for step, interval in zip(self._in_hand, seconds, strict=True):
            self._scheduler.add_job(
                self._tick,
                "interval",
                args=(step,),
                seconds=interval,
                id=step.__name__,
                coalesce=True,
                next_run_time=datetime.now(UTC),
                misfire_grace_time=None,
            )
        self._scheduler.start()

    def stop(self) -> bool:
        """End the work in hand; false when it does not end within the grace."""
        self._ctx.stop.set()
        self._scheduler.remove_all_jobs()
        deadline = time.monotonic() + GRACE_SECONDS
        ended = all(
            lock.acquire(timeout=max(0.0, deadline - time.monotonic()))
            for lock in self._in_hand.values()
        )
        self._scheduler.shutdown(wait=False)
        return ended

    def _tick(self, step: Step) -> None:
        if self._ctx.stop.is_set():
            return
        with self._in_hand[step]:
            try:
                self._ctx.vault.refresh()
                step(self._ctx)
            except Exception:  # a tick that fails must not end the worker
                log.exception("%s failed; the next tick tries again", step.__name__)


def run(ctx: Context) -> None:
    """Work until SIGTERM or SIGINT; then end within ten seconds, whatever is in hand."""

    def told_to_stop(_number: int, _frame: FrameType | None) -> None:
        ctx.stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told_to_stop)
    worker = Worker(ctx)
    worker.start()
    log.info("worker %s runs", ctx.owner)
    ctx.stop.wait()
    if not worker.stop():
        log.warning("stopped in the middle of a step: its lease runs out by itself")
        logging.shutdown()
        os._exit(0)
    log.info("worker has stopped")

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
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor as Rounds
from apscheduler.schedulers.background import BackgroundScheduler

from nudger.admin.audit_trail import seal_if_due
from nudger.admin.heartbeat import watch
from nudger.jobs.ask import ask
from nudger.jobs.channel_day import post_channel_days
from nudger.jobs.heed import heed
from nudger.jobs.listen import listen
from nudger.jobs.outgoing.admin_weekly import plan_admin_weekly
from nudger.jobs.outgoing.weekly import plan_weekly
from nudger.jobs.scan import scan
from nudger.jobs.settle import settle
from nudger.jobs.subscribe import subscribe
from nudger.jobs.telling.deliver import deliver
from nudger.jobs.telling.notices import note_unanswered
from nudger.jobs.tidy import tidy
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.runtime.context import Context
from nudger.runtime.measures import ROUNDS_FAILED, step_timed
from nudger.runtime.memory import settle as settle_memory
from nudger.runtime.receivers import receivers_of
from nudger.runtime.told_to_stop import setter_of
from nudger.store import hints

log = logging.getLogger(__name__)

Step = Callable[[Context], None]

GRACE_SECONDS = 9.0
TICK_SECONDS = 5
WAKE_SECONDS = 1
FOLLOW_SECONDS = 0.5
SUBSCRIBE_SECONDS = 30
HOUR_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often each step looks for due work, in seconds."""

    outgoing: float = TICK_SECONDS
    incoming: float = TICK_SECONDS
    hourly: float = HOUR_SECONDS
    lanes: float = TICK_SECONDS
    channels: float = SUBSCRIBE_SECONDS
    woken: float = WAKE_SECONDS


def outgoing(ctx: Context) -> None:
    """Read the calendars that are due, then send the mails that are; note the calls that began
    without an answer; seal what was recorded."""
    each(ctx, scan, ask, settle, post_channel_days, note_unanswered, seal_if_due)


def incoming(ctx: Context) -> None:
    """Fetch what reps wrote, understand it, write it down and answer."""
    _each_after(ctx, listen, understand, heed, write)
    each(ctx, ask, settle)


def hourly(ctx: Context) -> None:
    """Plan the weekly mails, forget what is no longer needed."""
    each(ctx, plan_weekly, plan_admin_weekly, tidy)


def channels(ctx: Context) -> None:
    """See to it that providers tell of changes."""
    each(ctx, subscribe)


def woken(ctx: Context) -> None:
    """Do at once what a hint of a provider wants done, which is nothing most of the time."""
    if not ctx.settings.push_is_on:
        return
    with ctx.database.read() as tx:
        hinted = hints.what_is_due(tx, ctx.clock())
    if "calendar" in hinted:
        each(ctx, scan, ask)
    if "mailbox" in hinted:
        _each_after(ctx, listen, understand, write)
        each(ctx, ask)


def _each_after(ctx: Context, *steps: Callable[[Context], object]) -> None:
    """One step after the other; where one takes long, the next deals meanwhile with what it left so
    far."""
    if ctx.pool.is_of_one:
        each(ctx, *steps)
        return
    with ThreadPoolExecutor(len(steps), "step") as threads:
        before: Future[None] | None = None
        for step in steps:
            before = threads.submit(_until_after, ctx, step, before)
    if before is not None:
        before.result()


def _until_after(
    ctx: Context, step: Callable[[Context], object], before: Future[None] | None
) -> None:
    """Take the step again and again until the one `before` has ended, and once more."""
    while before is not None and wait([before], FOLLOW_SECONDS).not_done:
        each(ctx, step)
    if before is not None:
        before.result()
    each(ctx, step)


def each(ctx: Context, *steps: Callable[[Context], object]) -> None:
    """One step after the other, each of them timed."""
    for step in steps:
        with step_timed(step.__name__):
            step(ctx)


def lane_to(receiver: str) -> Step:
    """The round that tells one receiver, whatever others do meanwhile."""

    def lane(ctx: Context) -> None:
        with step_timed("deliver"):
            deliver(ctx, receiver)

    lane.__name__ = f"lane to {receiver}"
    return lane


WATCHED: tuple[Step, ...] = (outgoing, incoming)
"""The rounds by which we are known to work."""


def expect_rounds(ctx: Context) -> None:
    """Have whoever asks this process know that a worker begins, which is not ready yet."""
    ctx.rounds.expect(step.__name__ for step in WATCHED)


Steps = tuple[Step, Step, Step, Step, Step]
"""What is done in the order of `Schedule`, but for the lanes."""


class Worker:
    """Ticks in background threads from `start` to `stop`."""

    def __init__(
        self,
        ctx: Context,
        schedule: Schedule = Schedule(),
        steps: Steps = (outgoing, incoming, hourly, channels, woken),
    ) -> None:
        self._ctx = replace(ctx, leaves_behind=True)
        self._schedule = schedule
        # A step that takes longer than its interval is no fault, and the library warns of it.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._lanes = tuple(lane_to(name) for name in receivers_of(ctx.settings))
        self._in_hand = {step: threading.Lock() for step in (*steps, watch, *self._lanes)}
        threads = {"default": Rounds(len(self._in_hand) + 2)}
        self._scheduler = BackgroundScheduler(timezone="UTC", executors=threads)
        expect_rounds(ctx)

    def start(self) -> None:
        """Begin ticking; the first ticks come at once, but for how it goes there must be
        something to tell."""
        chosen, watched = self._schedule, self._ctx.settings.watch.ping_every_minutes * 60
        each_lane = [chosen.lanes] * len(self._lanes)
        seconds = (
            chosen.outgoing, chosen.incoming, chosen.hourly, chosen.channels, chosen.woken, watched,
            *each_lane,
        )  # fmt: skip
        now = datetime.now(UTC)
        for step, interval in zip(self._in_hand, seconds, strict=True):
            self._scheduler.add_job(
                self._tick,
                "interval",
                args=(step,),
                seconds=interval,
                id=step.__name__,
                coalesce=True,
                next_run_time=now + timedelta(seconds=interval if step == watch else 0),
                misfire_grace_time=None,
            )
        self._scheduler.start()

    def stop(self) -> bool:
        """End the work in hand; false when it does not end within the grace."""
        self._ctx.stop.set()
        self._scheduler.remove_all_jobs()
        deadline = time.monotonic() + GRACE_SECONDS
        ended = all(_is_free_by(deadline, lock) for lock in self._in_hand.values())
        self._scheduler.shutdown(wait=False)
        return ended and self._ctx.pool.is_idle_within(deadline - time.monotonic())

    def _tick(self, step: Step) -> None:
        with self._in_hand[step]:
            if self._ctx.stop.is_set():
                return
            try:
                self._ctx.vault.refresh()
                step(self._ctx)
                self._ctx.rounds.went(step.__name__, self._ctx.clock())
            except Exception:  # a tick that fails must not end the worker
                self._ctx.rounds.went(step.__name__, None)
                ROUNDS_FAILED.labels(step.__name__).inc()
                facts = {"event": "round_failed", "round": step.__name__}
                line = "%s failed; the next tick tries again"
                log.exception(line, step.__name__, extra={"facts": facts})


def _is_free_by(deadline: float, lock: threading.Lock) -> bool:
    """Whether it can be taken by then. It is given back: a tick that comes too late for it, and
    finds that all is over, must end as well."""
    if not lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
        return False
    lock.release()
    return True


def stop_when_told(ctx: Context) -> None:
    """Have `ctx.stop` set by SIGTERM and SIGINT."""

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, setter_of(ctx.stop))


def run(ctx: Context) -> None:
    """Work until SIGTERM or SIGINT; then end within ten seconds, whatever is in hand."""
    stop_when_told(ctx)
    settle_memory()
    worker = Worker(ctx)
    worker.start()
    log.info("worker %s runs", ctx.owner, extra={"facts": {"event": "worker_runs"}})
    ctx.stop.wait()
    if not worker.stop():
        line = "stopped in the middle of a step: its lease runs out by itself"
        log.warning(line, extra={"facts": {"event": "worker_cut_off"}})
        logging.shutdown()
        os._exit(0)
    log.info("worker has stopped", extra={"facts": {"event": "worker_stopped"}})

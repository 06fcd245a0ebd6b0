"""One worker among many: it takes what the broker delivers, and is ready to hand out for all.

While the broker cannot be heard it looks for its work itself, as the worker that stands alone.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import replace

from celery.worker import WorkController, state

from nudger import worker
from nudger.admin.audit_trail import seal_if_due
from nudger.engine.app import App
from nudger.engine.handing_out import FETCHES_AT_ONCE
from nudger.engine.leader import Leader
from nudger.engine.threads import Threads
from nudger.jobs.channel_day import post_channel_days
from nudger.jobs.heed import heed
from nudger.jobs.listen import ensure_mailboxes
from nudger.jobs.scan import take_back_reconnects
from nudger.jobs.settle import settle
from nudger.jobs.telling.notices import note_unanswered
from nudger.runtime.context import Context
from nudger.runtime.memory import settle as settle_memory
from nudger.runtime.pool import Pool
from nudger.worker import GRACE_SECONDS, Schedule, Worker, channels, hourly, stop_when_told

log = logging.getLogger(__name__)

AGAIN_AFTER_SECONDS = 2.0
USUAL = Schedule()


class Engine:
    """Works from `start` to `stop`."""

    def __init__(self, ctx: Context, url: str, schedule: Schedule = USUAL) -> None:
        self._ctx = ctx
        self._takes = replace(ctx, pool=Pool(FETCHES_AT_ONCE), leaves_behind=True)
        self._app = App(self._takes, url)
        self._leader = Leader(ctx, self._app)
        self._thread = threading.Thread(target=self._take, name="celery", daemon=True)
        steps = (self.outgoing, self.incoming, hourly, channels, self.woken)
        self._rounds = Worker(ctx, schedule, steps)

    @property
    def is_heard(self) -> bool:
        """Whether work comes by the broker."""
        return self._app.is_heard.is_set() and self._leader.is_well

    def start(self) -> None:
        state.should_stop = state.should_terminate = None
        self._thread.start()
        self._leader.start()
        self._rounds.start()

    def stop(self) -> bool:
        """End the work in hand; false when it does not end within the grace."""
        deadline = time.monotonic() + GRACE_SECONDS
        self._ctx.stop.set()
        state.should_stop = os.EX_OK
        has_ended = self._rounds.stop()
        for part in (self._leader, self._thread):
            part.join(max(0.0, deadline - time.monotonic()))
        return has_ended and not self._thread.is_alive()

    def outgoing(self, ctx: Context) -> None:
        """What no message is needed for; and all, while none come."""
        if self.is_heard:
            take_back_reconnects(ctx)
            worker.each(ctx, settle, post_channel_days, note_unanswered, seal_if_due)
        else:
            worker.outgoing(ctx)

    def incoming(self, ctx: Context) -> None:
        """The same."""
        if self.is_heard:
            ensure_mailboxes(ctx)
            worker.each(ctx, heed, settle)
        else:
            worker.incoming(ctx)

    def woken(self, ctx: Context) -> None:
        """The same: who hands out sees at once what a hint has made due."""
        if not self.is_heard:
            worker.woken(ctx)

    def _take(self) -> None:
        """Take what the broker delivers, from whenever it can be reached."""
        while not self._ctx.stop.is_set():
            try:
                self._app.declare()
                controller = WorkController(
                    app=self._app,
                    hostname=f"nudger@{self._ctx.owner.replace(':', '-')}",
                    pool_cls=Threads,
                    concurrency=self._ctx.settings.at_once,
                    task_events=True,
                    without_gossip=True,
                    without_mingle=True,
                )
                controller.start()
            except Exception as error:  # the rounds do the work meanwhile
                log.warning("the broker cannot be used: %s", error, extra=_TOLD)
            self._ctx.stop.wait(AGAIN_AFTER_SECONDS)


_TOLD = {"facts": {"event": "broker_away"}}


def run(ctx: Context, url: str) -> None:
    """Work until SIGTERM or SIGINT; then end within ten seconds, whatever is in hand."""
    stop_when_told(ctx)
    settle_memory()
    engine = Engine(ctx, url)
    engine.start()
    log.info("worker %s runs", ctx.owner, extra={"facts": {"event": "worker_runs"}})
    ctx.stop.wait()
    if not engine.stop():
        line = "stopped in the middle of a piece: its lease runs out by itself"
        log.warning(line, extra={"facts": {"event": "worker_cut_off"}})
        logging.shutdown()
        os._exit(0)
    log.info("worker has stopped", extra={"facts": {"event": "worker_stopped"}})

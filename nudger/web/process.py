"""The pages in a process of their own beside a worker, which has the interpreter to itself.

The worker listens and the process takes what comes, so that nobody is turned away while one that
died is followed by another. They share rows and no memory: the process is given the settings, and
then once a second what the worker counted and when its rounds went well, for `/metrics` and
`/readyz`. It ends when nothing can come any more, however the worker ended.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection as Line
from types import TracebackType
from typing import Self

from prometheus_client import Metric
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from nudger.config import Settings
from nudger.runtime.context import Context
from nudger.runtime.measures import OF_THIS_PROCESS
from nudger.store.controls import pages_came_back, pages_went_down
from nudger.store.database import DatabaseProblem
from nudger.web.listening import GRACE_SECONDS, listening_socket

log = logging.getLogger(__name__)

STARTS_WITHIN_SECONDS = 60.0
TOLD_EVERY_SECONDS = 1.0
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
ENDS_TOGETHER_SECONDS = 0.5
"""After that a process that ended before us was not stopped by what stops us too."""
COMMAND = (sys.executable, "-m", "nudger.web.process_main")
READY = "ready"


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """How the worker stands."""

    rounds: Mapping[str, datetime | None]
    measures: Sequence[Metric]


@dataclass(frozen=True, slots=True)
class Start:
    """What the process is told first. `begin_logging` has it log as we do; `socket` is the number
    of the one that it takes requests from."""

    settings: Settings
    clock: Callable[[], datetime]
    begin_logging: Callable[[], None]
    socket: int
    worker: WorkerStatus


class PagesProcess:
    """Has the pages served while the `with` block lasts. Raises `OSError` where the address is
    taken. `begin_logging` and the context's clock are functions that another process can import.
    """

    def __init__(self, ctx: Context, begin_logging: Callable[[], None]) -> None:
        self._ctx = ctx
        self._socket = listening_socket(ctx.settings.web.address)
        self._begin_logging = begin_logging
        self._is_over, self._has_begun = threading.Event(), threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="pages", daemon=True)

    def __enter__(self) -> Self:
        self._keeper.start()
        self._has_begun.wait(STARTS_WITHIN_SECONDS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._keeper.join(GRACE_SECONDS + 1)
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._socket.close()
        self._note(pages_came_back)

    def _keep(self) -> None:
        """Another process after each that ended, at first soon, then with longer pauses."""
        pause = SHORTEST_PAUSE_SECONDS
        while not self._is_over.is_set():
            began = time.monotonic()
            status = None
            try:
                status = self._serve_once()
            except Exception:  # such as no memory for another process: later there may be
                log.exception("the process of the pages cannot be kept")
            self._has_begun.set()
            if self._is_over.is_set() or self._ctx.stop.wait(ENDS_TOGETHER_SECONDS):
                return
            self._note(partial(pages_went_down, now=self._ctx.clock()))
            if time.monotonic() - began > LONGEST_PAUSE_SECONDS:
                pause = SHORTEST_PAUSE_SECONDS
            facts = {"event": "pages_ended", "status": status, "again_in": pause}
            line = "the process of the pages ended with %s; another begins in %d s"
            log.error(line, status, pause, extra={"facts": facts})
            self._is_over.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _serve_once(self) -> int | None:
        ours, theirs = Pipe()
        passed = (theirs.fileno(), self._socket.fileno())
        with ours:
            with theirs:
                process = self._process = subprocess.Popen(  # noqa: S603 - this very program
                    [*COMMAND, str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    pass_fds=passed,
                    env=_environment(),
                )
            with suppress(OSError, EOFError):
                self._talk(ours, process)
        with suppress(subprocess.TimeoutExpired):
            return process.wait(GRACE_SECONDS)
        process.kill()
        return process.wait()

    def _talk(self, line: Line, process: subprocess.Popen[bytes]) -> None:
        ctx, socket = self._ctx, self._socket.fileno()
        line.send(Start(ctx.settings, ctx.clock, self._begin_logging, socket, self._status()))
        if not line.poll(STARTS_WITHIN_SECONDS) or line.recv() != READY:
            return
        self._has_begun.set()
        self._note(pages_came_back)
        while process.poll() is None and not self._is_over.wait(TOLD_EVERY_SECONDS):
            line.send(self._status())

    def _note(self, change: Callable[[Connection], object]) -> None:
        """Have `nudger status` know, which cannot ask this process. The log knows in any case."""
        try:
            with self._ctx.database.begin() as tx:
                change(tx)
        except (SQLAlchemyError, DatabaseProblem) as error:
            log.warning("that pages went or came cannot be noted: %s", type(error).__name__)

    def _status(self) -> WorkerStatus:
        return WorkerStatus(self._ctx.rounds.last(), list(OF_THIS_PROCESS.collect()))


def _environment() -> dict[str, str]:
    """Ours, and the modules from where ours come."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

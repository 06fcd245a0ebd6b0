"""The process that serves the pages beside a worker: `python -m nudger.web.process_main FD`, where
FD is its line to the worker. It does nothing by itself, and ends with that line."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from multiprocessing.connection import Connection

from nudger.domain.coach import coach
from nudger.domain.domain_names import suffix_list
from nudger.runtime.context import Context
from nudger.runtime.measures import OF_THE_WORKER
from nudger.runtime.startup import open_context
from nudger.runtime.told_to_stop import setter_of
from nudger.web.process import READY, Start, WorkerStatus
from nudger.web.serving import WebServer, learn_data_keys


def main() -> None:
    line = Connection(int(sys.argv[1]))
    start = line.recv()
    assert isinstance(start, Start)  # noqa: S101 - the worker's first word
    start.begin_logging()
    stop = _stop_when_told()
    listening = socket.socket(fileno=start.socket)
    with open_context(start.settings, start.clock, stop) as ctx:
        _warm_up()
        _know(ctx, start.worker)
        with WebServer(ctx, listening):
            line.send(READY)
            threading.Thread(target=_listen, args=(line, ctx), name="worker", daemon=True).start()
            stop.wait()


def _stop_when_told() -> threading.Event:
    """Ctrl-C reaches all that was started with a command; when we end then, the worker says."""
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, setter_of(stop))
    return stop


def _listen(line: Connection, ctx: Context) -> None:
    """Know what the worker tells, and the data keys that were made since, until it ends."""
    try:
        while True:
            status = line.recv()
            assert isinstance(status, WorkerStatus)  # noqa: S101 - it says nothing else
            _know(ctx, status)
            learn_data_keys(ctx)
    except (EOFError, OSError):
        pass
    finally:
        ctx.stop.set()


def _warm_up() -> None:
    """Read what every page and every answer needs, before the first reader waits for it."""
    suffix_list()
    coach("The customer will sign the contract of the pilot by Friday")


def _know(ctx: Context, worker: WorkerStatus) -> None:
    OF_THE_WORKER.adopt(worker.measures)
    ctx.rounds.adopt(worker.rounds)


if __name__ == "__main__":
    main()

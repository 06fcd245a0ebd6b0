"""How a Celery worker does our pieces: on threads, since they wait for networks.

Each queue delivers as many pieces at a time as `at_once`, and each has threads for all of these: a
queue that is full of what hangs keeps no other waiting.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from celery.concurrency.thread import TaskPool
from celery.worker.consumer import Consumer
from celery.worker.loops import synloop

from nudger.jobs.due import QUEUES

LOOKS_EVERY_SECONDS = 0.05
HEARTBEAT_SECONDS = 30
"""After two of these without a word from the broker its connection counts as lost; what lies
between, and forgets connections on which nothing comes, sees something come
(https://www.rabbitmq.com/docs/heartbeats)."""


class Threads(TaskPool):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.executor = ThreadPoolExecutor(self.limit * len(QUEUES), "piece")

    def on_stop(self) -> None:
        """What goes on may end by itself; what it leaves open the broker delivers to another."""
        self.executor.shutdown(wait=False, cancel_futures=True)


class OneWriter(Consumer):  # type: ignore[misc]
    """Has all be said to the broker by the one thread that listens to it: a connection is not for
    several. That thread looks often whether anything is to be said."""

    class Blueprint(Consumer.Blueprint):  # type: ignore[misc]
        """Without the exchanges for messages that are due later: ours are due."""

        default_steps = tuple(
            step for step in Consumer.Blueprint.default_steps if "delayed_delivery" not in step
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Without Celery's event loop: nothing runs it here, and what it was told to say, "done"
        above all, it would keep for ever."""
        super().__init__(*args, **{**kwargs, "hub": None})

    def connect(self) -> Any:
        return self.connection_for_read(heartbeat=HEARTBEAT_SECONDS)

    def call_soon_ack(self, p: Any, *args: Any, **kwargs: Any) -> Any:
        return self.call_soon(p, *args, **kwargs)

    def loop(self, obj: Any, connection: Any, *others: Any, **kwargs: Any) -> None:
        obj.app.is_heard.set()
        try:
            synloop(obj, _Impatient(connection), *others, **kwargs)
        finally:
            obj.app.is_heard.clear()


class _Impatient:
    """A connection that is never waited for longer than a moment, and is kept alive meanwhile."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def drain_events(self, timeout: float) -> Any:
        self._connection.heartbeat_check()
        return self._connection.drain_events(timeout=min(timeout, LOOKS_EVERY_SECONDS))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

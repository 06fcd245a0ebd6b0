"""The Celery application: the queues of work, and what is done for a message."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from celery import Celery
from celery.exceptions import Reject

from nudger.engine.threads import OneWriter
from nudger.jobs.ask import send_one
from nudger.jobs.due import QUEUES, Piece
from nudger.jobs.listen import listen_one
from nudger.jobs.scan import scan_one
from nudger.jobs.understand import understand_one
from nudger.jobs.write import write_one
from nudger.runtime.broker import declared, declared_dead, queue_name
from nudger.runtime.context import Context

LONGEST_SILENCE_SECONDS = 10

DO_ONE: dict[str, Callable[[Context, Any], object]] = {
    "listen": listen_one,
    "send": send_one,
    "understand": understand_one,
    "write": write_one,
    "scan": scan_one,
}


class App(Celery):  # type: ignore[misc]
    """`is_heard` is set while the broker delivers to this process."""

    def __init__(self, ctx: Context, url: str) -> None:
        super().__init__("nudger", set_as_current=False)
        self.is_heard = threading.Event()
        self.conf.update(
            broker_url=url,
            broker_connection_timeout=4,
            broker_connection_max_retries=None,
            broker_connection_retry_on_startup=True,
            broker_transport_options={
                "confirm_publish": True,
                "read_timeout": LONGEST_SILENCE_SECONDS,
                "write_timeout": LONGEST_SILENCE_SECONDS,
            },
            task_queues=[declared(queue) for queue in QUEUES],
            task_default_queue=queue_name(QUEUES[0]),
            task_create_missing_queues=False,
            task_acks_late=True,
            task_ignore_result=True,
            task_publish_retry=False,
            task_send_sent_event=False,
            worker_prefetch_multiplier=1,
            worker_consumer=f"{OneWriter.__module__}:{OneWriter.__qualname__}",
            worker_hijack_root_logger=False,
            worker_cancel_long_running_tasks_on_connection_loss=False,
        )
        for queue in QUEUES:
            self._take_in(ctx, queue)

    def hand_out(self, piece: Piece) -> None:
        """Have somebody do this piece; returns when the broker has it for good. Raises
        `kombu.exceptions.OperationalError`."""
        self.send_task(_task_name(piece.queue), (piece.key,), queue=queue_name(piece.queue))

    def declare(self) -> None:
        """Make the queues where there are none. Raises as `hand_out`."""
        with self.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=4)
            for queue in (declared_dead(), *map(declared, QUEUES)):
                queue(connection.default_channel).declare()

    def _take_in(self, ctx: Context, queue: str) -> None:
        def do(key: int | str) -> None:
            if ctx.stop.is_set():
                raise Reject(requeue=True)
            DO_ONE[queue](ctx, key)

        self.task(do, name=_task_name(queue))


def _task_name(queue: str) -> str:
    return f"nudger.{queue}"

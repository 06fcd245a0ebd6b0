"""A real broker for tests: RabbitMQ, where `.ci/with_rabbitmq` runs it."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from kombu import Connection

from nudger.jobs.due import QUEUES
from nudger.runtime import broker
from nudger.runtime.broker import DEAD, queue_name
from tests.databases import SERVER
from tests.waiting import PATIENCE, is_running, wait_for

URL = os.environ.get("NUDGER_TEST_RABBITMQ", "")
needs_broker = pytest.mark.skipif(
    not (URL and SERVER), reason="needs .ci/with_postgresql .ci/with_rabbitmq"
)


class RabbitMQ:
    url = URL

    def __init__(self) -> None:
        self._folder = Path(os.environ["NUDGER_TEST_RABBITMQ_FOLDER"])

    @property
    def _process_id(self) -> int:
        return int((self._folder / "pid").read_text())

    def kill(self) -> None:
        """Returns once its port and its name are free for another."""
        process_id = self._process_id
        os.kill(process_id, signal.SIGKILL)
        wait_for(lambda: not is_running(process_id))

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It says nothing in the block, and its connections stay open."""
        os.kill(self._process_id, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._process_id, signal.SIGCONT)

    def start(self) -> None:
        subprocess.run([self._folder / "start"], check=True)

    def empty(self) -> None:
        with Connection(URL) as connection:
            for name in (DEAD, *map(queue_name, QUEUES)):
                connection.default_channel.queue_delete(name)

    @property
    def answers(self) -> bool:
        try:
            with Connection(URL, connect_timeout=PATIENCE) as connection:
                connection.connect()
        except OSError:
            return False
        return True


@contextmanager
def broker_alone() -> Iterator[RabbitMQ | None]:
    """The broker, empty, and no other test's meanwhile; nothing where there is none."""
    if not URL:
        yield None
        return
    found = RabbitMQ()
    with (found._folder / "start").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.answers:
            found.start()
        found.empty()
        broker._SEEN.clear()  # what another test saw of it at such a time
        yield found

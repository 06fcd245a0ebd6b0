"""The queues of work at the message broker: RabbitMQ's quorum queues, which survive the death of a
server and count how often a message was delivered.

Sources: RabbitMQ, quorum queues (x-delivery-limit, at-least-once dead lettering).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

PREFIX = "nudger."
DEAD = f"{PREFIX}dead"
DELIVERIES = 5
"""What ended its worker as often goes to the dead letters. Its row stays and is handed out again,
until it is set aside."""
DEAD_FOR_MS = 86_400_000
SECONDS_TO_CONNECT = 2
KNOWN_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Broker:
    """How it is: whether it answers, and how many dead letters of the last day lie there."""

    answers: bool
    dead_letters: int = 0


_SEEN: dict[str, tuple[datetime, Broker]] = {}
_GLANCES = threading.Lock()


def queue_name(queue: str) -> str:
    return PREFIX + queue


def declared(queue: str) -> Any:
    """The queue of one kind of work, as a `kombu.Queue`."""
    return _queue(
        queue_name(queue),
        {
            "x-delivery-limit": DELIVERIES,
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": DEAD,
        },
    )


def declared_dead() -> Any:
    """Where dead letters lie."""
    return _queue(DEAD, {"x-message-ttl": DEAD_FOR_MS})


def glance_at(url: str, now: datetime) -> Broker:
    """As `look_at`, once a minute at most in this process: whoever asks often is not to open a
    connection each time."""
    with _GLANCES:
        seen = _SEEN.get(url)
        if seen is None or not timedelta() <= now - seen[0] < KNOWN_FOR:
            seen = _SEEN[url] = now, look_at(url)
        return seen[1]


def look_at(url: str) -> Broker:
    """Ask the broker how it is; nothing is made there."""
    from amqp.exceptions import NotFound  # noqa: PLC0415 - an extra, asked for where it is set up
    from kombu import Connection  # noqa: PLC0415

    with Connection(url, connect_timeout=SECONDS_TO_CONNECT) as connection:
        try:
            connection.connect()
            found = connection.default_channel.queue_declare(DEAD, passive=True)
        except NotFound:
            return Broker(answers=True)
        except (*connection.connection_errors, *connection.channel_errors):
            return Broker(answers=False)
    return Broker(answers=True, dead_letters=found.message_count)


def _queue(name: str, arguments: dict[str, Any]) -> Any:
    from kombu import Exchange, Queue  # noqa: PLC0415

    quorum = {"x-queue-type": "quorum", **arguments}
    return Queue(name, Exchange(""), routing_key=name, queue_arguments=quorum)

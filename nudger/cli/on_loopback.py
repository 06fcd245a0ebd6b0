"""What commands share that serve on this machine alone until they are stopped."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from nudger.runtime.told_to_stop import setter_of

DEFAULT_PORT = 8765
LAST_PORT = 65535


def known_port(port: int | None) -> int | None:
    if port is not None and not 0 <= port <= LAST_PORT:
        raise typer.BadParameter(f"a port is a number from 0 to {LAST_PORT}.")
    return port


def port_taken(port: int, error: OSError) -> str:
    """What to do about it, in a line."""
    return f"Port {port} cannot be used ({error.strerror}): choose another with --port."


@contextmanager
def told_to_stop() -> Iterator[threading.Event]:
    """Set by Ctrl-C and SIGTERM, which interrupt nothing: what was begun is taken down in order."""
    stop = threading.Event()
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, setter_of(stop)) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)

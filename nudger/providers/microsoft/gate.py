"""No more calls at a time than a mailbox takes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PLACES = 4


class Gates:
    """A gate for each mailbox, shared by all that call it: a call takes places and gives them back.

    Calls are let in one after the other in the order they came, so that one that needs all places
    gets them.
    """

    def __init__(self, places: int = PLACES) -> None:
        self._places = places
        self._lock = threading.Lock()
        self._gates: dict[str, _Gate] = {}

    @contextmanager
    def hold(self, mailbox: str, places: int = 1) -> Iterator[None]:
        """Wait for `places` of `mailbox` and keep them for the block."""
        gate = self._gate(mailbox)
        places = min(places, self._places)
        gate.enter(places)
        try:
            yield
        finally:
            gate.leave(places)

    def _gate(self, mailbox: str) -> _Gate:
        with self._lock:
            return self._gates.setdefault(mailbox, _Gate(self._places))


class _Gate:
    def __init__(self, places: int) -> None:
        self._free = places
        self._turn = threading.Lock()
        self._changed = threading.Condition()

    def enter(self, places: int) -> None:
        with self._turn, self._changed:
            self._changed.wait_for(lambda: self._free >= places)
            self._free -= places

    def leave(self, places: int) -> None:
        with self._changed:
            self._free += places
            self._changed.notify()

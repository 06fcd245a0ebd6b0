"""When each round of the worker last went well: what its health is told by."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime


class Rounds:
    """Empty where no worker belongs to this process. Moments are UTC; `None` is for never, or not
    since a failure."""

    def __init__(self) -> None:
        self._last: dict[str, datetime | None] = {}
        self._lock = threading.Lock()

    def expect(self, names: Iterable[str]) -> None:
        """A worker that goes these rounds is in this process."""
        with self._lock:
            self._last = dict.fromkeys(names)

    def went(self, name: str, at: datetime | None) -> None:
        """A round went well, or failed. Of rounds that nobody expects nothing is kept."""
        with self._lock:
            if name in self._last:
                self._last[name] = at

    def adopt(self, last: Mapping[str, datetime | None]) -> None:
        """A worker in another process, which works for the same, goes these rounds."""
        with self._lock:
            self._last = dict(last)

    def last(self) -> Mapping[str, datetime | None]:
        with self._lock:
            return dict(self._last)

"""How often somebody may try what only guessing needs often."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

MOST_KEPT = 10_000


class Limiter:
    """Counts tries by who makes them; `most` of them pass `within` the time before now. What is
    counted lives in this process: a second one doubles what passes."""

    def __init__(self, most: int, within: timedelta, clock: Callable[[], datetime]) -> None:
        self._most, self._within, self._clock = most, within, clock
        self._tries: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def is_exhausted(self, who: str) -> bool:
        with self._lock:
            return len(self._recent(who)) >= self._most

    def count(self, who: str) -> None:
        with self._lock:
            self._recent(who).append(self._clock())
            self._tries.move_to_end(who)
            while len(self._tries) > MOST_KEPT:
                self._tries.popitem(last=False)

    def _recent(self, who: str) -> deque[datetime]:
        tries, oldest = self._tries.setdefault(who, deque()), self._clock() - self._within
        while tries and tries[0] < oldest:
            tries.popleft()
        return tries

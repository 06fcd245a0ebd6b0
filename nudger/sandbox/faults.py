"""Scripted faults: this call, at this turn, fails in this way, before or after its effect."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """Matches the `nth` call (from 1) of `method`, or of every method for "*", and those after it:
    `times` in all, `None` for every one until `reset`.

    `effect` true lets the call take effect first. `status` 0 closes the connection in the middle of
    the answer, with "no_byte" as `reason` before its first byte; "silent" gives no answer until
    the caller hangs up or the faults are reset. "garbage" answers with something that is no JSON,
    "empty" with nothing, "html" with a proxy's page.
    """

    method: str
    nth: int = 1
    status: int = 503
    reason: str = "backendError"
    effect: bool = False
    retry_after: int | None = None
    person: str | None = None
    times: int | None = 1

    def is_due(self, seen: int) -> bool:
        """Whether it fails the `seen`-th call."""
        return seen >= self.nth and (self.times is None or seen < self.nth + self.times)


@dataclass
class Faults:
    scripted: list[Fault] = field(default_factory=list)
    hit: list[Fault] = field(default_factory=list)
    _seen: Counter[tuple[int, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        with self._lock:
            self.scripted.append(fault)

    def next_for(self, method: str, person: str) -> Fault | None:
        """The fault that is due for this call."""
        with self._lock:
            for fault in self.scripted:
                if fault.method not in ("*", method) or fault.person not in (None, person):
                    continue
                self._seen[id(fault), fault.method] += 1
                if fault.is_due(self._seen[id(fault), fault.method]):
                    self.hit.append(fault)
                    return fault
        return None

    def reset(self) -> None:
        with self._lock:
            self.scripted.clear()
            self.hit.clear()
            self._seen.clear()

"""How a call that a provider was too busy for is tried again, the same at Google and Microsoft.

- Tried again is what raises `Unavailable` and is not in doubt: the call did nothing, or doing it
  twice does what doing it once does. The transports say which; a POST that may have taken effect
  is never replayed, here or below (`google/connections.py`).
- Pauses double, with jitter, and are never shorter than the Retry-After that was asked for. Where
  all pauses of a call together would be longer than `Patience.longest_wait`, the caller gets the
  error at once and puts the work off: its row comes back, a sleeping thread keeps a lease.

Our own, since Retry-After, doubt and batches (of which a part was refused without an exception)
leave a library nothing but the loop: docs/dependencies.md.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from nudger.providers.base import Unavailable

T = TypeVar("T")


def _sleep(seconds: float) -> None:
    time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call is tried: `tries` in all, first pause `first_wait`, doubling, with jitter;
    no more than `longest_wait` is spent in pauses."""

    tries: int = 5
    first_wait: timedelta = timedelta(seconds=0.5)
    longest_wait: timedelta = timedelta(seconds=30)

    def pause(self, failed: int, asked: timedelta | None, chance: float) -> float | None:
        """Seconds to wait after `failed` tries, `None` to give up. `chance` is from [0, 1)."""
        if failed >= self.tries or (asked is not None and asked > self.longest_wait):
            return None
        doubled: float = self.first_wait.total_seconds() * (1 << (failed - 1))
        backoff = doubled * (0.5 + chance / 2)
        if asked is None:
            return min(backoff, self.longest_wait.total_seconds())
        return asked.total_seconds() + backoff / 4


@dataclass(frozen=True, slots=True)
class Retries:
    """The policy with what it waits by; tests pass their own `sleep` and `chance`."""

    patience: Patience = Patience()
    sleep: Callable[[float], object] = _sleep
    chance: Callable[[], float] = random.random

    def until_answered(self, call: Callable[[], T]) -> T:
        """What `call` returns, or the `Unavailable` that there is no waiting out."""
        tries = Tries(self)
        while True:
            try:
                return call()
            except Unavailable as error:
                if error.in_doubt or not tries.wait(error.retry_after):
                    raise


DEFAULT = Retries()


class Tries:
    """The tries of one call so far."""

    def __init__(self, policy: Retries) -> None:
        self._policy = policy
        self._failed = 0
        self._left = policy.patience.longest_wait.total_seconds()

    def wait(self, asked: timedelta | None) -> bool:
        """Pause before the next try; false, at once, where there is to be none."""
        self._failed += 1
        policy = self._policy
        pause = policy.patience.pause(self._failed, asked, policy.chance())
        if pause is None or pause > self._left:
            return False
        self._left -= pause
        policy.sleep(pause)
        return True

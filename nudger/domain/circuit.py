"""Leaving alone what fails again and again: a circuit breaker as a pure value.

After some failures in a row the circuit opens, and nothing is tried for a while. Then one call goes
through as a probe: if it succeeds the circuit closes, if not it stays open for twice as long. Who
asks to be left alone (Retry-After, RFC 9110, 10.2.3) is, from the first failure on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FIRST_BREAK = timedelta(seconds=30)
LONGEST_BREAK = timedelta(minutes=5)
"""A question must not miss its call because the break went on after the outage."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """How calls have gone lately. `open_until` is `None` while all goes through; each of the
    `breaks` that followed one another was twice as long as the one before."""

    opens_after: int
    failures: int = 0
    breaks: int = 0
    open_until: datetime | None = None

    def closed_from(self, now: datetime) -> datetime | None:
        """Until when no call may be made, `None` where one may be made now."""
        is_open = self.open_until is not None and now < self.open_until
        return self.open_until if is_open else None

    def admitting(self, now: datetime) -> Circuit:
        """The circuit once a call goes through now. A probe has the others wait for what comes of
        it, or for another probe where nothing ever does."""
        return self if self.open_until is None else replace(self, open_until=now + self._pause())

    def succeeded(self) -> Circuit:
        return Circuit(self.opens_after)

    def failed(self, now: datetime, asked: timedelta | None = None) -> Circuit:
        """The circuit after a failure; `asked` is for how long we were asked to leave it alone."""
        told = replace(self, failures=self.failures + 1)
        if told.failures >= self.opens_after:
            told = replace(told, breaks=self.breaks + 1, open_until=now + self._pause())
        return told if asked is None else told._left_alone_until(now + asked)

    def _left_alone_until(self, moment: datetime) -> Circuit:
        later = moment if self.open_until is None else max(self.open_until, moment)
        return replace(self, open_until=later)

    def _pause(self) -> timedelta:
        return min(FIRST_BREAK * (1 << min(self.breaks, 10)), LONGEST_BREAK)

"""Holding on to claimed rows while they are worked on.

A lease is short. A thread beside the work renews those in hand, and ends with them; when the whole
process dies or sleeps, nobody renews them, and another worker takes over.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from nudger.runtime.context import Context
from nudger.store.leases import LASTING, Lease, renew

log = logging.getLogger(__name__)

RENEW_EVERY = LASTING / 3
MOST_RENEWALS = 240
"""An hour's: what hangs for longer is given up to other workers."""


@dataclass(slots=True)
class _Round:
    """One life of the thread that renews."""

    thread: threading.Thread | None = None
    ended: threading.Event = field(default_factory=threading.Event)


class Keeper:
    """Keeps leases from running out, from `take` to `let_go`. Any thread may call it."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._lock = threading.Lock()
        self._renewed: dict[Lease, int] = {}
        self._round: _Round | None = None

    def take(self, leases: Sequence[Lease]) -> None:
        with self._lock:
            self._renewed.update(dict.fromkeys(leases, 0))
            if self._renewed and self._round is None:
                self._round = _Round()
                self._round.thread = threading.Thread(
                    target=self._keep, args=(self._round,), name="keeper of leases", daemon=True
                )
                self._round.thread.start()

    def let_go(self, leases: Sequence[Lease]) -> None:
        """These were given back, or their work has ended; with the last of all, so has this."""
        with self._lock:
            for lease in leases:
                self._renewed.pop(lease, None)
            ending = self._round if not self._renewed else None
            if ending is not None:
                ending.ended.set()
                self._round = None
        if ending is not None and ending.thread is not None:
            ending.thread.join()

    def _keep(self, own: _Round) -> None:
        while not own.ended.wait(RENEW_EVERY.total_seconds()):
            leases = self._next(own)
            if not leases:
                return
            try:
                with self._ctx.database.begin() as tx:
                    renew(tx, leases, self._ctx.clock() + LASTING)
            except Exception:  # the work itself tells what is wrong; the next round may go well
                log.warning("leases could not be renewed", exc_info=True)

    def _next(self, own: _Round) -> list[Lease]:
        """The leases that are to be renewed now; with none, this life of the thread is over."""
        with self._lock:
            due = [lease for lease, times in self._renewed.items() if times < MOST_RENEWALS]
            self._renewed |= {lease: self._renewed[lease] + 1 for lease in due}
            if not due and self._round is own:
                self._round = None
            return due


@contextmanager
def holding(ctx: Context, leases: Sequence[Lease]) -> Iterator[None]:
    """Keep these leases from running out; those that are given back meanwhile stay so."""
    keeper = Keeper(ctx)
    keeper.take(leases)
    try:
        yield
    finally:
        keeper.let_go(leases)

"""Holding on to claimed rows while they are worked on.

A lease is short. A thread beside the work renews those of the batch in hand, and ends with it; when
the whole process dies or sleeps, nobody renews them, and another worker takes over.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from nudger.runtime.context import Context
from nudger.store.leases import LASTING, Lease, renew

log = logging.getLogger(__name__)

RENEW_EVERY = LASTING / 3
MOST_RENEWALS = 240
"""An hour's: what hangs for longer is given up to other workers."""


@contextmanager
def holding(ctx: Context, leases: Sequence[Lease]) -> Iterator[None]:
    """Keep these leases from running out; those that are given back meanwhile stay so."""
    ended = threading.Event()
    keeper = threading.Thread(
        target=_keep, args=(ctx, leases, ended), name="keeper of leases", daemon=True
    )
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def _keep(ctx: Context, leases: Sequence[Lease], ended: threading.Event) -> None:
    for _ in range(MOST_RENEWALS):
        if ended.wait(RENEW_EVERY.total_seconds()):
            return
        try:
            with ctx.database.begin() as tx:
                renew(tx, leases, ctx.clock() + LASTING)
        except Exception:  # the work itself tells what is wrong; the next round may go well
            log.warning("leases could not be renewed", exc_info=True)

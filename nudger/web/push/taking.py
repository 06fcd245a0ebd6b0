"""Keeping hints before they are acknowledged, a batch in one short transaction."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from nudger.runtime.context import Context
from nudger.runtime.measures import HINTS
from nudger.store import hints, push
from nudger.store.push import Told

TAKEN, KNOWN, REFUSED = "taken", "known", "refused"


def take(ctx: Context, tx: Connection, told: Iterable[Told]) -> None:
    """Have what these channels tell of read soon; what is about to be read is known already."""
    found, now = list(told), ctx.clock()
    reps = {one.rep_id for one in found if one.rep_id is not None}
    boxes = {one.mailbox for one in found if one.mailbox is not None}
    new = hints.hint_calendars(tx, sorted(reps), now) + hints.hint_mailboxes(tx, sorted(boxes), now)
    push.heard(tx, sorted({one.channel.watch_id for one in found}), now)
    for provider in sorted({one.channel.provider for one in found}):
        HINTS.labels(provider.value, TAKEN if new else KNOWN).inc()


def take_mailbox(ctx: Context, tx: Connection, address: str) -> None:
    """Have this mailbox read soon, if it is one that we listen to."""
    now = ctx.clock()
    new = hints.hint_mailboxes(tx, [address], now)
    push.heard(tx, push.watches_of(tx, address), now)
    HINTS.labels("gmail", TAKEN if new else KNOWN).inc()


def refused(provider: str, count: int = 1) -> None:
    """Count what nobody who knows a channel's secret can have told."""
    HINTS.labels(provider, REFUSED).inc(count)

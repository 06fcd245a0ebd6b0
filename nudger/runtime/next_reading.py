"""When to read again what a provider may tell of: seldom where it does, soon where it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from nudger.domain import push as decisions
from nudger.runtime.context import Context
from nudger.runtime.measures import MISSED
from nudger.store import push


@dataclass(frozen=True, slots=True)
class Read:
    """A reading of a calendar or a mailbox that began `at`. `was_told` is false where it found what
    no hint had told of."""

    at: datetime
    every: timedelta
    was_told: bool
    rep_id: int | None = None
    mailbox: str | None = None


def next_reading(ctx: Context, tx: Connection, read: Read) -> datetime:
    """When the next one is due; counts what was not told, and has a silent channel replaced."""
    if not ctx.settings.push_is_on:
        return read.at + read.every
    found = push.cover_of(tx, read.rep_id, read.mailbox)
    if found is None:
        return read.at + read.every
    if not read.was_told and found.cover.expires_at > read.at:
        found = push.missed(tx, found)
        MISSED.labels("mailbox" if read.rep_id is None else "calendar").inc()
        if decisions.is_silent(found.cover, read.at):
            push.see_to(tx, [found.watch_id], read.at)
    where_told = timedelta(seconds=ctx.settings.push.poll_every_seconds)
    return decisions.next_reading(read.at, read.every, where_told, found.cover)

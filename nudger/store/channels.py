"""Whose calls stand in which channel, and the days whose plan was posted there.

A day's row is written before anything is posted, and says so before it is done: what may have been
posted is not posted again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, select

from nudger.store import tables
from nudger.store.insert_if_absent import insert_if_absent
from nudger.store.leases import Claimant, Lease, claim
from nudger.store.written_out import is_one_of


class DayState(StrEnum):
    DUE = "due"
    POSTING = "posting"
    POSTED = "posted"
    IN_DOUBT = "in_doubt"
    EXPIRED = "expired"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ChannelDay:
    id: int
    channel: str
    day: date
    state: DayState
    attempts: int


def share(tx: Connection, rep_id: int, channel: str, now: datetime) -> None:
    """Let the channel see when the rep's calls are."""
    row = {"rep_id": rep_id, "channel": channel, "shared_at": now}
    tx.execute(insert_if_absent(tx, tables.channel_share).values(row))


def unshare(tx: Connection, rep_id: int, channel: str) -> None:
    columns = tables.channel_share.c
    mine = (columns.rep_id == rep_id) & (columns.channel == channel)
    tx.execute(delete(tables.channel_share).where(mine))


def shared_by(tx: Connection, rep_id: int) -> set[str]:
    """The channels that see the rep's calls."""
    columns = tables.channel_share.c
    return set(tx.scalars(select(columns.channel).where(columns.rep_id == rep_id)))


def sharing_with(tx: Connection, channel: str) -> set[int]:
    """The reps whose calls the channel sees."""
    columns = tables.channel_share.c
    return set(tx.scalars(select(columns.rep_id).where(columns.channel == channel)))


def want_day(tx: Connection, channel: str, day: date, now: datetime) -> None:
    """Have the day's plan posted, once."""
    row = {
        "channel": channel, "day": day.isoformat(), "state": DayState.DUE.value, "due_at": now,
    }  # fmt: skip
    tx.execute(insert_if_absent(tx, tables.channel_day).values(row))


def is_wanted(tx: Connection, channel: str, day: date) -> bool:
    columns = tables.channel_day.c
    this = (columns.channel == channel) & (columns.day == day.isoformat())
    return tx.execute(select(columns.id).where(this)).first() is not None


def claim_days(tx: Connection, claimant: Claimant, limit: int) -> list[tuple[Lease, ChannelDay]]:
    waits = is_one_of(tables.channel_day.c.state, [DayState.DUE, DayState.POSTING])
    due = waits & claimant.is_due(tables.channel_day)
    return [
        (
            lease,
            ChannelDay(
                row.id, row.channel, date.fromisoformat(row.day), DayState(row.state), row.attempts
            ),
        )
        for lease, row in claim(tx, tables.channel_day, due, claimant, limit)
    ]

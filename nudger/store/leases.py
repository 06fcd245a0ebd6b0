"""Claiming due work so that two workers never do the same thing.

A claim names its owner, when it runs out, and a fencing number that grows with each claim. Every
later change of the row states that number: a worker that slept past its lease changes nothing.

Leases are short, so that what a dead worker held is soon another's, and renewed while the work goes
on (see `runtime.holding`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Table,
    and_,
    or_,
    select,
    update,
)


class LeaseLost(Exception):
    """Another worker has claimed this row since: whatever we were about to do is theirs now."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one row until `until`."""

    table: Table
    key: Any
    fence: int
    until: datetime


LASTING = timedelta(seconds=45)
"""How long a lease holds unless it is renewed. Clocks of several workers may differ by as much."""

DEFAULT_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who claims, when and for how long. Work that did not fail is due within `longest_wait`: what
    is due later was put off by a clock that was ahead."""

    owner: str
    now: datetime
    lasting: timedelta = LASTING
    longest_wait: timedelta = DEFAULT_WAIT

    def is_due(self, table: Table, by: datetime | None = None) -> ColumnElement[bool]:
        """Whether a row of work is due, now or `by` another moment."""
        too_far = (table.c.due_at > self.now + self.longest_wait) & (table.c.attempts == 0)
        return or_(table.c.due_at <= (by or self.now), too_far)

    def finds_free(self, table: FromClause) -> ColumnElement[bool]:
        """Whether nobody holds a row of work. No lease of a clock that is right, as much as ours,
        reaches further than `lasting`; one that reaches twice as far would not run out in time."""
        held_until = table.c.lease_until
        by_a_clock_ahead = held_until > self.now + 2 * self.lasting
        return or_(held_until.is_(None), held_until < self.now, by_a_clock_ahead)


def claim(
    tx: Connection, table: Table, due: ColumnElement[bool], claimant: Claimant, limit: int
) -> list[tuple[Lease, Row[Any]]]:
    """Claim up to `limit` rows of `table` that are `due` and free; returns each with its lease."""
    key = _key(table)
    free = claimant.finds_free(table)
    chosen = select(key).where(and_(due, free)).limit(limit).with_for_update(skip_locked=True)
    if "due_at" in table.c:
        chosen = chosen.order_by(table.c.due_at)
    until = claimant.now + claimant.lasting
    rows = tx.execute(
        update(table)
        .where(key.in_(chosen))
        .values(lease_owner=claimant.owner, lease_until=until, fence=table.c.fence + 1)
        .returning(*table.c)
    ).all()
    return [(Lease(table, getattr(row, key.name), row.fence, until), row) for row in rows]


def change(tx: Connection, lease: Lease, **values: Any) -> None:
    """Change the claimed row and keep the lease. Raises `LeaseLost`."""
    table, key = lease.table, _key(lease.table)
    done = tx.execute(
        update(table).where(key == lease.key, table.c.fence == lease.fence).values(**values)
    )
    if done.rowcount != 1:
        raise LeaseLost(f"{table.name} {lease.key}")


def release(tx: Connection, lease: Lease, **values: Any) -> None:
    """Change the claimed row and give it back. Raises `LeaseLost`."""
    change(tx, lease, lease_owner=None, lease_until=None, **values)


def renew(tx: Connection, leases: Iterable[Lease], until: datetime) -> None:
    """Have the leases that are still held last until then; what was given back, or claimed by
    another, stays as it is."""
    for lease in leases:
        tx.execute(update(lease.table).where(_is_held(lease)).values(lease_until=until))


def give_back(tx: Connection, lease: Lease) -> None:
    """Free the claimed row as it is, for whoever claims next, if it is still held."""
    freed = {"lease_owner": None, "lease_until": None}
    tx.execute(update(lease.table).where(_is_held(lease)).values(freed))


def _is_held(lease: Lease) -> ColumnElement[bool]:
    columns = lease.table.c
    same_claim = (_key(lease.table) == lease.key) & (columns.fence == lease.fence)
    held: ColumnElement[bool] = same_claim & columns.lease_owner.is_not(None)
    return held


def _key(table: Table) -> Any:
    return next(iter(table.primary_key.columns))

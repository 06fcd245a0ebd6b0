"""Claiming due work so that two workers never do the same thing.

A claim names its owner, when it runs out, and a fencing number that grows with each claim. Every
later change of the row states that number: a worker that slept past its lease changes nothing.

Leases are short, so that what a dead worker held is soon another's, and renewed while the work goes
on (see `runtime.holding`).
Tries are counted in the claim, so that work which ends the process is counted too. `attempts` is
how often in a row it was begun without success; what ends well, or only waits, begins anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    LargeBinary,
    Row,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate


class LeaseLost(Exception):
    """Another worker has claimed this row since: whatever we were about to do is theirs now."""


ABANDONED = "the worker ended in the middle of it"
"""The error of a row whose lease ran out: nobody was left to tell another."""

SUSPECT_AFTER = 2
"""What was abandoned as often is claimed without others like it: one of them may be the cause."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one row until `until`. `deaths` is how often in a row it was abandoned
    before."""

    table: Table
    key: Any
    fence: int
    until: datetime
    deaths: int = 0


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
    tx: Connection,
    table: Table,
    due: ColumnElement[bool],
    claimant: Claimant,
    limit: int,
    only: Any = None,
) -> list[tuple[Lease, Row[Any]]]:
    """Claim up to `limit` rows of `table` that are `due` and free, or `only` the one with this key
    if it is; returns each with its lease. The row's `attempts` are those before this one. A suspect
    comes last: what is claimed with it is done before it."""
    key, until = _key(table), claimant.now + claimant.lasting
    if only is not None:
        due = and_(key == only, due)
    keys = _choose(tx, table, and_(due, claimant.finds_free(table)), limit)
    if not keys:
        return []
    taken = {"chosen": keys, "claimant": claimant.owner, "claimed_until": until}
    rows = tx.execute(_taking(table), taken).all()
    by_key = {getattr(row, key.name): row for row in rows}
    return [(_lease(table, by_key[one], until), by_key[one]) for one in keys]


@cache
def _taking(table: Table) -> ReturningUpdate[Any]:
    """Claims the rows that are `chosen`, and gives them with the tries before this one."""
    columns, moment = table.c, table.c.lease_until.type
    before = [column for column in columns if column.name != "attempts"]
    return (
        update(table)
        .where(_key(table).in_(bindparam("chosen", expanding=True)))
        .values(
            lease_owner=bindparam("claimant"),
            lease_until=bindparam("claimed_until", type_=moment),
            fence=columns.fence + 1,
            **_counted(table),
        )
        .returning(*before, (columns.attempts - 1).label("attempts"))
    )


def in_order(
    tx: Connection, table: Table, due: ColumnElement[bool], claimant: Claimant, limit: int
) -> list[Row[Any]]:
    """What a claim would take, in its order, without taking it; each row without what is sealed."""
    free = and_(due, claimant.finds_free(table))
    found = select(*_plain(table)).where(free).order_by(table.c.due_at, _key(table)).limit(limit)
    return list(tx.execute(found).all())


def in_hand(
    tx: Connection, table: Table, waits: ColumnElement[bool], claimant: Claimant
) -> list[Row[Any]]:
    """What somebody works on, among what `waits`; each row without what is sealed."""
    held = and_(waits, table.c.lease_until.is_not(None), not_(claimant.finds_free(table)))
    return list(tx.execute(select(*_plain(table)).where(held)).all())


def _plain(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if not isinstance(column.type, LargeBinary)]


def _choose(tx: Connection, table: Table, free: ColumnElement[bool], limit: int) -> list[Any]:
    """The keys of what is claimed: as many as may be, and one suspect where there is room left.
    They are found in the order of an index, so that little is read of much that is due, and without
    the suspects once more only where these took the room of others."""
    found = _first(table).where(free)
    rows = tx.execute(found, {"most": limit}).all()
    suspects = [key for key, suspect in rows if suspect]
    if suspects and len(rows) == limit:
        rows = tx.execute(found.where(not_(_is_suspect(table))), {"most": limit}).all()
    keys = [key for key, suspect in rows if not suspect]
    return keys + suspects[:1] if len(keys) < limit else keys


@cache
def _first(table: Table) -> Select[Any]:
    """The keys of the first rows, `most` of them, and whether each is a suspect."""
    key = _key(table)
    first = select(key, _is_suspect(table)).order_by(table.c.due_at, key).limit(bindparam("most"))
    return first.with_for_update(skip_locked=True)


@cache
def _is_suspect(table: Table) -> ColumnElement[bool]:
    died_often = table.c.attempts >= SUSPECT_AFTER
    return and_(func.coalesce(table.c.last_error, "") == ABANDONED, died_often)


def _counted(table: Table) -> dict[str, ColumnElement[Any]]:
    """Another try; the first since one was abandoned begins to count those that are."""
    columns = table.c
    is_abandoned = columns.lease_until.is_not(None)
    is_first = and_(is_abandoned, func.coalesce(columns.last_error, "") != ABANDONED)
    return {
        "attempts": case((is_first, 2), else_=columns.attempts + 1),
        "last_error": case((is_abandoned, ABANDONED), else_=columns.last_error),
    }


def _lease(table: Table, row: Row[Any], until: datetime) -> Lease:
    deaths = row.attempts if row.last_error == ABANDONED else 0
    return Lease(table, getattr(row, _key(table).name), row.fence, until, deaths)


def never_failed(table: Table) -> ColumnElement[bool]:
    """Whether no try of a row of work has failed: it is new, or in hand for the first time."""
    in_hand = and_(table.c.attempts == 1, table.c.lease_until.is_not(None))
    return or_(table.c.attempts == 0, in_hand)


def change(tx: Connection, lease: Lease, **values: Any) -> None:
    """Change the claimed row and keep the lease. Raises `LeaseLost`."""
    change_by(tx, lease, of_claimed(lease.table), values)


def change_by(
    tx: Connection, lease: Lease, statement: Update, values: Mapping[str, Any] | None = None
) -> None:
    """The same by a statement made of `of_claimed`, with the values of its own parameters and of
    columns beside those that it sets."""
    claimed = {"claimed_key": lease.key, "claimed_fence": lease.fence}
    if tx.execute(statement, {**claimed, **(values or {})}).rowcount != 1:
        raise LeaseLost(f"{lease.table.name} {lease.key}")


@cache
def of_claimed(table: Table) -> Update:
    """An update of a row under its lease, of which statements that are kept can be made."""
    same_claim = table.c.fence == bindparam("claimed_fence")
    return update(table).where(_key(table) == bindparam("claimed_key"), same_claim)


def release(tx: Connection, lease: Lease, **values: Any) -> None:
    """Change the claimed row and give it back; unless `values` say otherwise, nothing has failed.
    Raises `LeaseLost`."""
    anew = {"attempts": 0, "last_error": None, **values}
    change(tx, lease, lease_owner=None, lease_until=None, **anew)


def renew(tx: Connection, leases: Iterable[Lease], until: datetime) -> None:
    """Have the leases that are still held last until then; what was given back, or claimed by
    another, stays as it is."""
    for lease in leases:
        tx.execute(update(lease.table).where(_is_held(lease)).values(lease_until=until))


def give_back(tx: Connection, lease: Lease) -> None:
    """Free the claimed row as it was, for whoever claims next, if it is still held: it was not
    tried."""
    attempts = lease.table.c.attempts - 1
    freed = {"lease_owner": None, "lease_until": None, "attempts": attempts}
    tx.execute(update(lease.table).where(_is_held(lease)).values(freed))


def _is_held(lease: Lease) -> ColumnElement[bool]:
    columns = lease.table.c
    same_claim = (_key(lease.table) == lease.key) & (columns.fence == lease.fence)
    held: ColumnElement[bool] = same_claim & columns.lease_owner.is_not(None)
    return held


def _key(table: Table) -> Any:
    return next(iter(table.primary_key.columns))

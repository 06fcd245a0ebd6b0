"""Series that are not asked about date by date, and the dates of a series that we know."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from nudger.domain.series import EACH, Cadence, CadenceKind, read_cadence
from nudger.store import tables
from nudger.store.chunks import chunks

MAX_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Series:
    """What is kept of a series. `cadence` is how often it is asked about, `None` where the policy
    decides; `counted_from` is a date that is asked about. `follows` is the series that this one
    went on from ("this and following"); `title_hash` is `None` where no title was known."""

    series_id: str
    rep_id: int
    cadence: Cadence | None
    counted_from: datetime
    customers: tuple[str, ...]
    follows: str | None = None
    chosen_at: datetime | None = None
    title_hash: str | None = None


def hash_of_title(title: str) -> str:
    """What stands for a title, which is not kept readable."""
    return hashlib.sha256(" ".join(title.casefold().split()).encode()).hexdigest()


def find(tx: Connection, series_ids: Collection[str]) -> dict[str, Series]:
    """Those of the series of which something is kept, by id."""
    found: dict[str, Series] = {}
    for chunk in chunks(series_ids):
        wanted = select(tables.series).where(tables.series.c.series_id.in_(chunk))
        found |= {row.series_id: _series(row) for row in tx.execute(wanted)}
    return found


def titled(tx: Connection, title_hashes: Collection[str]) -> list[Series]:
    """The series with these titles of which something is kept."""
    wanted = select(tables.series).where(tables.series.c.title_hash.in_(title_hashes))
    return [_series(row) for row in tx.execute(wanted.order_by(tables.series.c.series_id))]


def last_dates(tx: Connection, series_ids: Collection[str]) -> dict[str, datetime]:
    """The last known date of each of the series that is not gone."""
    columns = tables.occurrence.c
    found: dict[str, datetime] = {}
    for chunk in chunks(series_ids):
        here = columns.series_id.in_(chunk) & (columns.etag != "")
        last = select(columns.series_id, func.max(columns.original_start)).where(here)
        rows = tx.execute(last.group_by(columns.series_id))
        found |= {series_id: date for series_id, date in rows if date is not None}
    return found


def _series(row: Row[Any]) -> Series:
    cadence = None if row.cadence is None else read_cadence(row.cadence)
    return Series(
        row.series_id, row.rep_id, cadence, row.counted_from, tuple(row.customers), row.follows,
        row.chosen_at, row.title_hash,
    )  # fmt: skip


def counted(tx: Connection) -> list[Series]:
    """Every series whose dates are counted."""
    return [_series(row) for row in tx.execute(select(tables.series).where(is_counted()))]


def is_counted() -> ColumnElement[bool]:
    """Of a row: it is asked about every n-th date, or may be by the policy."""
    cadence = tables.series.c.cadence
    counts = cadence.startswith(f"{CadenceKind.EVERY_NTH}:") & (cadence != str(EACH))
    return cadence.is_(None) | counts


def keep(tx: Connection, kept: Sequence[Series]) -> None:
    """Keep these, in place of what was kept of the same series."""
    rows = [
        {
            "series_id": one.series_id,
            "rep_id": one.rep_id,
            "cadence": None if one.cadence is None else str(one.cadence),
            "counted_from": one.counted_from,
            "customers": list(one.customers),
            "follows": one.follows,
            "title_hash": one.title_hash,
            "chosen_at": one.chosen_at,
        }
        for one in kept
    ]
    forget(tx, [one.series_id for one in kept])
    if rows:
        tx.execute(insert(tables.series), rows)


def followed(old: Series, new_id: str) -> Series:
    """What is kept of a series that goes on from the one that it was split from."""
    return replace(old, series_id=new_id, follows=old.series_id)


def count_from(tx: Connection, series_id: str, date: datetime) -> None:
    """Have the dates counted from this one, which is asked about."""
    known = tables.series.c.series_id == series_id
    tx.execute(update(tables.series).where(known).values(counted_from=date))


def forget(tx: Connection, series_ids: Collection[str]) -> None:
    for chunk in chunks(series_ids):
        tx.execute(delete(tables.series).where(tables.series.c.series_id.in_(chunk)))


def dates_of(tx: Connection, series: Series) -> list[datetime]:
    """The known dates (original starts) of the series and of those that it follows, in order."""
    dates = _own_dates(tx, series.series_id)
    for _ in range(MAX_CHAIN):
        if series.follows is None:
            break
        first = dates[0] if dates else None
        earlier = _own_dates(tx, series.follows)
        dates = [date for date in earlier if first is None or date < first] + dates
        before = find(tx, [series.follows]).get(series.follows)
        if before is None:
            break
        series = before
    return dates


def _own_dates(tx: Connection, series_id: str) -> list[datetime]:
    columns = tables.occurrence.c
    dates = select(columns.original_start).where(
        columns.series_id == series_id, columns.original_start.is_not(None)
    )
    return sorted(set(tx.scalars(dates)))


def dates_by_meeting(tx: Connection, series_ids: Collection[str]) -> Mapping[int, datetime]:
    """Meeting id -> its date, for each meeting that is a date of these series."""
    columns = tables.occurrence.c
    found = select(columns.meeting_id, columns.original_start).where(
        columns.series_id.in_(series_ids),
        columns.meeting_id.is_not(None),
        columns.original_start.is_not(None),
    )
    return {row.meeting_id: row.original_start for row in tx.execute(found)}

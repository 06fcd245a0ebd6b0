"""Where a meeting lies in the calendars."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from nudger.store import tables


@dataclass(frozen=True, slots=True)
class Copy:
    """Where a meeting lies in one rep's calendar."""

    rep_id: int
    event_id: str


_COPIES = (
    select(tables.occurrence.c.rep_id, tables.occurrence.c.event_id)
    .join(tables.rep, tables.rep.c.id == tables.occurrence.c.rep_id)
    .where(tables.occurrence.c.meeting_id == bindparam("of"))
    .order_by(tables.rep.c.position, tables.occurrence.c.id)
)


def copies(tx: Connection, meeting_id: int) -> list[Copy]:
    """The calendars that still hold the meeting, in the reps' order."""
    rows = tx.execute(_COPIES, {"of": meeting_id})
    return [Copy(rep_id, event_id) for rep_id, event_id in rows]


def without_copies(tx: Connection, meeting_ids: Collection[int]) -> list[int]:
    """Those of the meetings that no watched calendar holds any more."""
    alive = set(
        tx.scalars(
            select(tables.occurrence.c.meeting_id).where(
                tables.occurrence.c.meeting_id.in_(meeting_ids)
            )
        )
    )
    return [meeting_id for meeting_id in meeting_ids if meeting_id not in alive]

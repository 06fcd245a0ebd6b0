"""Every step that we took and why, without what anybody wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from nudger.domain.reasons import Reason, StepName, reason_of
from nudger.store import tables


@dataclass(frozen=True, slots=True)
class Step:
    """One step and why. `detail` holds ids and numbers, never content."""

    step: StepName
    reason: Reason
    meeting_id: int | None = None
    rep_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def record(tx: Connection, step: Step, now: datetime) -> None:
    record_all(tx, [step], now)


def record_all(tx: Connection, steps: Sequence[Step], now: datetime) -> None:
    """Record at least one step, all of one moment."""
    rows = [
        {
            "at": now,
            "step": step.step,
            "reason": step.reason,
            "meeting_id": step.meeting_id,
            "rep_id": step.rep_id,
            "detail": dict(step.detail),
        }
        for step in steps
    ]
    tx.execute(insert(tables.audit), rows)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A step as it was recorded, with its place in the trail."""

    id: int
    at: datetime
    step: Step
    seal_id: int | None = None
    is_erased: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which steps: since a moment, and of those about a rep and about a meeting where said."""

    since: datetime
    rep_id: int | None = None
    meeting_id: int | None = None


def find(tx: Connection, wanted: Wanted) -> list[Recorded]:
    """The wanted steps, oldest first."""
    columns = tables.audit.c
    found = select(tables.audit).where(columns.at >= wanted.since)
    if wanted.rep_id is not None:
        found = found.where(columns.rep_id == wanted.rep_id)
    if wanted.meeting_id is not None:
        found = found.where(columns.meeting_id == wanted.meeting_id)
    return [_recorded(row) for row in tx.execute(found.order_by(columns.at, columns.id))]


def history(tx: Connection, meeting_id: int) -> list[Recorded]:
    """The steps about a meeting, oldest first."""
    found = select(tables.audit).where(tables.audit.c.meeting_id == meeting_id)
    return [_recorded(row) for row in tx.execute(found.order_by(tables.audit.c.id))]


def after(tx: Connection, last_id: int) -> list[Recorded]:
    """The steps recorded after the one with this id, oldest first."""
    found = select(tables.audit).where(tables.audit.c.id > last_id)
    return [_recorded(row) for row in tx.execute(found.order_by(tables.audit.c.id))]


def _recorded(row: Row[Any]) -> Recorded:
    step = Step(
        StepName[row.step.upper()], reason_of(row.reason), row.meeting_id, row.rep_id, row.detail
    )
    return Recorded(row.id, row.at, step, row.seal_id, row.erased is not None)

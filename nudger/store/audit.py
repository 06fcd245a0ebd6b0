"""Every step that we took and why, without what anybody wrote."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from nudger.domain.reasons import Reason, StepName, reason_of
from nudger.store import tables
from nudger.store.afterwards import after_commit
from nudger.store.many_rows import add_rows


@dataclass(frozen=True, slots=True)
class Step:
    """One step and why. `detail` holds ids and numbers, never content."""

    step: StepName
    reason: Reason
    meeting_id: int | None = None
    rep_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


log = logging.getLogger(__name__)

REQUEST: ContextVar[str | None] = ContextVar("request", default=None)
"""The id of the page request that is being answered here: its steps keep it in their `detail`."""
ADMIN: ContextVar[int | None] = ContextVar("admin", default=None)
"""The id of the admin on whose word the request acts; kept in the same way."""


def record(tx: Connection, step: Step, now: datetime) -> None:
    record_all(tx, [step], now)


def record_all(tx: Connection, steps: Sequence[Step], now: datetime) -> None:
    """Record at least one step, all of one moment; the log is told once they count."""
    request = REQUEST.get()
    asked = {"request": request, "admin": ADMIN.get()}
    asked_by = {name: value for name, value in asked.items() if value is not None}
    if log.isEnabledFor(logging.INFO):
        after_commit(tx, partial(_tell, steps, request))
    rows = [
        {
            "at": now,
            "step": step.step,
            "reason": step.reason,
            "meeting_id": step.meeting_id,
            "rep_id": step.rep_id,
            "detail": {**step.detail, **asked_by},
        }
        for step in steps
    ]
    add_rows(tx, tables.audit, rows)


def _tell(steps: Sequence[Step], request: str | None) -> None:
    for step in steps:
        facts = {
            "event": "step", "step": step.step.value, "reason": step.reason.value,
            "meeting": step.meeting_id, "rep": step.rep_id, "request": request,
        }  # fmt: skip
        about = (step.step, step.meeting_id or "-", step.rep_id or "-")
        line = "%s, meeting %s, rep %s: %s (%s)"
        log.info(line, *about, step.reason.words, step.reason, extra={"facts": facts})


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
    """Which steps: since a moment and until another, and of those about a rep, about a meeting and
    of a page request where said."""

    since: datetime
    rep_id: int | None = None
    meeting_id: int | None = None
    request: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the trail: so many steps, older than one or newer than one, by its id."""

    most: int
    before: int | None = None
    after: int | None = None


def find(tx: Connection, wanted: Wanted) -> list[Recorded]:
    """The wanted steps, oldest first."""
    found = _wanted(wanted).order_by(tables.audit.c.at, tables.audit.c.id)
    return [_recorded(row) for row in tx.execute(found)]


def find_page(tx: Connection, wanted: Wanted, place: Place) -> list[Recorded]:
    """The wanted steps of one page, newest first; without a place, the newest."""
    key, found = tables.audit.c.id, _wanted(wanted).limit(place.most)
    if place.after is not None:
        newer = tx.execute(found.where(key > place.after).order_by(key))
        return [_recorded(row) for row in newer][::-1]
    if place.before is not None:
        found = found.where(key < place.before)
    return [_recorded(row) for row in tx.execute(found.order_by(key.desc()))]


def latest(tx: Connection, reason: Reason, most: int) -> list[Recorded]:
    """The latest steps for this reason, newest first."""
    columns = tables.audit.c
    found = select(tables.audit).where(columns.reason == reason.value).order_by(columns.id.desc())
    return [_recorded(row) for row in tx.execute(found.limit(most))]


def _wanted(wanted: Wanted) -> Select[Any]:
    columns = tables.audit.c
    found = select(tables.audit).where(columns.at >= wanted.since)
    if wanted.until is not None:
        found = found.where(columns.at < wanted.until)
    if wanted.rep_id is not None:
        found = found.where(columns.rep_id == wanted.rep_id)
    if wanted.meeting_id is not None:
        found = found.where(columns.meeting_id == wanted.meeting_id)
    if wanted.request is not None:
        found = found.where(_is_of(wanted.request))
    return found


def meetings_of_request(tx: Connection, request: str) -> list[int]:
    """The ids of the meetings that a page request did something about."""
    meeting = tables.audit.c.meeting_id
    return list(tx.scalars(select(meeting).where(meeting.is_not(None), _is_of(request)).distinct()))


def _is_of(request: str) -> ColumnElement[bool]:
    named: ColumnElement[str] = tables.audit.c.detail["request"].as_string()
    return named == request


def history(tx: Connection, meeting_id: int) -> list[Recorded]:
    """The steps about a meeting, oldest first."""
    found = select(tables.audit).where(tables.audit.c.meeting_id == meeting_id)
    return [_recorded(row) for row in tx.execute(found.order_by(tables.audit.c.id))]


def last_of(tx: Connection, meeting_id: int, steps: Collection[StepName]) -> int:
    """The id of the latest of these steps about a meeting, 0 where there is none."""
    columns = tables.audit.c
    these = (columns.meeting_id == meeting_id) & columns.step.in_([one.value for one in steps])
    return tx.scalar(select(func.max(columns.id)).where(these)) or 0


def latest_about(tx: Connection, meeting_id: int) -> Step | None:
    """The latest step about a meeting."""
    columns = tables.audit.c
    found = select(tables.audit).where(columns.meeting_id == meeting_id)
    row = tx.execute(found.order_by(columns.id.desc()).limit(1)).first()
    return None if row is None else _recorded(row).step


def after(tx: Connection, last_id: int) -> list[Recorded]:
    """The steps recorded after the one with this id, oldest first."""
    found = select(tables.audit).where(tables.audit.c.id > last_id)
    return [_recorded(row) for row in tx.execute(found.order_by(tables.audit.c.id))]


def _recorded(row: Row[Any]) -> Recorded:
    step = Step(
        StepName[row.step.upper()], reason_of(row.reason), row.meeting_id, row.rep_id, row.detail
    )
    return Recorded(row.id, row.at, step, row.seal_id, row.erased is not None)

"""Who comes from outside, as far as it is kept: to what is asked about, and to what is not because
of who comes; and what the admin was told of each domain."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from nudger.domain.commitment import MeetingState
from nudger.store import tables
from nudger.store.insert_if_absent import add_if_absent

_ASKED_ABOUT = [one.value for one in MeetingState if one is not MeetingState.WITHDRAWN]


@dataclass(frozen=True, slots=True)
class SeenMeeting:
    """A meeting that is or was asked about, of the rep `rep_id`, or one that is not (no `id`).
    `customers` are domains, or addresses at freemail services."""

    rep_id: int
    start: datetime
    customers: tuple[str, ...]
    reason: str
    id: int | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class DomainReview:
    """`told_at` is when the admin's mail named the domain; it is shown again at `put_off_until`."""

    told_at: datetime | None = None
    put_off_until: datetime | None = None


def seen_meetings(tx: Connection, after: datetime | None = None) -> list[SeenMeeting]:
    """All that is kept of meetings with somebody from outside, of those that begin after a moment
    where said; of those that are not asked about, copies in several calendars count once."""
    found = [*_asked_about(tx, after), *_passed_over(tx, after)]
    return list({(one.id, one.start, one.customers): one for one in reversed(found)}.values())


def _asked_about(tx: Connection, after: datetime | None) -> list[SeenMeeting]:
    columns = tables.meeting.c
    found = select(
        columns.id, columns.rep_id, columns.start_at, columns.customers, columns.reason,
        columns.state,
    ).where(columns.state.in_(_ASKED_ABOUT))  # fmt: skip
    rows = tx.execute(found if after is None else found.where(columns.start_at > after))
    is_open = (MeetingState.PLANNED.value, MeetingState.ASKED.value)
    return [
        SeenMeeting(
            row.rep_id, row.start_at, tuple(row.customers), row.reason, row.id, row.state in is_open
        )
        for row in rows
    ]


def _passed_over(tx: Connection, after: datetime | None) -> list[SeenMeeting]:
    columns = tables.occurrence.c
    found = select(columns.rep_id, columns.start_at, columns.outsiders, columns.reason).where(
        columns.outsiders.is_not(None)
    )
    rows = tx.execute(found if after is None else found.where(columns.start_at > after))
    return [SeenMeeting(row.rep_id, row.start_at, tuple(row.outsiders), row.reason) for row in rows]


def reviews(tx: Connection) -> dict[str, DomainReview]:
    """What the admin was told of each domain, and put off."""
    rows = tx.execute(select(tables.domain_review))
    return {row.domain: DomainReview(row.told_at, row.put_off_until) for row in rows}


def set_told(tx: Connection, domains: Collection[str], now: datetime) -> None:
    """The admin was told of these domains, in a mail that went out."""
    for domain in domains:
        _set(tx, domain, told_at=now)


def put_off(tx: Connection, domain: str, until: datetime | None) -> None:
    """Show the domain again at this moment, or at once."""
    _set(tx, domain, put_off_until=until)


def _set(tx: Connection, domain: str, **values: datetime | None) -> None:
    columns = tables.domain_review.c
    if not add_if_absent(tx, tables.domain_review, {"domain": domain, **values}):
        tx.execute(update(tables.domain_review).where(columns.domain == domain).values(**values))

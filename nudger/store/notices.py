"""Notices, their deliveries, and how each receiver fares, within the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from nudger.domain.commitment import MeetingState
from nudger.domain.notices import DeliveryState, NoticeKind, Receipt
from nudger.domain.reasons import Reason, reason_of
from nudger.store import tables
from nudger.store.chunks import chunks
from nudger.store.insert_if_absent import insert_if_absent, key_if_added
from nudger.store.leases import Claimant, Lease, claim

WAITED_FOR = DeliveryState.DUE.value


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened to a call. `public_id` is what receivers know it by, `once` what it
    is told once for."""

    public_id: str
    once: str
    kind: NoticeKind
    meeting_id: int
    at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notice to one receiver, since when it is wanted, and how often it was tried, with the try
    that is in hand."""

    id: int
    notice: Notice
    receiver: str
    state: DeliveryState
    reason: Reason | None
    wanted_at: datetime
    due_at: datetime
    delivered_at: datetime | None
    attempts: int
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Fare:
    """How a receiver fares: failures in a row and the last of them, until when it is left alone,
    since when it is switched off, when it last took something."""

    failures: int = 0
    reason: Reason | None = None
    detail: str = ""
    left_until: datetime | None = None
    off_since: datetime | None = None
    delivered_at: datetime | None = None

    def takes_now(self, now: datetime) -> bool:
        return self.off_since is None and (self.left_until is None or self.left_until <= now)


def add(tx: Connection, notice: Notice, receivers: Iterable[str]) -> bool:
    """Keep a notice and have it delivered to each of the receivers; false where it is known."""
    values = {
        "public_id": notice.public_id,
        "once": notice.once,
        "kind": notice.kind.value,
        "meeting_id": notice.meeting_id,
        "at": notice.at,
    }
    notice_id = key_if_added(tx, tables.notice, values)
    if notice_id is None:
        return False
    want(tx, [(notice_id, notice.meeting_id)], receivers, notice.at)
    return True


def want(
    tx: Connection,
    notices: Collection[tuple[int, int]],
    receivers: Iterable[str],
    now: datetime,
) -> None:
    """Have these notices, each with its meeting, delivered to each of the receivers."""
    rows = [
        {
            "notice_id": notice_id,
            "meeting_id": meeting_id,
            "receiver": receiver,
            "state": WAITED_FOR,
            "wanted_at": now,
            "due_at": now,
        }
        for receiver in receivers
        for notice_id, meeting_id in notices
    ]
    if rows:
        tx.execute(insert_if_absent(tx, tables.delivery), rows)


def replay(
    tx: Connection, receiver: str, kinds: Collection[NoticeKind], since: datetime, now: datetime
) -> int:
    """Have what happened since then delivered to the receiver again; returns how much."""
    columns = tables.notice.c
    found = select(columns.id, columns.meeting_id).where(
        columns.at >= since, columns.kind.in_([kind.value for kind in kinds])
    )
    notices = [(row.id, row.meeting_id) for row in tx.execute(found.order_by(columns.id))]
    want(tx, notices, [receiver], now)
    anew = {
        "state": WAITED_FOR, "reason": Reason.REPLAYED.value, "wanted_at": now, "due_at": now,
        "attempts": 0, "last_error": None,
    }  # fmt: skip
    delivery = tables.delivery.c
    for chunk in chunks([notice_id for notice_id, _ in notices]):
        theirs = (delivery.receiver == receiver) & delivery.notice_id.in_(chunk)
        tx.execute(update(tables.delivery).where(theirs).values(anew))
    return len(notices)


def claim_next(tx: Connection, receiver: str, claimant: Claimant) -> list[tuple[Lease, Row[Any]]]:
    """Claim the receiver's next delivery, with its row; empty where none is due. Of a call a later
    notice is not delivered before an earlier one that still waits."""
    columns, earlier = tables.delivery.c, tables.delivery.alias()
    waits_before = (
        select(earlier.c.id)
        .where(
            earlier.c.receiver == columns.receiver,
            earlier.c.meeting_id == columns.meeting_id,
            earlier.c.state == WAITED_FOR,
            earlier.c.id < columns.id,
        )
        .exists()
    )
    waits = (columns.receiver == receiver) & (columns.state == WAITED_FOR)
    due = waits & claimant.is_due(tables.delivery) & ~waits_before
    return claim(tx, tables.delivery, due, claimant, 1)


def is_any_due(tx: Connection, receiver: str, now: datetime) -> bool:
    """Whether it is worth claiming."""
    columns = tables.delivery.c
    waits = (columns.receiver == receiver) & (columns.state == WAITED_FOR)
    due = select(columns.id).where(waits & (columns.due_at <= now))
    return tx.scalar(due.limit(1)) is not None


def find(tx: Connection, delivery_id: int) -> Delivery:
    (found,) = _deliveries(tx, tables.delivery.c.id == delivery_id)
    return found


def find_notice(tx: Connection, public_id: str) -> Notice | None:
    found = select(tables.notice).where(tables.notice.c.public_id == public_id)
    row = tx.execute(found).one_or_none()
    return None if row is None else _notice(row)


def deliveries_of(tx: Connection, notice_id: int) -> list[Delivery]:
    return _deliveries(tx, tables.delivery.c.notice_id == notice_id)


def recent(
    tx: Connection, receiver: str, most: int, state: DeliveryState | None = None
) -> list[Delivery]:
    """The receiver's latest deliveries, of one state where said; the newest first."""
    columns = tables.delivery.c
    wanted = columns.receiver == receiver
    if state is not None:
        wanted &= columns.state == state.value
    return _deliveries(tx, wanted, most)


def _deliveries(
    tx: Connection, which: ColumnElement[bool], most: int | None = None
) -> list[Delivery]:
    delivery, notice = tables.delivery, tables.notice
    found = (
        select(delivery, notice.c.public_id, notice.c.once, notice.c.kind, notice.c.at)
        .join(notice, notice.c.id == delivery.c.notice_id)
        .where(which)
        .order_by(delivery.c.id.desc())
        .limit(most)
    )
    return [
        Delivery(
            id=row.id,
            notice=Notice(
                row.public_id, row.once, NoticeKind(row.kind), row.meeting_id, row.at, row.notice_id
            ),
            receiver=row.receiver,
            state=DeliveryState(row.state),
            reason=None if row.reason is None else reason_of(row.reason),
            wanted_at=row.wanted_at,
            due_at=row.due_at,
            delivered_at=row.delivered_at,
            attempts=row.attempts,
            last_error=row.last_error,
        )
        for row in tx.execute(found)
    ]


def _notice(row: Row[Any]) -> Notice:
    return Notice(row.public_id, row.once, NoticeKind(row.kind), row.meeting_id, row.at, row.id)


def unanswered(tx: Connection, since: datetime, now: datetime) -> list[int]:
    """The meetings that were asked about and began in [since, now) without an answer, of which that
    was not told."""
    meeting, notice = tables.meeting.c, tables.notice.c
    is_told = (
        select(notice.id)
        .where(
            notice.meeting_id == meeting.id,
            notice.kind == NoticeKind.MEETING_UNANSWERED.value,
        )
        .exists()
    )
    began = (meeting.start_at >= since) & (meeting.start_at < now)
    is_open = meeting.state == MeetingState.ASKED.value
    found = select(meeting.id).where(is_open & began & ~is_told)
    return list(tx.scalars(found.order_by(meeting.start_at, meeting.id)))


def fares(tx: Connection, names: Collection[str]) -> dict[str, Fare]:
    """How each of the receivers fares, in their order."""
    rows = tx.execute(select(tables.receiver).where(tables.receiver.c.name.in_(names)))
    known = {row.name: _fare(row) for row in rows}
    return {name: known.get(name, Fare()) for name in names}


def fare_of(tx: Connection, name: str) -> Fare:
    return fares(tx, [name])[name]


def _fare(row: Row[Any]) -> Fare:
    return Fare(
        failures=row.failures,
        reason=None if row.reason is None else reason_of(row.reason),
        detail=row.detail or "",
        left_until=row.left_until,
        off_since=row.off_since,
        delivered_at=row.delivered_at,
    )


def fares_well(tx: Connection, name: str, now: datetime | None) -> None:
    """The receiver took something, or is to be tried anew."""
    well: dict[str, Any] = {"failures": 0, "reason": None, "detail": None, "left_until": None}
    if now is not None:
        well["delivered_at"] = now
    _set(tx, name, {**well, "off_since": None})


def fares_badly(
    tx: Connection, name: str, receipt: Receipt, wait: timedelta | None, now: datetime
) -> None:
    """The receiver failed: it is left alone for a while, or without `wait` switched off."""
    ill = {"reason": receipt.reason.value, "detail": receipt.detail[:200]}
    until = {"off_since": now} if wait is None else {"left_until": now + wait}
    _set(tx, name, {**ill, **until, "failures": fare_of(tx, name).failures + 1})


def _set(tx: Connection, name: str, values: dict[str, Any]) -> None:
    tx.execute(insert_if_absent(tx, tables.receiver).values(name=name))
    tx.execute(update(tables.receiver).where(tables.receiver.c.name == name).values(values))


def counts(tx: Connection, names: Collection[str]) -> dict[str, dict[str, int]]:
    """How many deliveries of each receiver stand where."""
    columns = tables.delivery.c
    rows = tx.execute(
        select(columns.receiver, columns.state, func.count())
        .where(columns.receiver.in_(names))
        .group_by(columns.receiver, columns.state)
    )
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    for receiver, state, count in rows:
        found[receiver][state] = count
    return found


def given_up_since(tx: Connection, moment: datetime) -> int:
    columns = tables.delivery.c
    given_up = (columns.state == DeliveryState.GIVEN_UP.value) & (columns.due_at >= moment)
    return tx.scalar(select(func.count()).select_from(tables.delivery).where(given_up)) or 0

"""Delivering what a receiver is told: due deliveries are claimed one by one, tried, and kept until
the receiver took them.

Each receiver has a lane of its own in the worker, so that one that is slow or down delays no other.
The call is read when it is told: what a rep kept to themself meanwhile, or what was forgotten, goes
nowhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from nudger.domain.controls import Activity
from nudger.domain.notices import (
    DeliveryState,
    Effect,
    Receipt,
    is_given_up,
    is_out_of_place,
    wait_after,
)
from nudger.domain.reasons import Reason, StepName
from nudger.jobs.telling.call import read_calls
from nudger.jobs.telling.payload import payload_of
from nudger.receivers.base import Parcel
from nudger.runtime.attempt import Work
from nudger.runtime.context import Context
from nudger.runtime.holds import is_held
from nudger.runtime.receivers import open_receiver, receivers_of
from nudger.runtime.work_off import do_claimed
from nudger.store import audit, notices
from nudger.store.leases import Lease, release
from nudger.store.notices import Delivery, Notice
from nudger.store.vault import SealBroken


def deliver(ctx: Context, receiver: str) -> int:
    """Deliver what is due to one receiver, until it fails; returns how much it took."""
    taken = 0
    while not ctx.stop.is_set() and (next_one := _claim(ctx, receiver)):
        receipts = do_claimed(ctx, next_one, _try)
        taken += sum(receipt.effect is Effect.DELIVERED for receipt in receipts)
    return taken


def deliver_all(ctx: Context) -> int:
    """Deliver to each receiver in turn what is due; returns how much was taken."""
    return sum(deliver(ctx, name) for name in receivers_of(ctx.settings))


def _claim(ctx: Context, receiver: str) -> list[tuple[Work, Delivery]]:
    now = ctx.clock()
    with ctx.database.read() as tx:
        if not notices.is_any_due(tx, receiver, now):
            return []
    with ctx.database.begin() as tx:
        if is_held(tx, Activity.TELL) or not notices.fare_of(tx, receiver).takes_now(now):
            return []
        claimed = notices.claim_next(tx, receiver, ctx.claimant())
        return [
            (Work(lease, f"notice to {receiver}", row.attempts), notices.find(tx, row.id))
            for lease, row in claimed
        ]


def _try(ctx: Context, lease: Lease, delivery: Delivery) -> Receipt:
    receipt = open_receiver(ctx, delivery.receiver).deliver(parcel_of(ctx, delivery.notice))
    with ctx.database.begin() as tx:
        _keep(ctx, tx, lease, delivery, receipt)
    return receipt


def parcel_of(ctx: Context, notice: Notice) -> Parcel:
    """The notice as it is told now. Its call is there: notices go with it."""
    with ctx.database.read() as tx:
        (call,) = read_calls(ctx, tx, [notice.meeting_id])
        meeting = ctx.meetings.get(tx, notice.meeting_id)
    try:
        guests = tuple(guest.email for guest in meeting.details.guests)
    except SealBroken:
        guests = ()
    return Parcel(
        id=notice.public_id,
        kind=notice.kind,
        body=payload_of(notice, call),
        call=call.as_json(),
        guests=guests,
        sent_at=ctx.clock(),
    )


def _keep(ctx: Context, tx: Connection, lease: Lease, delivery: Delivery, receipt: Receipt) -> None:
    now, name = ctx.clock(), delivery.receiver
    if receipt.effect is Effect.DELIVERED:
        notices.fares_well(tx, name, now)
        done = DeliveryState.DELIVERED.value
        release(tx, lease, state=done, reason=receipt.reason.value, delivered_at=now)
        _record(tx, delivery, receipt.reason, now)
        return
    wait = _put_receiver_off(ctx, tx, delivery, receipt)
    said = " ".join(filter(None, (receipt.reason.words, receipt.detail)))
    values = {"attempts": delivery.attempts, "last_error": said[:500], "due_at": now + wait}
    if receipt.effect is Effect.NO_PLACE:
        if delivery.reason is not receipt.reason or is_out_of_place(delivery.wanted_at, now):
            _record(tx, delivery, receipt.reason, now)
        if is_out_of_place(delivery.wanted_at, now):
            values |= {"state": DeliveryState.SKIPPED.value}
    elif receipt.effect is not Effect.RECEIVER_GONE and is_given_up(delivery.wanted_at, now):
        values |= {"state": DeliveryState.GIVEN_UP.value}
        _record(tx, delivery, Reason.UNDELIVERED, now)
    release(tx, lease, reason=receipt.reason.value, **values)


def _put_receiver_off(
    ctx: Context, tx: Connection, delivery: Delivery, receipt: Receipt
) -> timedelta:
    """Leave the receiver alone where it is the one that fails; returns how long the delivery
    waits."""
    now, name = ctx.clock(), delivery.receiver
    chance = ctx.random_bytes(1)[0] / 255
    if receipt.effect in (Effect.REFUSED, Effect.NO_PLACE):
        notices.fares_well(tx, name, None)
        return wait_after(delivery.attempts, receipt.wait, chance)
    if receipt.effect is Effect.RECEIVER_GONE:
        notices.fares_badly(tx, name, receipt, None, now)
        _record(tx, delivery, receipt.reason, now)
        return timedelta()
    failures = notices.fare_of(tx, name).failures
    wait = wait_after(failures + 1, receipt.wait, chance)
    notices.fares_badly(tx, name, receipt, wait, now)
    return wait


def _record(tx: Connection, delivery: Delivery, reason: Reason, now: datetime) -> None:
    detail = {"receiver": delivery.receiver}
    step = audit.Step(StepName.TELL, reason, delivery.notice.meeting_id, detail=detail)
    audit.record(tx, step, now)

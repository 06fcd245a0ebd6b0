"""Those who are told what happens to calls: how they fare, trying one, telling it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nudger.domain.notices import DeliveryState, NoticeKind, Receipt
from nudger.domain.reasons import Reason, StepName
from nudger.jobs.telling.deliver import parcel_of
from nudger.jobs.telling.payload import trial_payload
from nudger.receivers.base import Parcel
from nudger.runtime.context import Context
from nudger.runtime.receivers import (
    open_receiver,
    receivers_of,
    renew_secret,
    signing_secrets,
    webhook_of,
)
from nudger.store import audit, notices
from nudger.store.notices import Delivery, Fare

TRIAL_BYTES = 16
MOST_SHOWN = 20


class UnknownReceiver(ValueError):
    """The settings have no receiver of this name, or it is none of this kind; one line."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A receiver: what it is told of, how it fares, how many deliveries stand where."""

    name: str
    kinds: tuple[NoticeKind, ...]
    fare: Fare
    counts: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        fare = self.fare
        return {
            "name": self.name,
            "events": [kind.value for kind in self.kinds],
            "waiting": self.counts.get(DeliveryState.DUE.value, 0),
            "delivered": self.counts.get(DeliveryState.DELIVERED.value, 0),
            "skipped": self.counts.get(DeliveryState.SKIPPED.value, 0),
            "given_up": self.counts.get(DeliveryState.GIVEN_UP.value, 0),
            "failures": fare.failures,
            "reason": fare.reason,
            "words": None if fare.reason is None else fare.reason.words,
            "detail": fare.detail or None,
            "left_until": _iso(fare.left_until),
            "off_since": _iso(fare.off_since),
            "delivered_at": _iso(fare.delivered_at),
        }


def list_receivers(ctx: Context) -> list[Standing]:
    """Every receiver of the settings, in their order."""
    told = receivers_of(ctx.settings)
    with ctx.database.read() as tx:
        fares, counts = notices.fares(tx, tuple(told)), notices.counts(tx, tuple(told))
    return [
        Standing(name, tuple(kind for kind in NoticeKind if kind in kinds), fares[name],
                 counts[name])
        for name, kinds in told.items()
    ]  # fmt: skip


def recent_deliveries(
    ctx: Context, name: str, state: DeliveryState | None = None, most: int = MOST_SHOWN
) -> list[dict[str, Any]]:
    """The receiver's latest deliveries, the newest first. Raises `UnknownReceiver`."""
    _require(ctx, name)
    with ctx.database.read() as tx:
        found = notices.recent(tx, name, most, state)
    return [delivery_as_json(one) for one in found]


def try_webhook(ctx: Context, name: str) -> Receipt:
    """Send a message that tells of no call, now; nothing is kept of it. Raises
    `UnknownReceiver`."""
    _require_webhook(ctx, name)
    now = ctx.clock()
    message_id = f"msg_{ctx.random_bytes(TRIAL_BYTES).hex()}"
    trial = Parcel(message_id, NoticeKind.COMMITMENT_RECORDED, trial_payload(now), {}, sent_at=now)
    return open_receiver(ctx, name).deliver(trial)


def replay(ctx: Context, name: str, since: datetime) -> int:
    """Have all that happened since then delivered to the receiver again, with the ids that it had;
    returns how much. Raises `UnknownReceiver`."""
    _require(ctx, name)
    now = ctx.clock()
    with ctx.database.begin() as tx:
        count = notices.replay(tx, name, receivers_of(ctx.settings)[name], since, now)
        step = audit.Step(StepName.TELL, Reason.REPLAYED, detail={"receiver": name, "count": count})
        audit.record(tx, step, now)
    return count


def switch_on(ctx: Context, name: str) -> None:
    """Have a receiver told again at once that was switched off or left alone. Raises
    `UnknownReceiver`."""
    _require(ctx, name)
    with ctx.database.begin() as tx:
        notices.fares_well(tx, name, None)
        step = audit.Step(StepName.TELL, Reason.RECEIVER_ON, detail={"receiver": name})
        audit.record(tx, step, ctx.clock())


def show_notice(ctx: Context, public_id: str) -> dict[str, Any] | None:
    """What happened, whom it was told, and what they would be sent now; `None` for an id that is
    not known."""
    with ctx.database.read() as tx:
        notice = notices.find_notice(tx, public_id)
        if notice is None:
            return None
        deliveries = notices.deliveries_of(tx, notice.id)
    return {
        "id": notice.public_id,
        "event": notice.kind.value,
        "at": notice.at.isoformat(),
        "call": notice.meeting_id,
        "deliveries": [delivery_as_json(one) for one in reversed(deliveries)],
        "body": parcel_of(ctx, notice).body,
    }


def secret_of(ctx: Context, name: str) -> str:
    """What signs for the webhook. Raises `UnknownReceiver`."""
    _require_webhook(ctx, name)
    with ctx.database.begin() as tx:
        return signing_secrets(ctx, tx, webhook_of(ctx.settings, name))[0]


def new_secret_of(ctx: Context, name: str) -> str:
    """The same, made anew. Raises `UnknownReceiver` where the settings say what signs."""
    _require_webhook(ctx, name)
    if webhook_of(ctx.settings, name).secret is not None:
        raise UnknownReceiver(f"The secret of {name} stands in nudger.toml: change it there.")
    with ctx.database.begin() as tx:
        return renew_secret(ctx, tx, name)


def delivery_as_json(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.notice.public_id,
        "event": one.notice.kind.value,
        "at": one.notice.at.isoformat(),
        "call": one.notice.meeting_id,
        "receiver": one.receiver,
        "state": one.state.value,
        "reason": one.reason,
        "tries": one.attempts,
        "error": one.last_error,
        "due": one.due_at.isoformat() if one.state is DeliveryState.DUE else None,
        "delivered_at": _iso(one.delivered_at),
    }


def _require_webhook(ctx: Context, name: str) -> None:
    _require_one_of(name, [hook.name for hook in ctx.settings.webhooks])


def _require(ctx: Context, name: str) -> None:
    _require_one_of(name, list(receivers_of(ctx.settings)))


def _require_one_of(name: str, known: Sequence[str]) -> None:
    if name not in known:
        there = f"There are {', '.join(known)}" if known else "Add one as [[webhooks]]"
        raise UnknownReceiver(f"nudger.toml has no webhook {name!r}. {there}.")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()

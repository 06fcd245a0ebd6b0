"""What other systems are told of a call, and when telling it is given up: pure functions.

A notice is one thing that happened; a delivery is one notice to one receiver, which is a webhook or
a CRM.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto

from nudger.domain.reasons import Reason

GIVEN_UP_AFTER = timedelta(days=7)
NO_PLACE_AFTER = timedelta(days=1)
"""A CRM learns of a meeting minutes after the calendar, or hours."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_ASKED_WAIT = timedelta(hours=24)
"""What a receiver asks for beyond that is taken for a mistake of its own."""


class NoticeKind(StrEnum):
    """What happened to a call, by the names that receivers know."""

    COMMITMENT_RECORDED = "commitment.recorded"
    OUTCOME_RECORDED = "outcome.recorded"
    MEETING_UNANSWERED = "meeting.unanswered"


class DeliveryState(StrEnum):
    """Where a delivery stands. `SKIPPED` is for one that its receiver has no place for."""

    DUE = "due"
    DELIVERED = "delivered"
    SKIPPED = "skipped"
    GIVEN_UP = "given_up"


class Effect(Enum):
    """What a try of a delivery means, and for whom."""

    DELIVERED = auto()
    NO_PLACE = auto()
    """The receiver knows no record that it belongs to, or not yet: others go on."""
    REFUSED = auto()
    """This delivery is tried again; others to the receiver go on."""
    RECEIVER_FAILS = auto()
    """Nothing is delivered to the receiver for a while."""
    RECEIVER_GONE = auto()
    """The receiver is switched off until an admin says otherwise."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a try: `detail` is one line of ours for an admin, without anything that the
    receiver wrote; `wait` is what the receiver asked for."""

    effect: Effect
    reason: Reason
    detail: str = ""
    wait: timedelta | None = None


def receipt_of(status: int, wait: timedelta | None = None) -> Receipt:
    """What a webhook's receiver means by an HTTP status (Standard Webhooks, "Delivery")."""
    detail = f"HTTP {status}"
    if 200 <= status < 300:
        return Receipt(Effect.DELIVERED, Reason.DELIVERED, detail)
    if 300 <= status < 400:
        return Receipt(Effect.RECEIVER_FAILS, Reason.RECEIVER_REDIRECTS, detail)
    if status == 410:
        return Receipt(Effect.RECEIVER_GONE, Reason.RECEIVER_GONE, detail)
    if status in (408, 425, 429) or not 400 <= status < 500:
        return Receipt(Effect.RECEIVER_FAILS, Reason.RECEIVER_FAILS, detail, wait)
    return Receipt(Effect.REFUSED, Reason.RECEIVER_REFUSED, detail)


def wait_after(failures: int, asked: timedelta | None, chance: float) -> timedelta:
    """How long to wait after that many failures in a row, 1 at least: twice as long each time, up
    to a quarter more by `chance` (0 to 1), so that not all come back at once; and as long as the
    receiver asked for."""
    doubled = min(FIRST_WAIT * (1 << min(failures - 1, 10)), LONGEST_WAIT)
    return max(doubled * (1 + chance / 4), min(asked or timedelta(), LONGEST_ASKED_WAIT))


def is_out_of_place(wanted_at: datetime, now: datetime) -> bool:
    """Whether a delivery that still has no place with its receiver is skipped."""
    return now - wanted_at >= NO_PLACE_AFTER


def is_given_up(wanted_at: datetime, now: datetime) -> bool:
    """Whether a delivery that failed once more is tried no further. A replay wants it anew."""
    return now - wanted_at >= GIVEN_UP_AFTER

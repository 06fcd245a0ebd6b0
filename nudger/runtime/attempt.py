"""Trying claimed work: what goes wrong is written to its row, and it is tried again.

One bad row never stops the others: each is tried alone and put off for longer each time. What was
claimed and not begun when we are to stop, or what an admin holds, is given back as it was.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from nudger.domain.availability import RepState
from nudger.domain.reasons import Reason, StepName
from nudger.domain.turns import Course
from nudger.providers.base import (
    AccessDenied,
    CalendarGone,
    ProviderError,
    ReconnectNeeded,
    SignInFailed,
    Unavailable,
)
from nudger.runtime.context import Context
from nudger.runtime.holds import Held
from nudger.runtime.provider_guard import LeftAlone
from nudger.store import audit, people
from nudger.store.leases import Lease, LeaseLost, give_back, release

log = logging.getLogger(__name__)

Result = TypeVar("Result")

INITIAL_WAIT = timedelta(seconds=30)
MAX_WAIT = timedelta(hours=1)
PROBE_INTERVAL = timedelta(minutes=5)
"""What passes by itself, for everybody at once, is looked at as often: a question must not miss its
call because it slept on after the outage."""
RECONNECT_INTERVAL = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a piece of work did not get done. `wait` is how long to leave it alone; `is_try` says
    that it was tried."""

    reason: Reason
    message: str
    wait: timedelta
    is_try: bool = True


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed row: what it is for the log, how often it failed, whose rep it concerns, and where
    it goes along; without a `course` it is in nobody's way."""

    lease: Lease
    what: str
    attempts: int
    rep_id: int | None = None
    course: Course | None = None


TAKEN_OVER = Failure(Reason.TAKEN_OVER, "another worker has taken over", timedelta())
"""No fault: the work is another's now, and so is its row."""

GIVEN_BACK = Failure(Reason.STOPPING, "given back before it was begun", timedelta())
"""No fault: we are to stop."""

NO_FAULTS = (TAKEN_OVER, GIVEN_BACK)


def attempt(ctx: Context, work: Work, do: Callable[[], Result]) -> Result | Failure:
    """Do the work; returns what came of it, or why it failed, having put the row off."""
    if ctx.stop.is_set():
        _give_back(ctx, work)
        return GIVEN_BACK
    try:
        return do()
    except LeaseLost:
        _log(logging.INFO, work, TAKEN_OVER)
        return TAKEN_OVER
    except Held as held:
        _log(logging.INFO, work, Failure(held.reason, str(held), timedelta(), is_try=False))
        _give_back(ctx, work)
        return Failure(held.reason, str(held), timedelta(), is_try=False)
    except Exception as error:
        failure = judge_failure(error, work.attempts)
        level = logging.WARNING if failure.is_try else logging.INFO
        _log(level, work, failure, None if isinstance(error, ProviderError) else error)
        _put_off(ctx, work, failure, error)
        return failure


def judge_failure(error: Exception, attempts: int) -> Failure:
    """What an error means for the work: its reason code, one line, and how long to wait."""
    wait = min(INITIAL_WAIT * 2 ** min(attempts, 10), MAX_WAIT)
    match error:
        case LeftAlone():
            return Failure(Reason.LEFT_ALONE, str(error), error.wait, is_try=False)
        case Unavailable(retry_after=asked) if asked is not None:
            return Failure(Reason.UNAVAILABLE, str(error), max(asked, INITIAL_WAIT))
        case Unavailable():
            return Failure(Reason.UNAVAILABLE, str(error), min(wait, PROBE_INTERVAL))
        case SignInFailed():
            return Failure(Reason.SIGN_IN_REFUSED, str(error), min(wait, PROBE_INTERVAL))
        case ReconnectNeeded():
            return Failure(Reason.RECONNECT, str(error), RECONNECT_INTERVAL)
        case AccessDenied():
            return Failure(Reason.ACCESS_DENIED, str(error), MAX_WAIT)
        case CalendarGone():
            return Failure(Reason.CALENDAR_GONE, str(error), MAX_WAIT)
        case ProviderError():
            return Failure(Reason.PROVIDER_ERROR, str(error), wait)
        case _:
            return Failure(Reason.FAULT, f"{type(error).__name__}: {error}", wait)


def _give_back(ctx: Context, work: Work) -> None:
    with ctx.database.begin() as tx:
        give_back(tx, work.lease)


def _put_off(ctx: Context, work: Work, failure: Failure, error: Exception) -> None:
    now = ctx.clock()
    ctx.on_failure(work.what, failure.message)
    with ctx.database.begin() as tx:
        if isinstance(error, ReconnectNeeded) and work.rep_id is not None:
            _hold_until_reconnected(tx, work.rep_id, str(error), now)
        try:
            release(
                tx,
                work.lease,
                attempts=work.attempts + failure.is_try,
                last_error=failure.message[:500],
                due_at=now + failure.wait,
            )
        except LeaseLost:
            _log(logging.INFO, work, TAKEN_OVER)


def _hold_until_reconnected(tx: Connection, rep_id: int, why: str, now: datetime) -> None:
    """A rep who paused or stopped us stays so: connecting anew must not undo that."""
    if people.get_rep(tx, rep_id).state is RepState.ACTIVE:
        people.set_state(tx, rep_id, RepState.RECONNECT, why)
        audit.record(tx, audit.Step(StepName.CONNECT, Reason.RECONNECT, rep_id=rep_id), now)


def _log(level: int, work: Work, failure: Failure, fault: Exception | None = None) -> None:
    """`fault` is an error of ours, whose place is of interest."""
    key = work.lease.key
    facts = {
        "event": "put_off", "work": work.lease.table.name, "id": key if _is_id(key) else None,
        "rep": work.rep_id, "reason": failure.reason.value, "attempts": work.attempts,
    }  # fmt: skip
    line = "%s: %s"
    log.log(level, line, work.what, failure.message, exc_info=fault, extra={"facts": facts})


def _is_id(key: object) -> bool:
    """A mailbox is known by its address, which is no matter for the log."""
    return isinstance(key, int)

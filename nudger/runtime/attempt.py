"""Trying a piece of claimed work: what goes wrong is written to its row, and it is tried again.

One bad row never stops the others: each is tried alone and put off for longer each time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from nudger.providers.base import (
    AccessDenied,
    ProviderError,
    ReconnectNeeded,
    SignInFailed,
    Unavailable,
)
from nudger.runtime.context import Context
from nudger.store import audit, people
from nudger.store.leases import Lease, LeaseLost, release
from nudger.store.people import RepState

log = logging.getLogger(__name__)

INITIAL_WAIT = timedelta(seconds=30)
MAX_WAIT = timedelta(hours=1)
PROBE_INTERVAL = timedelta(minutes=5)
"""What passes by itself, for everybody at once, is looked at as often: a question must not miss its
call because it slept on after the outage."""
RECONNECT_INTERVAL = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a piece of work did not get done. `wait` is how long to leave it alone."""

    reason: str
    message: str
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed row: what it is for the log, how often it failed, whose rep it concerns."""

    lease: Lease
    what: str
    attempts: int
    rep_id: int | None = None


def attempt(ctx: Context, work: Work, do: Callable[[], None]) -> Failure | None:
    """Do the work; returns why it failed, having put the row off, or `None`."""
    try:
        do()
    except LeaseLost:
        log.info("%s: another worker has taken over", work.what)
        return None
    except Exception as error:
        failure = judge_failure(error, work.attempts)
        _log(work, failure, error)
        _put_off(ctx, work, failure, error)
        return failure
    return None


def judge_failure(error: Exception, attempts: int) -> Failure:
    """What an error means for the work: its reason code, one line, and how long to wait."""
    wait = min(INITIAL_WAIT * 2 ** min(attempts, 10), MAX_WAIT)
    match error:
        case Unavailable(retry_after=asked) if asked is not None:
            return Failure("unavailable", str(error), max(asked, INITIAL_WAIT))
        case Unavailable():
            return Failure("unavailable", str(error), min(wait, PROBE_INTERVAL))
        case SignInFailed():
            return Failure("sign_in_refused", str(error), min(wait, PROBE_INTERVAL))
        case ReconnectNeeded():
            return Failure("reconnect", str(error), RECONNECT_INTERVAL)
        case AccessDenied():
            return Failure("access_denied", str(error), MAX_WAIT)
        case ProviderError():
            return Failure("provider_error", str(error), wait)
        case _:
            return Failure("fault", f"{type(error).__name__}: {error}", wait)


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
                attempts=work.attempts + 1,
                last_error=failure.message[:500],
                due_at=now + failure.wait,
            )
        except LeaseLost:
            log.info("%s: another worker has taken over", work.what)


def _hold_until_reconnected(tx: Connection, rep_id: int, why: str, now: datetime) -> None:
    """A rep who paused or stopped us stays so: connecting anew must not undo that."""
    if people.get_rep(tx, rep_id).state is RepState.ACTIVE:
        people.set_state(tx, rep_id, RepState.RECONNECT, why)
        audit.record(tx, audit.Step("connect", "reconnect", rep_id=rep_id), now)


def _log(work: Work, failure: Failure, error: Exception) -> None:
    expected = isinstance(error, ProviderError)
    log.warning("%s: %s", work.what, failure.message, exc_info=None if expected else error)

"""Trying a piece of claimed work: what goes wrong is written to its row, and it is tried again.

One bad row never stops the others: each is tried alone and put off for longer each time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from nudger.domain.availability import RepState
from nudger.providers.base import AccessDenied, ProviderError, ReconnectNeeded, Unavailable
from nudger.runtime.context import Context
from nudger.store import audit, people
from nudger.store.leases import Lease, LeaseLost, release

log = logging.getLogger(__name__)

INITIAL_WAIT = timedelta(seconds=30)
MAX_WAIT = timedelta(hours=1)


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
            return Failure("unavailable", str(error), wait)
        case ReconnectNeeded():
            return Failure("reconnect", str(error), MAX_WAIT)
        case AccessDenied():
            return Failure("access_denied", str(error), MAX_WAIT)
        case ProviderError():
            return Failure("provider_error", str(error), wait)
        case _:
            return Failure("fault", f"{type(error).__name__}: {error}", wait)


def _put_off(ctx: Context, work: Work, failure: Failure, error: Exception) -> None:
    now = ctx.clock()
    with ctx.database.begin() as tx:
        if isinstance(error, ReconnectNeeded) and work.rep_id is not None:
            people.set_state(tx, work.rep_id, RepState.RECONNECT, str(error))
            step = audit.Step("connect", "reconnect", rep_id=work.rep_id)
            audit.record(tx, step, now)
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


def _log(work: Work, failure: Failure, error: Exception) -> None:
    expected = isinstance(error, ProviderError)
    log.warning("%s: %s", work.what, failure.message, exc_info=None if expected else error)

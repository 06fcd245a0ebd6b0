"""What Google's refusals mean for us.

Source: https://developers.google.com/workspace/calendar/api/guides/errors
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from nudger.providers.base import (
    AccessDenied,
    AlreadyExists,
    CursorExpired,
    NotFound,
    ProviderError,
    SignInFailed,
    Unavailable,
    WriteConflict,
    WriteRefused,
)

RATE_REASONS = frozenset(
    {"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "RATE_LIMIT_EXCEEDED"}
)
REFUSED_REASONS = frozenset({"forbiddenForNonOrganizer", "cannotChangeOrganizer"})
TIMED_OUT = 408
BUSY_FROM = 500


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is not a success. `reason` is Google's, empty where it gave none."""

    status: int
    reason: str
    message: str
    retry_after: timedelta | None = None
    where: str = "Google"
    has_error_object: bool = True

    @property
    def is_rate_limit(self) -> bool:
        """Provably not carried out: it may be repeated whatever the call does."""
        return self.status == 429 or (self.status == 403 and self.reason in RATE_REASONS)

    @property
    def is_busy(self) -> bool:
        return self.is_rate_limit or self.status == TIMED_OUT or self.status >= BUSY_FROM

    @property
    def is_googles(self) -> bool:
        """Whether Google says no: a proxy in between has no error object."""
        return self.status == 401 or (self.status >= 400 and self.has_error_object)


def read_refusal(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Refusal:
    """Never raises: a body that is no JSON gives no reason."""
    reason, message, has_error_object = "", f"Google answered {status}", False
    try:
        error = json.loads(body)["error"]
        has_error_object = isinstance(error, dict)
        if isinstance(error, dict):
            message = str(error.get("message", message))[:300]
            reason = str((error.get("errors") or [{}])[0].get("reason") or error.get("status", ""))
    except (ValueError, LookupError, TypeError, AttributeError):
        pass
    wait = retry_after(headers.get("retry-after"), now)
    return Refusal(status, reason, message, wait, has_error_object=has_error_object)


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """RFC 9110, 10.2.3: seconds or a date."""
    if not value:
        return None
    if value.strip().isdigit():
        return timedelta(seconds=int(value))
    try:
        return max(parsedate_to_datetime(value) - now, timedelta())
    except (ValueError, TypeError):
        return None


def as_error(refusal: Refusal, what: str, *, in_doubt: bool) -> ProviderError:
    """The error that says what a caller can do. `what` names the call for the message.

    `in_doubt` says that a server's error leaves open whether the call took effect. A 401 comes
    after the token was renewed, so that it is no matter of anybody's consent.
    """
    line = f"{what}: {refusal.message} ({refusal.status} {refusal.reason})".replace(" )", ")")
    match refusal.status:
        case _ if refusal.is_busy:
            doubt = in_doubt and not refusal.is_rate_limit
            return Unavailable(line, refusal.retry_after, in_doubt=doubt)
        case _ if not refusal.is_googles:
            line = f"{what}: {refusal.where} answered {refusal.status} with something that Google "
            line += "does not say: is there a proxy in between?"
            return Unavailable(line, refusal.retry_after, in_doubt=in_doubt)
        case 401:
            return SignInFailed(line, refusal.where, refusal.status)
        case 403 if refusal.reason in REFUSED_REASONS:
            return WriteRefused(line)
        case 403:
            return AccessDenied(line)
        case 404:
            return NotFound(line)
        case 409:
            return AlreadyExists(line)
        case 410:
            return NotFound(line) if refusal.reason == "deleted" else CursorExpired(line)
        case 412:
            return WriteConflict(line)
        case _:
            return ProviderError(line)

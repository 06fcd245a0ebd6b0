"""Calling Google: one HTTP connection a thread, bounded retries, errors that say what to do.

googleapiclient's own retries ignore Retry-After and repeat calls whose effect is in doubt, so that
they stay off. httplib2 is not thread-safe: each thread has its own `Http`
(https://googleapis.github.io/google-api-python-client/docs/thread_safety.html).
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http.client import HTTPException
from typing import Any

import httplib2
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import HttpRequest

from nudger.providers.base import ProviderError, Unavailable
from nudger.providers.google.auth import token_error
from nudger.providers.google.errors import Refusal, as_error, read_refusal

TIMEOUT_SECONDS = 30
MOST_TRIES = 4
INITIAL_WAIT = 0.5
LONGEST_TOTAL_WAIT = 20.0

_per_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Waiting:
    """How retries wait; tests pass their own."""

    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def thread_http() -> httplib2.Http:
    """This thread's connections, kept alive."""
    http = getattr(_per_thread, "http", None)
    if http is None:
        http = _per_thread.http = httplib2.Http(timeout=TIMEOUT_SECONDS)
        http.redirect_codes = frozenset()
    assert isinstance(http, httplib2.Http)  # noqa: S101
    return http


@cache
def service(name: str, version: str, api_root: str | None) -> Any:
    """The API's client, built once from the discovery document in the package."""
    options = {"api_endpoint": f"{api_root.rstrip('/')}/{_PATHS[name]}"} if api_root else None
    return build(
        name,
        version,
        http=httplib2.Http(),
        static_discovery=True,
        cache_discovery=False,
        client_options=options,
    )


_PATHS = {"calendar": "calendar/v3/", "gmail": ""}


class Caller:
    """Executes requests as one person."""

    def __init__(
        self, credentials: Credentials, person: str, waiting: Waiting | None = None
    ) -> None:
        self._credentials = credentials
        self._person = person
        self._waiting = waiting or Waiting()

    def read(self, request: HttpRequest) -> Any:
        """Execute a call that may be repeated: a reading, or a write with an If-Match or own id."""
        return self._execute(request, repeatable=True)

    def act(self, request: HttpRequest) -> Any:
        """Execute a call that must not be repeated in doubt.

        Raises `Unavailable` with `in_doubt` when it may have taken effect.
        """
        return self._execute(request, repeatable=False)

    def _execute(self, request: HttpRequest, *, repeatable: bool) -> Any:
        waited = 0.0
        for tried in range(MOST_TRIES):
            try:
                return self._once(request)
            except _Busy as busy:
                safe = repeatable or busy.not_carried_out
                wait = self._wait(tried, busy.error.retry_after)
                if not safe or tried + 1 == MOST_TRIES or waited + wait > LONGEST_TOTAL_WAIT:
                    in_doubt = not repeatable and not busy.not_carried_out
                    raise Unavailable(
                        str(busy.error), busy.error.retry_after, in_doubt=in_doubt
                    ) from busy
            self._waiting.sleep(wait)
            waited += wait
        raise AssertionError("unreachable")

    def _once(self, request: HttpRequest) -> Any:
        what = request.methodId or "Google"
        http = AuthorizedHttp(self._credentials, http=thread_http())
        try:
            return request.execute(http=http, num_retries=0)
        except HttpError as error:
            refusal = read_refusal(
                int(error.resp.status), error.resp, error.content, self._waiting.now()
            )
            raise self._meaning(refusal, what) from error
        except GoogleAuthError as error:
            raise token_error(error, self._person) from error
        except (OSError, HTTPException, httplib2.HttpLib2Error) as error:
            _per_thread.http = None
            text = f"{what}: no answer from Google ({type(error).__name__})"
            raise _Busy(Unavailable(text), not_carried_out=False) from error
        except ValueError as error:
            text = f"{what}: Google's answer cannot be read"
            raise _Busy(Unavailable(text), not_carried_out=False) from error

    @staticmethod
    def _meaning(refusal: Refusal, what: str) -> Exception:
        error: ProviderError = as_error(refusal, what, in_doubt=False)
        if isinstance(error, Unavailable):
            return _Busy(error, not_carried_out=refusal.is_rate_limit)
        return error

    def _wait(self, tried: int, asked: timedelta | None) -> float:
        """Full jitter, but never sooner than the server asked."""
        backoff: float = INITIAL_WAIT * 2**tried * self._waiting.random()
        return max(backoff, asked.total_seconds() if asked else 0.0)


class _Busy(Exception):
    def __init__(self, error: Unavailable, *, not_carried_out: bool) -> None:
        super().__init__(str(error))
        self.error = error
        self.not_carried_out = not_carried_out

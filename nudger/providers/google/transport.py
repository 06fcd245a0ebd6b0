"""Calling Google: a token, one request, an error that says what to do; tried again by `retry.py`.

googleapiclient's own retries ignore Retry-After and repeat calls whose effect is in doubt, so that
they stay off.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httplib2
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import HttpRequest

from nudger.providers.base import Unavailable
from nudger.providers.google.connections import NO_ANSWER, NeverArrived, send
from nudger.providers.google.errors import as_error, read_refusal
from nudger.providers.google.tokens import Tokens
from nudger.providers.retry import DEFAULT, Retries

UNAUTHORIZED = 401


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


_PATHS = {"calendar": "calendar/v3/", "gmail": "", "admin": ""}


def utc_now() -> datetime:
    return datetime.now(UTC)


class Caller:
    """Executes requests as the person whose `tokens` these are. Any thread may call it."""

    def __init__(
        self,
        tokens: Tokens,
        retries: Retries = DEFAULT,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._http = _Authorized(tokens)
        self._retries = retries
        self._clock = clock

    def read(self, request: HttpRequest) -> Any:
        """Execute a call that may be repeated: a reading, or a write with an If-Match or own id."""
        return self._retries.until_answered(lambda: self._once(request, repeatable=True))

    def act(self, request: HttpRequest) -> Any:
        """Execute a call that must not be repeated in doubt.

        Raises `Unavailable` with `in_doubt` when it may have taken effect.
        """
        return self._retries.until_answered(lambda: self._once(request, repeatable=False))

    def _once(self, request: HttpRequest, *, repeatable: bool) -> Any:
        what = request.methodId or "Google"
        try:
            answer = request.execute(http=self._http, num_retries=0)
        except HttpError as error:
            status, headers = int(error.resp.status), error.resp
            refusal = read_refusal(status, headers, error.content, self._clock())
            refusal = replace(refusal, where=_origin(request.uri))
            raise as_error(refusal, what, in_doubt=not repeatable) from error
        except NO_ANSWER as error:
            text = f"{what}: no answer from Google ({type(error).__name__})"
            doubt = not repeatable and not isinstance(error, NeverArrived)
            raise Unavailable(text, in_doubt=doubt) from error
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            text = f"{what}: Google's answer cannot be read"
            raise Unavailable(text, in_doubt=not repeatable) from error
        if not _is_documented(request, answer):
            text = (
                f"{what}: {_origin(request.uri)} says it is done, but not as Google says so: is "
                "there a proxy in between?"
            )
            raise Unavailable(text, in_doubt=not repeatable)
        return answer


_NO_CONTENT = ("", b"{}")
"""What the client makes of a 204, and the empty object that Google's reference has in its place."""
_ANSWER_NOTHING = ("calendar.channels.stop", "gmail.users.stop")
_NOT_ONE_THING = (".list", ".getProfile", "gmail.users.watch")


def _is_documented(request: HttpRequest, answer: Any) -> bool:
    """Whether this is what Google answers to a call that it carried out: nothing to a deletion, a
    thing with its id to what is about one. The client takes any 2xx for a success."""
    if request.method == "DELETE" or request.methodId in _ANSWER_NOTHING:
        return answer in _NO_CONTENT
    if not isinstance(answer, dict) or not answer:
        return False
    return "id" in answer or str(request.methodId).endswith(_NOT_ONE_THING)


def _origin(uri: str) -> str:
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


class _Authorized:
    """What googleapiclient takes for an `httplib2.Http`."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: dict[str, str] | None = None,
        **_: Any,
    ) -> tuple[httplib2.Response, bytes]:
        def with_token(token: str) -> tuple[httplib2.Response, bytes]:
            return send(uri, method, body, {**(headers or {}), "authorization": f"Bearer {token}"})

        token = self._tokens.token()
        response, content = with_token(token)
        if response.status == UNAUTHORIZED:
            response, content = with_token(self._tokens.renewed(token))
        return response, content

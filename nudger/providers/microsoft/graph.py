"""Calls to Microsoft Graph: one place for tokens, retries, throttling, paging and batches.

- Every call asks for immutable ids, in a batch every part of it.
- At most four calls run in one mailbox at a time, Outlook's limit; a batch counts as four.
- What Graph is too busy for is tried again as `providers/retry.py` says.
- Done is what Graph documents as done, and refused what its error object refuses. What else comes,
  such as a proxy's page, is `Unavailable`, whatever its status.
- A call whose repetition could do something twice is not repeated when its outcome is unknown:
  `Unavailable.in_doubt` is true then.
- Links that Graph gave out are used as they are, and only on its own host: no other host ever
  gets a token.

Sources: Graph throttling limits (Outlook), JSON batching, paging, immutable identifiers.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

import nudger
from nudger.providers.base import ProviderError, Unavailable
from nudger.providers.microsoft.auth import GRAPH_ROOT, TokenSource
from nudger.providers.microsoft.authority import require_private_line
from nudger.providers.microsoft.errors import Refusal, problem, read_refusal
from nudger.providers.microsoft.gate import Gates
from nudger.providers.microsoft.request import (
    ANSWERS,
    Account,
    Json,
    Request,
    query,
    subject,
)
from nudger.providers.retry import DEFAULT, Retries, Tries
from nudger.providers.storable_text import storable_text

IMMUTABLE_IDS = 'IdType="ImmutableId"'
LARGEST_BATCH = 20
_NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def new_http() -> httpx.Client:
    """The one HTTP client of the process; any thread may use it."""
    return httpx.Client(
        verify=_tls(),
        timeout=httpx.Timeout(60, connect=10),
        limits=httpx.Limits(max_connections=256, max_keepalive_connections=64),
        headers={"User-Agent": f"nudger/{nudger.__version__}"},
        follow_redirects=False,
    )


@cache
def _tls() -> ssl.SSLContext:
    """One for the process: reading the certificates of all authorities takes long."""
    return httpx.create_ssl_context()


class Graph:
    """A Graph service as one identity sees it. Any thread may call it."""

    def __init__(
        self,
        tokens: TokenSource,
        http: httpx.Client,
        *,
        root: str = GRAPH_ROOT,
        gates: Gates | None = None,
        retries: Retries = DEFAULT,
    ) -> None:
        require_private_line(root)
        self._tokens = tokens
        self._http = http
        self._root: Final = root.rstrip("/")
        self._gates = gates or Gates()
        self._retries = retries

    def json(self, account: Account, request: Request) -> Json:
        """The decoded answer. Raises `ProviderError`."""
        answer: Json = self._answer(account, request)[1]
        return answer

    def call(self, account: Account, request: Request) -> httpx.Response:
        """The successful answer. Raises `ProviderError` as errors.py says."""
        return self._answer(account, request)[0]

    def _answer(self, account: Account, request: Request) -> tuple[httpx.Response, Any]:
        """The successful answer as it came and decoded, which a list of events is but once."""
        return self._retries.until_answered(lambda: self._once(account, request))

    def pages(self, account: Account, first: Request) -> Iterator[Json]:
        """Page after page, following `@odata.nextLink`; the headers of `first` go with each."""
        request, seen = first, set[str]()
        while True:
            page = self.json(account, request)
            yield page
            link = storable_text(page.get("@odata.nextLink"))
            if not link:
                return
            if link in seen:
                raise ProviderError(f"Microsoft sent the same page of {account.address} twice.")
            seen.add(link)
            request = replace(first, path=link, params={})

    def batch(self, account: Account, requests: Sequence[Request]) -> list[Json | ProviderError]:
        """The answers to GET requests, in their order, each one judged by itself."""
        if len(requests) == 1:
            return [self._one(account, requests[0])]
        answers: list[Json | ProviderError] = []
        for begin in range(0, len(requests), LARGEST_BATCH):
            answers += self._chunk(account, requests[begin : begin + LARGEST_BATCH])
        return answers

    def _one(self, account: Account, request: Request) -> Json | ProviderError:
        try:
            return self.json(account, request)
        except ProviderError as error:
            return error

    def _chunk(self, account: Account, requests: Sequence[Request]) -> list[Json | ProviderError]:
        """Parts that Graph was too busy for are asked for again, the others are not."""
        answers: dict[int, Json | ProviderError] = {}
        open_parts, tries = list(range(len(requests))), Tries(self._retries)
        while True:
            answers.update(self._ask(account, {n: requests[n] for n in open_parts}))
            busy = {n: a for n in open_parts if isinstance(a := answers[n], Unavailable)}
            asked = max((a.retry_after for a in busy.values() if a.retry_after), default=None)
            if not busy or not tries.wait(asked):
                return [answers[n] for n in range(len(requests))]
            open_parts = list(busy)

    def _ask(
        self, account: Account, parts: Mapping[int, Request]
    ) -> dict[int, Json | ProviderError]:
        body = {"requests": [self._part(account, n, part) for n, part in parts.items()]}
        envelope = Request("POST", f"{self._root}/$batch", body=body, documented=ANSWERS)
        responses = self.json(account, envelope)["responses"]
        by_id = {str(one.get("id")): one for one in responses if isinstance(one, dict)}
        return {n: self._part_answer(by_id.get(str(n)), p, account) for n, p in parts.items()}

    def _part_answer(
        self, response: Json | None, request: Request, account: Account
    ) -> Json | ProviderError:
        if response is None:
            return Unavailable("Microsoft left a part of a batch unanswered.")
        status, body = int(response.get("status", 500)), response.get("body")
        if request.documented.fits(status, body):
            return body if isinstance(body, dict) else {}
        refusal = read_refusal(status, response.get("headers") or {}, body)
        return self._problem(account, request, refusal)

    def _part(self, account: Account, number: int, request: Request) -> Json:
        url = self._url(account, request).removeprefix(self._root)
        prefer = ", ".join((IMMUTABLE_IDS, *request.prefer))
        return {
            "id": str(number),
            "method": request.method,
            "url": url,
            "headers": {"Prefer": prefer},
        }

    def _once(self, account: Account, request: Request) -> tuple[httpx.Response, Any]:
        url = self._url(account, request)
        token = self._tokens.token()
        response = self._sent(account, request, url, token)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            response = self._sent(account, request, url, self._tokens.renewed(token))
        status, body = response.status_code, _lenient(response)
        if request.documented.fits(status, body):
            return response, body
        raise self._problem(account, request, read_refusal(status, response.headers, body))

    def _problem(self, account: Account, request: Request, refusal: Refusal) -> ProviderError:
        """The error for an answer that is not the documented one."""
        error = problem(replace(refusal, where=self._root), subject(account, request))
        if isinstance(error, Unavailable) and not refusal.is_certain:
            error.in_doubt = not request.repeatable
        return error

    def _sent(self, account: Account, request: Request, url: str, token: str) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {token}",
            "Prefer": ", ".join((IMMUTABLE_IDS, *request.prefer)),
        }
        if request.etag is not None:
            headers["If-Match"] = request.etag
        places = 4 if url.endswith("/$batch") else 1
        try:
            with self._gates.hold(account.address, places):
                return self._http.request(request.method, url, headers=headers, json=request.body)
        except httpx.TransportError as error:
            raise Unavailable(
                f"No answer about {subject(account, request)} ({type(error).__name__}).",
                in_doubt=not request.repeatable and not isinstance(error, _NEVER_ARRIVED),
            ) from error

    def _url(self, account: Account, request: Request) -> str:
        if request.path.startswith("/"):
            url = f"{self._root}{account.path}{request.path}"
            return f"{url}?{query(request.params)}" if request.params else url
        if _origin(request.path) != _origin(self._root):
            raise ProviderError(
                f"A link for {account.address} leads away from {self._root}: it is not followed."
            )
        return request.path


def _origin(url: str) -> tuple[str, str, int | None] | None:
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return None
    return parts.scheme, (parts.hostname or "").lower(), port


def _lenient(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None

"""Faults of networks and providers, put in front of the sandbox: an ASGI application around its own.

A fault hits the n-th call of a route, or a number of calls in a row. It strikes before the call has
its effect or after it.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections import Counter
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.faults.failpoints import route_of

HTML = b"<html><body>Sign in to the network</body></html>"


@dataclass(frozen=True)
class Strike:
    """`route` as `route_of` names it, "*" for all; from the `nth` call on, `times` in a row."""

    kind: str
    route: str
    nth: int = 1
    after_effect: bool = False
    times: int = 1


@dataclass(frozen=True)
class Kind:
    """What is answered, and whether a provider that does so may have done its work before."""

    status: int = 200
    body: bytes | None = None
    retry_after: int | None = None
    in_doubt: bool = False
    only: str = ""
    reason: str = "backendError"


KINDS: dict[str, Kind] = {
    "500": Kind(500, in_doubt=True),
    "502_page": Kind(502, HTML, in_doubt=True),
    "503": Kind(503, in_doubt=True),
    "503_retry_after": Kind(503, retry_after=7, in_doubt=True),
    "504": Kind(504, in_doubt=True),
    "408": Kind(408),
    "429": Kind(429, reason="rateLimitExceeded"),
    "429_retry_after": Kind(429, retry_after=3, reason="rateLimitExceeded"),
    "429_long": Kind(429, retry_after=120, reason="rateLimitExceeded"),
    "401": Kind(401, reason="authError"),
    "410": Kind(410, only="GET", reason="fullSyncRequired"),
    "412": Kind(412, only="PATCH", reason="conditionNotMet"),
    "302_page": Kind(302, HTML),
    "page": Kind(200, HTML, in_doubt=True),
    "empty": Kind(200, b"", in_doubt=True),
    "null": Kind(200, b"null", in_doubt=True),
    "list": Kind(200, b"[]", in_doubt=True),
    "charset": Kind(200, b"\xff\xfe{\x00}\x80", in_doubt=True),
    "truncated": Kind(in_doubt=True),
    "byteless": Kind(in_doubt=True),
    "reset": Kind(in_doubt=True),
    "swallowed": Kind(in_doubt=True),
    "stalled": Kind(in_doubt=True),
    "slow": Kind(),
    "invalid_grant": Kind(400, b'{"error": "invalid_grant"}', only="POST token"),
}
"""By name. 410 strikes only what has a cursor, see `fits`."""
SAYS_DONE = ("empty", "null", "list", "charset")
"""A provider that says so of a write has done it; a page of a proxy's may come before that."""
CURSORS = ("/events", "/history", "/delta")


def fits(kind: str, route: str) -> bool:
    """Whether a provider would answer this route so."""
    if kind == "410":
        return route.startswith("GET") and route.removesuffix("()").endswith(CURSORS)
    if kind in ("401", "429_long") and route == "POST token":
        return False
    return route.startswith(KINDS[kind].only)


class Faulty:
    """The application with its faults; `strikes` are those that are to come."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._seen: Counter[str] = Counter()
        self.strikes: list[Strike] = []
        self.struck = 0
        self.received = 0
        self.in_hand = 0

    def reset(self, strikes: list[Strike]) -> None:
        self._seen.clear()
        self.strikes, self.struck, self.received = strikes, 0, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self.received += 1
        self.in_hand += 1
        try:
            strike = self._due(route_of(scope["method"], scope["path"]))
            if strike is None:
                await self._app(scope, receive, send)
            else:
                await self._fail(strike, scope, receive, send)
        finally:
            self.in_hand -= 1

    def _due(self, route: str) -> Strike | None:
        self._seen[route] += 1
        self._seen["*"] += 1
        for strike in self.strikes:
            if strike.route in ("*", route):
                turn = self._seen[strike.route] - strike.nth
                if 0 <= turn < strike.times:
                    self.struck += 1
                    return strike
        return None

    async def _fail(self, strike: Strike, scope: Scope, receive: Receive, send: Send) -> None:
        if strike.kind == "slow":
            await asyncio.sleep(0.1)
            await self._app(scope, receive, send)
            return
        if strike.after_effect:

            async def unheard(_message: Message) -> None:
                return

            await self._app(scope, receive, unheard)
        elif scope["method"] != "GET":
            while (await receive()).get("more_body"):
                pass
        kind = KINDS[strike.kind]
        match strike.kind:
            case "byteless" | "reset":
                _hang_up(receive, rudely=strike.kind == "reset")
            case "swallowed":
                await _until_left(receive)
            case "stalled" | "truncated":
                await _begin(send, 200, [(b"content-length", b"100000")])
                await send({"type": "http.response.body", "body": b'{"a', "more_body": True})
                if strike.kind == "stalled":
                    await _until_left(receive)
                _hang_up(receive, rudely=True)
            case _:
                await _answer(kind, scope, send)


async def _until_left(receive: Receive) -> None:
    """Until the client has lost its patience."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _begin(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    named = [(b"content-type", b"application/json"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": named})


async def _answer(kind: Kind, scope: Scope, send: Send) -> None:
    body = kind.body if kind.body is not None else _refusal(kind, scope["path"])
    headers = [(b"content-length", str(len(body)).encode())]
    if kind.retry_after is not None:
        headers.append((b"retry-after", str(kind.retry_after).encode()))
    if kind.status == 302:
        headers.append((b"location", b"/sign-in"))
    await _begin(send, kind.status, headers)
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _refusal(kind: Kind, path: str) -> bytes:
    error: dict[str, Any] = {"code": kind.status, "message": "Scripted fault"}
    if path.startswith("/v1.0"):
        error["code"] = kind.reason
    else:
        error["errors"] = [{"domain": "global", "reason": kind.reason, "message": "Fault"}]
    return json.dumps({"error": error}).encode()


def _hang_up(receive: Any, *, rudely: bool) -> None:
    """Close the connection under the server: with FIN, or with RST."""
    transport = receive.__self__.transport
    if rudely:
        linger = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        transport.abort()
    else:
        transport.close()

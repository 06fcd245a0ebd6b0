"""The way to the provider and back: how long each call takes, and how many a mailbox takes at once.

Graph refuses the fifth call at a time in one mailbox (throttling limits, Outlook service).
"""

from __future__ import annotations

import asyncio
from collections import Counter

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from nudger.sandbox.world import World

OF_PROVIDERS = ("/calendar/v3/", "/gmail/v1/", "/admin/directory/v1/", "/v1.0/", "/token")
MOST_IN_A_MAILBOX = 4
TOO_MANY = "graph.too_many"
"""What a call is counted as that was one too many."""


class Distance:
    """In front of the whole application; only calls to a provider's API come from far away."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world
        self._in_hand: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        if not path.startswith(OF_PROVIDERS):
            await self._app(scope, receive, send)
            return
        mailbox = _graph_mailbox(path)
        if mailbox and self._in_hand[mailbox] >= MOST_IN_A_MAILBOX:
            with self._world.lock:
                self._world.ledger.called(TOO_MANY, mailbox)
            await _too_many()(scope, receive, send)
            return
        self._in_hand[mailbox] += bool(mailbox)
        try:
            if self._world.seconds_away:
                await asyncio.sleep(self._world.seconds_away)
            await self._app(scope, receive, send)
        finally:
            self._in_hand[mailbox] -= bool(mailbox)


def _graph_mailbox(path: str) -> str:
    """Whose mailbox at Graph a path is in; nothing where it is none's, or the caller's own."""
    parts = path.split("/")
    return parts[3].lower() if parts[1:3] == ["v1.0", "users"] and len(parts) > 3 else ""


def _too_many() -> JSONResponse:
    said = {"code": "ApplicationThrottled", "message": "MailboxConcurrency limit was exceeded."}
    return JSONResponse({"error": said}, status_code=429, headers={"Retry-After": "1"})

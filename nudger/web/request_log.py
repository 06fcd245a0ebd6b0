"""One line for each request, and an id by which the line, the answer and what was done are found.

The id is ours: what a stranger sends as one is not taken into the log. A route stands for its
addresses, which hold tokens.
"""

from __future__ import annotations

import logging
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nudger.runtime.measures import PAGE_SECONDS
from nudger.store.audit import REQUEST
from nudger.web.every_request import PROBES
from nudger.web.static_files import STATIC

log = logging.getLogger(__name__)

HEADER = "x-request-id"
KEY = "nudger.request"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "(none)"


class RequestLog:
    """Gives each request its id, names it in the answer, and logs and times the request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = scope[KEY] = secrets.token_hex(8)

        async def with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
                _tell(scope, message["status"], time.perf_counter() - began)
            await send(message)

        before = REQUEST.set(request_id)
        try:
            await self._app(scope, receive, with_id)
        except Exception:  # whoever is around us answers it
            _tell(scope, 500, time.perf_counter() - began)
            raise
        finally:
            REQUEST.reset(before)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    route, method = _route(scope), scope["method"] if scope["method"] in METHODS else "other"
    facts = {
        "event": "page", "method": method, "route": route, "status": status,
        "milliseconds": round(seconds * 1000),
    }  # fmt: skip
    level = logging.DEBUG if route in PROBES else logging.INFO
    line = "page %s %s %d in %d ms, request %s"
    told = (method, route, status, facts["milliseconds"], scope[KEY])
    log.log(level, line, *told, extra={"facts": facts})
    if route not in PROBES:
        PAGE_SECONDS.labels(route, method, str(status)).observe(seconds)


def _route(scope: Scope) -> str:
    if scope["path"].startswith(f"{STATIC}/"):
        return f"{STATIC}/"
    return getattr(scope.get("route"), "path", NO_ROUTE)

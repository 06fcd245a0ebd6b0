"""What every request must pass, and what every answer carries, whatever the page.

Sources: OWASP Secure Headers Project; Fetch Metadata (W3C); RFC 6454 on origins.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nudger.web.static_files import STATIC, is_for_good

MOST_BODY_BYTES, MOST_UPLOAD_BYTES = 64 * 1024, 4 * 1024 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""What programs ask, by whatever address they reach us at."""
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
NO_ORIGIN = "null"
"""What a browser names in the place of an origin, of our own pages too: they send no referrer."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may load and be shown in, where it does not say so itself."""
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "x-robots-tag": "noindex, nofollow",
}
FOR_OTHER_PAGES = ("/static/logo.png", "/static/outlook/icon-")
"""What others show on pages of theirs: Google and Outlook beside a calendar."""
_ONE_YEAR = 365 * 24 * 3600


def guarding_headers(*, is_https: bool) -> dict[str, str]:
    """What a browser is told to do with a page, but for how long it may keep it."""
    hsts = {"strict-transport-security": f"max-age={_ONE_YEAR}"} if is_https else {}
    return {**_HEADERS, **hsts}


class SecurityHeaders:
    """Has every answer say what a browser may do with it, where it does not say so itself. Pages
    are never kept by anybody, static files for good where their addresses change with their
    content."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self._app = app
        self._headers = guarding_headers(is_https=is_https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        keeping = _keeping(scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(FOR_OTHER_PAGES):
                    headers["cross-origin-resource-policy"] = "cross-origin"
                is_there = message["status"] in (200, 206, 304)
                headers["cache-control"] = keeping if is_there else "no-store"
            await send(message)

        await self._app(scope, receive, with_headers)


def _keeping(scope: Scope) -> str:
    """How long whoever is answered may keep what is there."""
    path: str = scope["path"]
    if not path.startswith(f"{STATIC}/"):
        return "no-store"
    if is_for_good(path, scope["query_string"].decode("latin-1")):
        return f"public, max-age={_ONE_YEAR}, immutable"
    return "no-cache"


class OwnOrigin:
    """Refuses what another site has a browser send, and hosts that are not ours (a name that was
    made to lead here)."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self._refusal(scope) if scope["type"] == "http" else None
        if refused is None:
            await self._app(scope, receive, send)
        else:
            await refused(scope, receive, send)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        is_probed = scope["path"] in PROBES and is_plain_host(host)
        if host not in self._hosts and not is_probed:
            return PlainTextResponse("This name does not lead to Nudger.", status_code=421)
        if scope["method"] in SAFE_METHODS:
            return None
        origin, site = headers.get("origin", NO_ORIGIN), headers.get("sec-fetch-site", "none")
        from_elsewhere = origin != NO_ORIGIN and urlsplit(origin).netloc.lower() != host
        if from_elsewhere or site not in {"same-origin", "none"}:
            return PlainTextResponse("Another site sent this: nothing was done.", status_code=403)
        return None


def is_plain_host(host: str) -> bool:
    """Whether a Host header is an address, or a name without a dot as inside of a cluster: nobody
    on the Internet can have such a name lead here."""
    name = urlsplit(f"//{host}").hostname or ""
    if "." not in name and ":" not in name:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_forwarded(headers: Headers) -> bool:
    """Whether a proxy sent this on for somebody."""
    return any(name in headers for name in _FORWARDED)


class NoLastSlash:
    """Has an address with a slash too many at its end be the one without.

    The framework would lead there by a whole address, of the host and the scheme that the request
    seems to have: behind a proxy that is one without encryption, and tokens are part of addresses.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].endswith("/"):
            scope["path"] = scope["path"].rstrip("/") or "/"
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses bodies larger than any form of ours, announced or not; `uploads` are the paths that
    take a file."""

    def __init__(
        self, app: ASGIApp, *, most_bytes: int = MOST_BODY_BYTES, uploads: Collection[str] = ()
    ) -> None:
        self._app = app
        self._most = most_bytes
        self._uploads = frozenset(uploads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            await self._app(scope, receive, send)
            return
        most = MOST_UPLOAD_BYTES if scope["path"] in self._uploads else self._most
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > most:
                too_large = PlainTextResponse("That is too large for a form.", status_code=413)
                await too_large(scope, receive, send)
                return
        pending = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        await self._app(scope, replay, send)

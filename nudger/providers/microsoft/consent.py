"""A person gives consent: by a code entered on any device, or in the browser of this machine.

Both end with a `Consent`, whose `cache` is stored encrypted and handed to `PersonalTokens`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from msal.application import PublicClientApplication

from nudger.providers.base import ProviderError
from nudger.providers.microsoft.auth import (
    GRAPH_ROOT,
    PersonalApp,
    build_client,
    personal_scopes,
    token_cache,
)
from nudger.providers.microsoft.authority import IdentityHttp, authority_url
from nudger.providers.microsoft.errors import consent_refused

_PAGE = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Nudger</title>
<p>Thank you. You can close this page and go back to Nudger.</p></html>"""
_LONGEST_FORM = 65_536


@dataclass(frozen=True, slots=True)
class DevicePrompt:
    """What the person is shown: open `address`, enter `code`, within `seconds`."""

    address: str
    code: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent that was given: by whom, for what, and msal's cache with the refresh token."""

    address: str
    granted: frozenset[str]
    cache: str = field(repr=False)


class ConsentDialogue:
    """Asks one person for consent on behalf of `app`."""

    def __init__(
        self,
        app: PersonalApp,
        http: httpx.Client,
        *,
        authority: str | None = None,
        graph_root: str = GRAPH_ROOT,
    ) -> None:
        self._scopes = personal_scopes(graph_root)
        self._http = IdentityHttp(authority_url(authority, app.tenant), http)
        self._cache = token_cache()
        self._msal: Any = build_client(
            PublicClientApplication, app.client_id, self._http, token_cache=self._cache
        )

    def by_device(self, show: Callable[[DevicePrompt], None]) -> Consent:
        """Show a code and wait until it was entered somewhere.

        Raises `ReconnectNeeded` where the person declined or the code ran out.
        """
        flow = self._msal.initiate_device_flow(self._scopes)
        if "user_code" not in flow:
            raise consent_refused(flow, self._http.asked)
        seconds = int(flow.get("expires_in", 900))
        show(DevicePrompt(flow["verification_uri"], flow["user_code"], seconds))
        return self._consent(self._msal.acquire_token_by_device_flow(flow))

    def in_browser(
        self, open_page: Callable[[str], None], *, wait: timedelta = timedelta(minutes=5)
    ) -> Consent:
        """Have the person sign in at the address given to `open_page`, and wait for the way back.

        The browser must run on this machine: it is sent back to a page on localhost.
        """
        with _ReturnPage() as page:
            flow = self._msal.initiate_auth_code_flow(
                self._scopes,
                redirect_uri=page.address,
                prompt="select_account",
                response_mode="form_post",
            )
            open_page(self._http.real(flow["auth_uri"]))
            answer = page.answer(wait)
        try:
            result = self._msal.acquire_token_by_auth_code_flow(flow, dict(answer))
        except ValueError as error:
            raise ProviderError(
                "The browser came back with an answer to another sign-in."
            ) from error
        return self._consent(result)

    def _consent(self, result: Mapping[str, Any]) -> Consent:
        if not result.get("access_token"):
            raise consent_refused(result, self._http.asked)
        claims = result.get("id_token_claims") or {}
        address = str(claims.get("preferred_username") or claims.get("email") or "")
        if "@" not in address:
            raise ProviderError("Microsoft did not say whose account was connected.")
        granted = frozenset(
            scope.rpartition("/")[2] for scope in str(result.get("scope") or "").split()
        )
        return Consent(address.strip().lower(), granted, self._cache.serialize())


class _ReturnPage:
    """A page on localhost that the browser is sent back to, with the answer as query or form."""

    def __init__(self) -> None:
        self._answer: dict[str, str] = {}
        self._came = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 10

            def do_GET(self) -> None:
                self._receive(urlsplit(self.path).query)

            def do_POST(self) -> None:
                length = min(int(self.headers.get("Content-Length") or 0), _LONGEST_FORM)
                self._receive(self.rfile.read(length).decode("utf-8", "replace"))

            def _receive(self, query: str) -> None:
                fields = dict(parse_qsl(query))
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(_PAGE)
                if "state" in fields and not outer._came.is_set():
                    outer._answer = fields
                    outer._came.set()

            def log_message(self, *_: Any) -> None:
                """The query holds a code: it goes into no log."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    @property
    def address(self) -> str:
        """Microsoft ignores the port of a localhost address when it compares redirects."""
        return f"http://localhost:{self._server.server_port}"

    def answer(self, wait: timedelta) -> Mapping[str, str]:
        if not self._came.wait(wait.total_seconds()):
            raise ProviderError("Nobody came back from the sign-in page: begin again.")
        return self._answer

    def __enter__(self) -> _ReturnPage:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

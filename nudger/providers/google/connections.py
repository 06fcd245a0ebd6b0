"""Connections to Google that send each request once.

httplib2 sends a request again, whatever it does, when the server closes the connection before the
first byte of its answer (`Http._conn_request`, BadStatusLine), so that a lost answer to
`drafts.create` made two drafts. Here such an end is an error like any other, and `Caller` decides.
What httplib2 meant to mend by it, a kept connection that went stale, is seen before sending.

httplib2 is not thread-safe: each thread has its own `Http`
(https://googleapis.github.io/google-api-python-client/docs/thread_safety.html).
"""

from __future__ import annotations

import select
import socket
import threading
from http.client import BadStatusLine, HTTPException, HTTPResponse, ResponseNotReady
from typing import Any

import httplib2

TIMEOUT_SECONDS = 30
NO_ANSWER = (OSError, HTTPException, httplib2.HttpLib2Error)

_per_thread = threading.local()


class NeverArrived(ConnectionError):
    """There was no connection: the request cannot have had an effect."""


class AnswerLost(ConnectionError):
    """The connection ended before the first byte of an answer."""


class _SendsOnce:
    """Mixed into httplib2's connections."""

    sock: socket.socket | None

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
        except OSError as error:
            raise NeverArrived(error.errno, str(error)) from error

    def request(self, *arguments: Any, **more: Any) -> None:
        if self.sock is not None and _has_ended(self.sock):
            self.close()  # type: ignore[attr-defined]
            self.connect()
        super().request(*arguments, **more)  # type: ignore[misc]

    def getresponse(self) -> HTTPResponse:
        try:
            answer: HTTPResponse = super().getresponse()  # type: ignore[misc]
        except (BadStatusLine, ResponseNotReady) as error:
            raise AnswerLost(str(error)) from error
        return answer


class _Plain(_SendsOnce, httplib2.HTTPConnectionWithTimeout):
    pass


class _Secure(_SendsOnce, httplib2.HTTPSConnectionWithTimeout):
    pass


def _has_ended(connection: socket.socket) -> bool:
    """Whether an idle connection was closed by the other side: only then is there a byte, or the
    end, to be read before anything was asked."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))


def send(
    uri: str, method: str, body: str | bytes | None, headers: dict[str, str]
) -> tuple[httplib2.Response, bytes]:
    """Send a request once on this thread's connections. Raises one of `NO_ANSWER`."""
    kind = _Secure if uri.startswith("https:") else _Plain
    try:
        answer: tuple[httplib2.Response, bytes] = _http().request(
            uri, method, body=body, headers=headers, connection_type=kind
        )
    except NO_ANSWER:
        _per_thread.http = None
        raise
    return answer


def _http() -> httplib2.Http:
    """This thread's connections, kept alive."""
    http = getattr(_per_thread, "http", None)
    if http is None:
        http = _per_thread.http = httplib2.Http(timeout=TIMEOUT_SECONDS)
        http.redirect_codes = frozenset()
    assert isinstance(http, httplib2.Http)  # noqa: S101
    return http

"""Serving the pages over HTTP, in threads of this process."""

from __future__ import annotations

import logging
import socket
import threading
import time
from types import TracebackType
from typing import Self

import uvicorn

from nudger.runtime.context import Context
from nudger.web.app import create_app
from nudger.web.listening import GRACE_SECONDS, listening_socket

log = logging.getLogger(__name__)

STARTS_WITHIN_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 180
"""Longer than proxies keep a connection on which nothing comes, one or two minutes: whoever ends it
first does so under a request of the other, now and then."""


class WebServer:
    """Serves the pages while the `with` block lasts. Raises `OSError` where the address is taken.

    `[web] address` is where it listens, unless it is given what `listening_socket` made; a proxy in
    front of it ends TLS and tells who asks.
    """

    def __init__(self, ctx: Context, listening: socket.socket | None = None) -> None:
        self._socket = listening or listening_socket(ctx.settings.web.address)
        config = uvicorn.Config(
            create_app(ctx),
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="off",
            proxy_headers=True,
            forwarded_allow_ips=list(ctx.settings.web.proxies),
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="pages", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.005)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join(GRACE_SECONDS)

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])


def learn_data_keys(ctx: Context) -> None:
    """Know the data keys that were made since: what was sealed with one that is gone does not open.
    Where that fails, as while the database is away, the next time does."""
    try:
        ctx.vault.refresh()
    except Exception:
        log.exception("the data keys cannot be read", extra={"facts": {"event": "keys_unread"}})

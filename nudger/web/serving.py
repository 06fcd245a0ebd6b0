"""Serving the pages over HTTP, in threads of this process, while a worker runs beside them."""

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

log = logging.getLogger(__name__)

STARTS_WITHIN_SECONDS = 10.0
GRACE_SECONDS = 5


class WebServer:
    """Serves the pages while the `with` block lasts. Raises `OSError` where the address is taken.

    `[web] address` is where it listens; a proxy in front of it ends TLS and tells who asks.
    """

    def __init__(self, ctx: Context) -> None:
        host, _, port = ctx.settings.web.address.rpartition(":")
        self._socket = socket.create_server((host.strip("[]"), int(port)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        config = uvicorn.Config(
            create_app(ctx),
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="off",
            proxy_headers=True,
            forwarded_allow_ips=list(ctx.settings.web.proxies),
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

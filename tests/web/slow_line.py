"""A line on which a page comes in pieces, as from far away: between the browser and the service."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import httpx

PIECES = 40
BETWEEN_PIECES = 0.02
HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "host"}


class _Line(BaseHTTPRequestHandler):
    service: ClassVar[str]

    def do_GET(self) -> None:
        asked = {
            name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP
        }
        answer = httpx.get(
            self.service + self.path, headers={**asked, "Accept-Encoding": ""}, timeout=60
        )
        self.send_response(answer.status_code)
        for name, value in answer.headers.multi_items():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.end_headers()
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        size = len(answer.content) // PIECES + 1 if is_page else len(answer.content) or 1
        for start in range(0, len(answer.content), size):
            time.sleep(BETWEEN_PIECES if start else 0)
            self.wfile.write(answer.content[start : start + size])

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def slow_line(service: str) -> Iterator[str]:
    """The address at which that service answers slowly; only what is read with GET."""
    handler = type("Line", (_Line,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, name="slow line", daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()

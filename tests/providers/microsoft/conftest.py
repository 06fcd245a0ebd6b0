"""A server on a loopback socket that gives the answers it was told to, in order."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx
import pytest

from nudger.providers.microsoft.graph import Graph, new_http
from nudger.providers.microsoft.request import Account
from nudger.providers.retry import Patience, Retries


@dataclass
class Seen:
    """A request as it came; `params` and `path` decoded."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.text))


@dataclass
class Answer:
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


class Service:
    """`tell` what comes next; `seen` is what came. A callable answer gets the request."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._answers: list[Answer | Callable[[Seen], Answer]] = []
        self._lock = threading.Lock()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                parts = urlsplit(self.path)
                length = int(self.headers.get("Content-Length") or 0)
                seen = Seen(
                    self.command,
                    unquote(parts.path),
                    dict(parse_qsl(parts.query)),
                    {k.lower(): v for k, v in self.headers.items()},
                    self.rfile.read(length).decode(),
                )
                answer = service.next_for(seen)
                if answer.hang_up:
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self.root = f"{self.origin}/v1.0"

    def tell(self, *answers: Answer | Callable[[Seen], Answer]) -> None:
        self._answers += answers

    def say(self, body: Any = None, status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.tell(Answer(status, body, named))

    def next_for(self, seen: Seen) -> Answer:
        with self._lock:
            self.seen.append(seen)
            if not self._answers:
                return Answer(501, {"error": {"code": "NotTold", "message": seen.path}})
            answer = self._answers.pop(0)
        return answer if isinstance(answer, Answer) else answer(seen)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Tokens:
    """Hands out token-1, token-2 … and counts."""

    def __init__(self) -> None:
        self.number = 1

    def token(self) -> str:
        return f"token-{self.number}"

    def renewed(self, refused: str) -> str:
        if refused == self.token():
            self.number += 1
        return self.token()


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.close()


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with new_http() as client:
        yield client


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def graph(service: Service, http: httpx.Client, slept: list[float]) -> Graph:
    return Graph(
        Tokens(),
        http,
        root=service.root,
        retries=Retries(Patience(tries=3), slept.append, lambda: 0.5),
    )


@pytest.fixture
def rep() -> Account:
    return Account.of_organization("rep@ourco.example")


@pytest.fixture
def answer() -> type[Answer]:
    return Answer

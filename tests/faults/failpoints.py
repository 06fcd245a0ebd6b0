"""Named points around every outside effect and every commit, at which a process can be made to die.

The program itself knows nothing of them: they hang on the boundaries that it cannot avoid, the
HTTP clients and the database driver. A point is named by the job that runs, what it reaches for,
and the phase: "ask POST users/_/drafts answered", "understand commit inbound,mail before".
"""

from __future__ import annotations

import functools
import http.client
import mmap
import re
import struct
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect

_NAMES_AN_ID = frozenset(
    {"calendars", "users", "events", "messages", "drafts", "threads", "mailFolders"}
)
_NO_ID = frozenset({"me", "send", "delta", "delta()", "inbox", "drafts", "sentitems"})
_WRITTEN = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)


def route_of(method: str, url: str) -> str:
    """The method and path of a request, without what identifies people and things."""
    parts = urlsplit(url).path.strip("/").split("/")
    for prefix in (["calendar", "v3"], ["gmail", "v1"], ["v1.0"]):
        if parts[: len(prefix)] == prefix:
            parts = parts[len(prefix) :]
    if parts[-1] == "token":
        return "POST token"
    named = [
        "_" if before in _NAMES_AN_ID and part not in _NO_ID else part
        for before, part in zip(["", *parts], parts, strict=False)
    ]
    return f"{method} {'/'.join(named)}"


class Shared:
    """A page of memory that the driver and its children see alike, also after a kill: the clock,
    how many points were reached, how many requests left, and the latest point's name."""

    def __init__(self) -> None:
        self._page = mmap.mmap(-1, 4096)

    @property
    def clock(self) -> float:
        return float(struct.unpack_from("d", self._page, 0)[0])

    @clock.setter
    def clock(self, seconds: float) -> None:
        struct.pack_into("d", self._page, 0, seconds)

    @property
    def reached(self) -> int:
        return int(struct.unpack_from("q", self._page, 8)[0])

    @property
    def latest(self) -> str:
        return bytes(self._page[32:512]).rstrip(b"\0").decode()

    @property
    def requests(self) -> int:
        return int(struct.unpack_from("q", self._page, 16)[0])

    @property
    def impatient(self) -> int:
        return int(struct.unpack_from("q", self._page, 24)[0])

    def reach(self, name: str) -> int:
        count = self.reached + 1
        struct.pack_into("q", self._page, 8, count)
        self._page[32:512] = name.encode()[:480].ljust(480, b"\0")
        return count

    def sent(self) -> None:
        struct.pack_into("q", self._page, 16, self.requests + 1)

    def called_too_soon(self) -> None:
        struct.pack_into("q", self._page, 24, self.impatient + 1)

    def reset(self) -> None:
        """Forget all but the clock."""
        self._page[8:512] = bytes(504)


class Failpoints:
    """The points of this process. Unarmed, they cost a call and do nothing.

    Armed, `act` is called at the `at`-th point reached; `at` 0 only collects the names. New HTTP
    clients wait `patience` seconds for an answer.
    """

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self.job = "start"
        self.names: list[str] = []
        self.slept = 0.0
        self.patience = 60.0
        self._at: int | None = None
        self._act: Callable[[], None] = lambda: None
        self._not_before: dict[str, float] = {}

    def arm(self, at: int, act: Callable[[], None] = lambda: None) -> None:
        self._at, self._act = at, act
        self.shared.reset()
        self.names.clear()

    def disarm(self) -> None:
        self._at = None

    def reach(self, what: str, phase: str) -> None:
        if self._at is None:
            return
        name = f"{self.job} {what} {phase}"
        count = self.shared.reach(name)
        self.names.append(name)
        if count == self._at:
            self._act()

    def sleep(self, seconds: float) -> None:
        """Instead of waiting, know that it would have been waited."""
        self.slept += seconds

    @property
    def _time(self) -> float:
        return self.shared.clock + self.slept

    def about_to_call(self, address: str) -> None:
        # google-auth asks a token endpoint up to three times in a row by itself.
        if self._time < self._not_before.get(address, 0.0) and not address.endswith("/token"):
            self.shared.called_too_soon()

    def answered(self, address: str, headers: Mapping[str, str]) -> None:
        asked = headers.get("retry-after", "")
        if asked.isdigit():
            self._not_before[address] = self._time + int(asked)

    def as_job(self, name: str, do: Callable[..., Any]) -> Callable[..., Any]:
        """`do`, with the points in it named for this job."""

        @functools.wraps(do)
        def named(*args: Any, **more: Any) -> Any:
            before, self.job = self.job, name
            try:
                return do(*args, **more)
            finally:
                self.job = before

        return named


def install(points: Failpoints) -> None:
    """Hang the points on http.client, httpx and SQLAlchemy, and the patience on new clients."""
    _on_http_client(points)
    _on_httpx(points)
    _on_httplib2(points)
    _on_databases(points)


def name_jobs(points: Failpoints, worker: Any) -> None:
    """Have the worker's steps name the points in them."""
    for name, found in list(vars(worker).items()):
        if callable(found) and getattr(found, "__module__", "").startswith("nudger.jobs"):
            setattr(worker, name, points.as_job(name, found))


def _on_http_client(points: Failpoints) -> None:
    request = http.client.HTTPConnection.request
    getresponse = http.client.HTTPConnection.getresponse
    read = http.client.HTTPResponse.read

    def sending(self: Any, method: str, url: str, *args: Any, **more: Any) -> None:
        self.fault_route, self.fault_address = route_of(method, url), urlsplit(url).path
        points.about_to_call(self.fault_address)
        points.reach(self.fault_route, "before")
        request(self, method, url, *args, **more)
        points.shared.sent()
        points.reach(self.fault_route, "sent")

    def answering(self: Any) -> http.client.HTTPResponse:
        response = getresponse(self)
        response.fault_route = getattr(self, "fault_route", "?")  # type: ignore[attr-defined]
        headers = {name.lower(): value for name, value in response.getheaders()}
        points.answered(getattr(self, "fault_address", "?"), headers)
        points.reach(response.fault_route, "midway")  # type: ignore[attr-defined]
        return response

    def reading(self: Any, *args: Any, **more: Any) -> bytes:
        content = read(self, *args, **more)
        if hasattr(self, "fault_route"):
            points.reach(self.fault_route, "answered")
            del self.fault_route
        return content

    http.client.HTTPConnection.request = sending  # type: ignore[method-assign,assignment]
    http.client.HTTPConnection.getresponse = answering  # type: ignore[method-assign]
    http.client.HTTPResponse.read = reading  # type: ignore[method-assign,assignment]


def _on_httpx(points: Failpoints) -> None:
    handle = httpx.HTTPTransport.handle_request
    start = httpx.Client.__init__

    def handling(self: Any, request: httpx.Request) -> httpx.Response:
        route, address = route_of(request.method, str(request.url)), request.url.path

        def trace(name: str, _info: Mapping[str, Any]) -> None:
            if name.endswith("send_request_body.complete"):
                points.shared.sent()
                points.reach(route, "sent")
            elif name.endswith("receive_response_headers.complete"):
                points.reach(route, "midway")
            elif name.endswith("receive_response_body.complete"):
                points.reach(route, "answered")

        points.about_to_call(address)
        points.reach(route, "before")
        request.extensions = {**request.extensions, "trace": trace}
        response = handle(self, request)
        points.answered(address, response.headers)
        return response

    def starting(self: Any, *args: Any, **more: Any) -> None:
        start(self, *args, **{**more, "timeout": points.patience})

    httpx.HTTPTransport.handle_request = handling  # type: ignore[method-assign]
    httpx.Client.__init__ = starting  # type: ignore[method-assign]


def _on_httplib2(points: Failpoints) -> None:
    import httplib2

    start = httplib2.Http.__init__

    def starting(self: Any, *args: Any, **more: Any) -> None:
        start(self, *args, **more)
        self.timeout = points.patience

    httplib2.Http.__init__ = starting


def _on_databases(points: Failpoints) -> None:
    local = threading.local()
    commit = DefaultDialect.do_commit

    def begun(_connection: Connection) -> None:
        local.tables = set()

    def executed(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        match = _WRITTEN.match(statement)
        if match:
            local.tables.add(match[1])

    def committing(self: DefaultDialect, connection: Any) -> None:
        what = f"commit {','.join(sorted(getattr(local, 'tables', ()))) or 'nothing'}"
        points.reach(what, "before")
        commit(self, connection)
        points.reach(what, "after")

    event.listen(Engine, "begin", begun)
    event.listen(Engine, "before_cursor_execute", executed)
    DefaultDialect.do_commit = committing  # type: ignore[method-assign]

"""What the services tell to who asked for it, over HTTP: late, twice, in another order, or never,
where a test wants it so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx

PATIENCE_SECONDS = 10.0
TRIED_AGAIN = frozenset({0, 500, 502, 503, 504})
LOOKS_EVERY_SECONDS = 0.2


@dataclass(frozen=True)
class Push:
    """One request that tells of changes; `body` is JSON."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


Source = Callable[[], Sequence[Push]]


def is_reachable(address: str) -> bool:
    """Whether a service would tell anything there: by https, or to a stand-in's own machine."""
    parts = urlsplit(address)
    here = parts.hostname in ("127.0.0.1", "localhost")
    return parts.scheme == "https" or (parts.scheme == "http" and here)


def post(push: Push) -> httpx.Response | None:
    """The answer; `None` where none comes."""
    try:
        return httpx.post(
            push.url, headers=dict(push.headers), json=push.body, timeout=PATIENCE_SECONDS
        )
    except httpx.HTTPError:
        return None


class Pushes:
    """Carries what the `sources` have to tell. What is answered by a server's error is told again
    the next time. `loses`, `doubles` and `reorders` say how badly it is carried."""

    def __init__(self, *sources: Source) -> None:
        self._sources = sources
        self._waiting: list[Push] = []
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self.loses = False
        self.doubles = False
        self.reorders = False
        self.carried: list[Push] = []

    def deliver(self) -> list[int]:
        """Tell all that there is to tell now; returns the statuses of the answers, 0 for none."""
        with self._lock:
            told = [*self._waiting, *(push for source in self._sources for push in source())]
            self._waiting = []
            if self.loses:
                return []
            told = told[::-1] if self.reorders else told
            return [self._carry(push) for push in told for _ in range(1 + self.doubles)]

    def _carry(self, push: Push) -> int:
        answer = post(push)
        status = 0 if answer is None else answer.status_code
        if status in TRIED_AGAIN:
            self._waiting.append(push)
        elif status < HTTPStatus.BAD_REQUEST:
            self.carried.append(push)
        return status

    def start(self) -> None:
        """Tell by itself from now on, until the end of the process or `stop`."""
        threading.Thread(target=self._go_on, name="pushes", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()

    def _go_on(self) -> None:
        while not self._stop.wait(LOOKS_EVERY_SECONDS):
            self.deliver()


def in_milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))

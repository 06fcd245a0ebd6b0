"""The sandbox in a process of its own, so that its work is not counted as ours."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import httpx


class Sandbox:
    def __init__(self, url: str) -> None:
        self.url = url
        # A client made for each call would take more of the processor than what is measured.
        self._client = httpx.Client(base_url=url)

    def reset(self) -> None:
        self._client.post("/control/reset").raise_for_status()

    def calls(self) -> dict[str, int]:
        calls: dict[str, int] = self._client.get("/control/ledger").json()["calls"]
        return calls

    def set_clock(self, now: datetime) -> None:
        """Have its time run on from this moment."""
        self._client.post("/control/clock", json={"now": now.isoformat()}).raise_for_status()

    def set_distance(self, seconds: float) -> None:
        """Have each call take as long."""
        self._client.post("/control/distance", json={"seconds": seconds}).raise_for_status()

    def reply(self, person: str, text: str) -> int:
        """Have a person answer every question in the inbox; returns how many."""
        answered = self._client.post("/control/reply", json={"person": person, "text": text})
        return int(answered.json()["replies"])


@contextmanager
def sandbox(*arguments: str) -> Iterator[Sandbox]:
    command = [sys.executable, "-m", "nudger.sandbox", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Sandbox((process.stdout or sys.stdin).readline().strip())
        finally:
            process.terminate()

"""Pages and the doors of push under load, beside a worker that scans, asks, reads and writes.

Requests go out at a rate of their own, whether or not those before were answered, as readers do who
know nothing of each other; a latency begins when a request was due. The pages and the worker are
two processes, as with `nudger run`; providers and readers are this one. Each calendar is read every
five seconds while the pages are asked for; then push is switched on, and as many hints come.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from pathlib import Path
from threading import local
from typing import Any

import httpx
from sqlalchemy import func, select

from benchmarks.office import installed, rep_address
from benchmarks.processor_time import child_of, seconds_of
from nudger.jobs.scan import scan
from nudger.mail.inbound import parse_mail
from nudger.runtime.context import Context
from nudger.sandbox.google.channels import GoogleChannel
from nudger.sandbox.scenario import fleet
from nudger.sandbox.server import SandboxServer
from nudger.store import outbox, tables

LINK = re.compile(r"http://127\.0\.0\.1:\d+/answer/[a-z2-7]{32}")
TOKEN = re.compile(r'name="token" value="([^"]+)"')
OPENED_FOR_ONE_ANSWER = 10
READERS = 64
UNUSED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Making one takes a client long, and nothing here is encrypted."""
LONGEST_WAIT = 300.0
Request = Callable[[httpx.Client], bool]


@dataclass(frozen=True)
class Load:
    """So many requests a second, for so many seconds."""

    rate: float
    seconds: float
    reps: int


def measure(load: Load) -> dict[str, Any]:
    """JSON: for pages and hints how many were asked for, how many failed, the milliseconds of half
    of them, of all but one in a hundred and of the slowest, and the processor time of one; and how
    many answers are kept."""
    world = fleet(datetime.now(UTC), load.reps, 3)
    with SandboxServer(world) as server:
        address = _free_address()
        tables_of = (
            f'[web]\naddress = "{address}"\npublic_url = "http://{address}"\n'
            "[scan]\nevery_seconds = 5\n"
        )
        head = "listen_every_seconds = 10\n"
        with installed(server.url, load.reps, "google", None, head, tables_of) as (ctx, file):
            scan(ctx)
            with ctx.database.read() as tx:
                due = outbox.last_due(tx) or ctx.clock()
            ahead = due - datetime.now(UTC)
            site, numbers = f"http://{address}", count(1)
            with _served(file, ahead) as worker:
                readers = cycle(_readers(_links(server, load.reps), numbers))
                read_and_answered = _under(load, site, readers, worker)
            file.write_text(f"{file.read_text()}[push]\nenabled = true\n")
            with _served(file, ahead) as worker:
                channels = _channels(server, load.reps)
                hints = _under(load, site, cycle([_hint(one) for one in channels]), worker)
            return {
                "rate": load.rate,
                "seconds": load.seconds,
                "reps": load.reps,
                "answer_page": {**read_and_answered, "answers_kept": _kept(ctx)},
                "push_acknowledged": hints,
            }


def _free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def _served(file: Path, ahead: timedelta) -> Iterator[int]:
    """The number of the worker's process."""
    command = [sys.executable, "-m", "benchmarks.worker", str(file), str(ahead.total_seconds())]
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=nowhere, stderr=nowhere) as process:
        try:
            yield process.pid
        finally:
            process.terminate()


def _links(server: SandboxServer, wanted: int) -> list[str]:
    """The answer page of each rep's first question, once all are asked."""
    deadline = time.monotonic() + LONGEST_WAIT
    while len(found := _questions(server, wanted)) < wanted and time.monotonic() < deadline:
        time.sleep(0.5)
    return found


def _channels(server: SandboxServer, wanted: int) -> list[GoogleChannel]:
    """By which each rep's calendar is told of, once all are open."""
    deadline = time.monotonic() + LONGEST_WAIT
    while len(server.google.channels.open) < wanted and time.monotonic() < deadline:
        time.sleep(0.5)
    return list(server.google.channels.open.values())


def _questions(server: SandboxServer, reps: int) -> list[str]:
    world, found = server.world, list[str]()
    for number in range(reps):
        with world.lock:
            mails = [one.raw for one in world.mailboxes.of(rep_address(number)).values()]
        links = (LINK.search(str(parse_mail(raw).plain)) for raw in mails)
        found += [f"{one[0]}/1" for one in links if one is not None][:1]
    return found


def _readers(links: Sequence[str], numbers: Iterator[int]) -> list[Request]:
    """Each opens a page; the last of ten answers on it too."""
    return [
        _answer(link, numbers) if number % OPENED_FOR_ONE_ANSWER == 0 else _show(link)
        for number, link in enumerate(links, start=1)
    ]


def _show(link: str) -> Request:
    return lambda client: client.get(link).status_code == httpx.codes.OK


def _answer(link: str, numbers: Iterator[int]) -> Request:
    """Open the page and send its form, as a rep does, with words that were never sent before."""

    def answer(client: httpx.Client) -> bool:
        token = TOKEN.search(client.get(link).text)
        if token is None:
            return False
        act = f"The customer agrees to pilot {next(numbers)} by Friday"
        said = {"token": token[1], "commitment_objective": act}
        return client.post(link, data=said).status_code < httpx.codes.BAD_REQUEST

    return answer


def _hint(channel: GoogleChannel) -> Request:
    headers = {
        "X-Goog-Channel-ID": channel.id,
        "X-Goog-Channel-Token": channel.token,
        "X-Goog-Resource-State": "exists",
    }
    return lambda client: client.post("/push/google", headers=headers).is_success


def _under(load: Load, site: str, requests: Iterator[Request], worker: int) -> dict[str, Any]:
    """What came of the requests, each begun when it was due."""
    pages = child_of(worker, "nudger.web.process_main")
    before = seconds_of(pages), seconds_of(worker)
    mine, began = local(), time.monotonic() + 0.5

    def one(number: int, request: Request) -> tuple[float, bool]:
        due = began + number / load.rate
        time.sleep(max(0.0, due - time.monotonic()))
        if not hasattr(mine, "client"):
            mine.client = httpx.Client(base_url=site, timeout=30, verify=UNUSED)
        try:
            is_well = request(mine.client)
        except httpx.HTTPError:
            is_well = False
        return time.monotonic() - due, is_well

    numbers = range(round(load.rate * load.seconds))
    with ThreadPoolExecutor(READERS) as readers:
        found = list(readers.map(one, numbers, requests))
    of_pages, of_worker = seconds_of(pages) - before[0], seconds_of(worker) - before[1]
    return {
        **_figures(found),
        "processor_ms_a_request": round(of_pages * 1000 / len(found), 1),
        "worker_processor_seconds": round(of_worker, 1),
        "load_average": round(os.getloadavg()[0], 1),
    }


def _figures(found: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    taken = sorted(seconds * 1000 for seconds, _ in found)
    return {
        "requests": len(found),
        "failed": sum(not is_well for _, is_well in found),
        "p50_ms": round(taken[len(taken) // 2], 1),
        "p99_ms": round(taken[len(taken) * 99 // 100], 1),
        "slowest_ms": round(taken[-1], 1),
    }


def _kept(ctx: Context) -> int:
    """How many answers and revisions of them there are."""
    with ctx.database.read() as tx:
        return tx.scalar(select(func.count()).select_from(tables.answer)) or 0

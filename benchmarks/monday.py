"""Monday, nine o'clock: a question to every rep is due at once, and every rep answers at once.

The workers are processes of their own, as is the sandbox, whose calls take as long as a provider's.
Times are those that the database and the sandbox keep, so that no clock of ours is in between.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select

from benchmarks.office import installed, rep_address
from benchmarks.sandbox import sandbox
from nudger.domain.mails import MailKind, MailState
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.runtime.context import Context
from nudger.store import outbox, tables

ACT = "The customer agrees to a pilot by Friday"
WARM_UP = timedelta(seconds=8)
LONGEST = 1800.0
LISTEN_OFTEN = "listen_every_seconds = 10\n"


@dataclass(frozen=True)
class Size:
    """`delay` is what each call to the provider takes, in milliseconds; with a `broker`, by its
    URL, Celery shares the work out among the processes."""

    provider: str
    reps: int
    delay: float
    processes: int
    database: str | None = None
    broker: str | None = None


def measure(size: Size, runs: int = 1) -> dict[str, Any]:
    """JSON: for questions, notes and confirmations the seconds from when they were due, or the
    reply came, until they were out; each figure the median of the runs with its spread."""
    found = [_run(size) for _ in range(runs)]
    return {
        "provider": size.provider,
        "reps": size.reps,
        "delay_ms": size.delay,
        "processes": size.processes,
        "engine": "celery" if size.broker else "embedded",
        "database": (size.database or "sqlite").partition(":")[0],
        "runs": runs,
        **{name: _over([one[name] for one in found]) for name in found[0]},
    }


def _over(found: Sequence[dict[str, float]]) -> dict[str, Any]:
    if len(found) == 1:
        return dict(found[0])
    return {
        key: {
            "median": round(median(one[key] for one in found), 2),
            "spread": round(max(one[key] for one in found) - min(one[key] for one in found), 2),
        }
        for key in found[0]
    }


def _run(size: Size) -> dict[str, dict[str, float]]:
    arguments = ("--fleet", f"{size.reps}x1", "--provider", size.provider)
    with (
        sandbox(*arguments) as box,
        installed(box.url, size.reps, size.provider, size.database, LISTEN_OFTEN) as (ctx, file),
    ):
        first = _timed(lambda: scan(ctx))
        listen(ctx)
        with ctx.database.read() as tx:
            due = outbox.last_due(tx) or ctx.clock()
        ahead = due - WARM_UP - datetime.now(UTC)
        box.set_clock(due - WARM_UP)
        box.set_distance(size.delay / 1000)
        box.reset()
        with _workers(file, ahead, size) as spent:
            asked = _wait(lambda: _sent(ctx, MailKind.QUESTION), size.reps)
            for number in range(size.reps):
                box.reply(rep_address(number), ACT)
            _wait(lambda: _sent(ctx, MailKind.CONFIRMATION), size.reps)
            calls = box.calls()
        written = _written(ctx)
        confirmed = _sent(ctx, MailKind.CONFIRMATION)
        arrived = _arrived(ctx)
        whole = sum(count for name, count in calls.items() if not name.endswith(".token"))
        return {
            "first_scan": {"seconds": round(first, 2)},
            "asked": _figures(asked, dict.fromkeys(asked, due)),
            "written": _figures(written, arrived),
            "confirmed": _figures(confirmed, arrived),
            "calls": {"per_meeting": round(whole / size.reps, 2)},
            "processor": {"ms_per_meeting": round(1000 * sum(spent) / size.reps, 1)},
        }


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


@contextmanager
def _workers(file: Path, ahead: timedelta, size: Size) -> Iterator[list[float]]:
    """Once they have ended, the list holds the processor time that each took, in seconds."""
    spent: list[float] = []
    command = [sys.executable, "-m", "benchmarks.worker", str(file), str(ahead.total_seconds())]
    command += [size.broker] if size.broker else []
    with ExitStack() as stack:
        started = [
            stack.enter_context(
                subprocess.Popen(
                    command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
                )
            )
            for _ in range(size.processes)
        ]
        try:
            yield spent
        finally:
            for one in started:
                one.terminate()
            spent += (float(one.communicate()[0] or "nan") for one in started)


def _wait(found: Callable[[], dict[int, datetime]], wanted: int) -> dict[int, datetime]:
    """What is found once it is as much as wanted, or no more came for long."""
    deadline = time.monotonic() + LONGEST
    while len(now := found()) < wanted and time.monotonic() < deadline:
        time.sleep(0.5)
    return now


def _sent(ctx: Context, kind: MailKind) -> dict[int, datetime]:
    """Meeting id -> when a mail of this kind about it went out."""
    mails, links = tables.mail.c, tables.mail_meeting.c
    sent = (mails.kind == kind.value) & (mails.state == MailState.SENT.value)
    found = select(links.meeting_id, mails.sent_at).join(tables.mail, mails.id == links.mail_id)
    with ctx.database.read() as tx:
        return {meeting_id: at for meeting_id, at in tx.execute(found.where(sent))}  # noqa: C416


def _written(ctx: Context) -> dict[int, datetime]:
    columns = tables.note.c
    found = select(columns.meeting_id, columns.written_at).where(columns.written_at.is_not(None))
    with ctx.database.read() as tx:
        return {meeting_id: at for meeting_id, at in tx.execute(found)}  # noqa: C416


def _arrived(ctx: Context) -> dict[int, datetime]:
    """Meeting id -> when the reply about it came in."""
    columns, links = tables.inbound.c, tables.mail_meeting.c
    found = select(links.meeting_id, columns.received_at).join(
        tables.inbound, columns.mail_id == links.mail_id
    )
    with ctx.database.read() as tx:
        return {meeting_id: at for meeting_id, at in tx.execute(found)}  # noqa: C416


def _figures(ends: Mapping[int, datetime], begins: Mapping[int, datetime]) -> dict[str, float]:
    """How many, and in how many seconds half of them, all but one in a hundred, and all."""
    ordered = sorted((at - begins[one]).total_seconds() for one, at in ends.items())
    if not ordered:
        return {"jobs": 0}
    return {
        "jobs": len(ordered),
        "p50": round(ordered[len(ordered) // 2], 2),
        "p99": round(ordered[len(ordered) * 99 // 100], 2),
        "last": round(ordered[-1], 2),
        "jobs_per_second": round(len(ordered) / max(ordered[-1], 0.001), 1),
    }

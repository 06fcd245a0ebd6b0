"""A first scan of many calendars, beside the least that reading them can cost."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from benchmarks.costs import Cost, cost_of
from benchmarks.floors import Floor, by_httpx, floor, plainly
from benchmarks.office import office
from benchmarks.peers import cpu_of_peers
from benchmarks.sandbox import Sandbox, sandbox
from nudger.jobs.scan import scan
from nudger.runtime.context import Context
from nudger.runtime.memory import settle
from nudger.store import calendars, people


def measure(provider: str, reps: int, events: int) -> dict[str, Any]:
    """JSON: CPU per event, its ratio to each floor, calls, statements and commits per calendar.

    The first calendar that a process reads has it import and compile what it needs; that is told
    apart, since it is paid once.
    """
    size = ("--fleet", f"{reps}x{events}", "--provider", provider)
    with sandbox(*size, "--permit", "MailboxSettings.Read") as box, _settled():
        least = floor(provider, box.url, reps, events, plainly(box.url))
        usual = floor(provider, box.url, reps, events, by_httpx(box.url))
        with office(box.url, reps, provider) as ctx:
            database = _watch(ctx)
            once = cost_of(lambda: scan(ctx, only=_first_rep(ctx)))
            first = _scan(ctx, box, database, (reps - 1) * events)
            _wake(ctx)
            unchanged = _scan(ctx, box, database, 0)
    total = reps * events
    return {
        "calendars": reps,
        "events": total,
        "floor": _floor(least, total),
        "floor_by_httpx": _floor(usual, total),
        "peers": {
            name: {
                "cpu_us_per_event": round((least.cpu + cpu) / total * 1e6, 1),
                "cpu_ratio_to_floor": round((least.cpu + cpu) / least.cpu, 2),
            }
            for name, cpu in cpu_of_peers(provider, least.items).items()
        },
        "once_a_process": {"cpu_seconds": round(once.cpu, 2)},
        "first_scan": {
            "events_per_second": round((total - events) / first["cost"].wall),
            **_ratios(first["cost"], total - events, least, usual, total),
            **first["per_calendar"](reps - 1),
        },
        "unchanged_scan": {
            "calendars_per_second": round(reps / unchanged["cost"].wall),
            **unchanged["per_calendar"](reps),
        },
    }


@contextmanager
def _settled() -> Iterator[None]:
    """As a worker is while it scans, and the floor beside it, so that both look as seldom for what
    is no longer needed; what comes afterwards begins as before."""
    before = gc.get_threshold()
    settle()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def _floor(found: Floor, total: int) -> dict[str, Any]:
    return {
        "events_per_second": round(total / found.wall),
        "cpu_us_per_event": round(found.cpu / total * 1e6, 1),
        "cpu_us_per_event_of_pages_alone": round(found.pages.cpu / total * 1e6, 1),
    }


def _ratios(cost: Cost, scanned: int, least: Floor, usual: Floor, total: int) -> dict[str, Any]:
    an_event = cost.cpu / scanned
    return {
        "cpu_us_per_event": round(an_event * 1e6, 1),
        "cpu_ratio_to_floor": round(an_event / (least.cpu / total), 2),
        "cpu_ratio_to_floor_by_httpx_without_hours": round(
            an_event / (usual.cpu_without_hours / total), 2
        ),
    }


def _scan(
    ctx: Context, box: Sandbox, database: Callable[[], dict[str, int]], expected: int
) -> dict[str, Any]:
    """Scan what is due; raises `AssertionError` unless that finds as many events."""
    database()
    box.reset()
    events = 0

    def run() -> None:
        nonlocal events
        events = scan(ctx).events

    cost = cost_of(run)
    if events != expected:
        raise AssertionError(f"{events} events were scanned, not {expected}")
    seen, calls = database(), box.calls()
    asked = sum(count for name, count in calls.items() if not name.endswith(".token"))

    def per_calendar(calendars_read: int) -> dict[str, float]:
        return {
            "api_calls_per_calendar": round(asked / calendars_read, 2),
            "token_calls": sum(calls.values()) - asked,
            "sql_statements_per_calendar": round(seen["statements"] / calendars_read, 1),
            "commits_per_calendar": round(seen["commits"] / calendars_read, 2),
        }

    return {"cost": cost, "per_calendar": per_calendar}


def _watch(ctx: Context) -> Callable[[], dict[str, int]]:
    """A function that tells how many statements and commits there were since its last call."""
    count = {"statements": 0, "commits": 0}

    def counted(name: str) -> Callable[..., None]:
        def one(*_arguments: Any) -> None:
            count[name] += 1

        return one

    event.listen(ctx.database.engine, "before_cursor_execute", counted("statements"))
    event.listen(ctx.database.engine, "commit", counted("commits"))

    def since() -> dict[str, int]:
        counts = dict(count)
        count.update(statements=0, commits=0)
        return counts

    return since


def _first_rep(ctx: Context) -> list[int]:
    with ctx.database.read() as tx:
        return [people.list_reps(tx)[0].id]


def _wake(ctx: Context) -> None:
    with ctx.database.begin() as tx:
        calendars.wake_calendars(tx, ctx.clock())

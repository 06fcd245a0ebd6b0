"""The first page of the console: how this week goes, what needs attention, which connections
work. No provider is asked: what the workers found last is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from nudger.admin.health import find_concerns
from nudger.domain.health import Concern
from nudger.runtime.context import Context
from nudger.store import connections, console_figures
from nudger.store.connections import Connected
from nudger.store.console_figures import Span

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday on in the settings' zone, and what came of its calls."""

    begins: datetime
    counts: Span


@dataclass(frozen=True, slots=True)
class Overview:
    """`weeks` in their order, this one last, of the calls that have begun; `ahead` of those that
    begin later this week; `answer_times` as `console_figures.count_answer_times`, of the calls of
    these weeks that have begun."""

    concerns: tuple[Concern, ...]
    weeks: tuple[Week, ...]
    ahead: Span
    connections: tuple[Connected, ...]
    answer_times: tuple[int, ...]


def overview_of(ctx: Context) -> Overview:
    now = ctx.clock()
    *mondays, ends = week_bounds(now, ZoneInfo(ctx.settings.time_zone), WEEKS)
    with ctx.database.read() as tx:
        *begun, ahead = console_figures.count_spans(tx, [*mondays, now, ends])
        connected = connections.list_connections(tx)
        answer_times = console_figures.count_answer_times(tx, mondays[0], now)
    weeks = tuple(Week(begins, counts) for begins, counts in zip(mondays, begun, strict=True))
    return Overview(find_concerns(ctx), weeks, ahead, tuple(connected), tuple(answer_times))


def week_bounds(now: datetime, zone: ZoneInfo, weeks: int) -> list[datetime]:
    """The Mondays, at midnight in the zone, of this many weeks and the one after them; the last
    week is that of `now`."""
    local = now.astimezone(zone)
    monday = local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(local.weekday())
    return [monday + timedelta(weeks=at) for at in range(1 - weeks, 2)]

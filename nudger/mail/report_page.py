"""The report as one self-contained page: numbers, a chart of the weeks, a line for each group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from nudger.domain.history import Grouping, Tally
from nudger.mail.display import display_address, display_text
from nudger.mail.template_cache import templates_for

CHART_HEIGHT = 120
MOST_WEEKS = 53
MOST_LINES = 75
"""A page of more is read by nobody, and longer than templates may become; `--csv` has them all."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A week in the chart, in units of the drawing; each part stands within the one before. `says`
    is the same in words."""

    x: int
    label: str
    says: str
    asked: int
    heights: tuple[int, int, int]


def report_page(
    since: datetime,
    until: datetime,
    by: Grouping,
    lines: Sequence[Tally],
    total: Tally,
    weeks: Sequence[Tally],
    names: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The page's HTML, with the first of the lines where they are many; names from calendars are
    shown as text. `names` are the reps', by address: an address stands there only where it has
    none, and beside a name that two of them share."""
    values = {
        "since": f"{since:%d %B %Y}",
        "until": f"{until:%d %B %Y}",
        "by": by.value,
        "total": total,
        "lines": [(_named(one.name, names), one, _share(one)) for one in lines[:MOST_LINES]],
        "left_out": max(0, len(lines) - MOST_LINES),
        "share": _share(total),
        "bars": _bars(weeks[-MOST_WEEKS:]),
        "chart_height": CHART_HEIGHT,
    }
    return templates_for(None, "en").render("report.html.j2", values)


def _named(line: str, names: Mapping[str, str]) -> str:
    name = display_text(names.get(line, ""), 80)
    if not name:
        return display_text(line, 80)
    is_shared = sum(display_text(other, 80) == name for other in names.values()) > 1
    return f"{name} ({display_address(line)})" if is_shared else name


def _share(one: Tally) -> dict[str, int]:
    """Percent of the calls asked about, whole numbers."""
    of = max(1, one.asked)
    return {
        "in_time": round(100 * one.answered_in_time / of),
        "valid": round(100 * one.valid / of),
        "agreed": round(100 * one.agreed / of),
    }


def _bars(weeks: Sequence[Tally]) -> list[Bar]:
    tallest = max((one.asked for one in weeks), default=1)

    def height(count: int) -> int:
        return round(CHART_HEIGHT * count / max(1, tallest))

    return [
        Bar(
            x=number * 44,
            label=one.name.partition("-")[2],
            says=f"{one.name}: {one.asked} asked, {one.answered_in_time} answered in time, "
            f"{one.agreed} agreed",
            asked=one.asked,
            heights=(height(one.asked), height(one.answered_in_time), height(one.agreed)),
        )
        for number, one in enumerate(weeks)
    ]

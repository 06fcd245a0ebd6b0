"""The report as one self-contained page: numbers, a chart of the weeks, a line for each group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nudger.domain.history import Grouping, Tally
from nudger.mail.display import display_text
from nudger.mail.templates import templates_for

CHART_HEIGHT = 120
MOST_WEEKS = 53


@dataclass(frozen=True, slots=True)
class Bar:
    """A week in the chart, in units of the drawing; each part stands within the one before."""

    x: int
    label: str
    asked: int
    heights: tuple[int, int, int]


def report_page(
    since: datetime,
    until: datetime,
    by: Grouping,
    lines: Sequence[Tally],
    total: Tally,
    weeks: Sequence[Tally],
) -> str:
    """The page's HTML; names from calendars are shown as text."""
    values = {
        "since": f"{since:%d %B %Y}",
        "until": f"{until:%d %B %Y}",
        "by": by.value,
        "total": total,
        "lines": [(display_text(one.name, 80), one, _share(one)) for one in lines],
        "share": _share(total),
        "bars": _bars(weeks[-MOST_WEEKS:]),
        "chart_height": CHART_HEIGHT,
    }
    return templates_for(None, "en").render("report.html.j2", values)


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
            asked=one.asked,
            heights=(height(one.asked), height(one.answered_in_time), height(one.agreed)),
        )
        for number, one in enumerate(weeks)
    ]

"""`nudger report`: what was asked, answered and agreed, as a table, JSON, CSV or a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from nudger.cli.app import app
from nudger.cli.console import plain, print_csv, print_json, print_table, refuse, write_file
from nudger.cli.since import moment_since
from nudger.cli.startup import opened
from nudger.domain.history import Grouping, Tally, by_week, tallies, tally
from nudger.jobs.outgoing.past_meetings import past_meetings
from nudger.mail.report_page import report_page
from nudger.store import people

COLUMNS = ("", "asked", "in time", "valid C.O.", "agreed", "partly", "no", "milestone reached")
DEFAULT_SINCE = "-90d"


@app.command(
    epilog="Example:  nudger report --since 2026-10-01 --by customer --html report.html",
)
def report(
    context: typer.Context,
    since: Annotated[
        str, typer.Option(help='A day, or "-30d" for thirty days back.')
    ] = DEFAULT_SINCE,
    by: Annotated[Grouping, typer.Option(help="What the lines are.")] = Grouping.REP,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write one self-contained page; - prints it.")
    ] = None,
) -> None:
    """Count customer calls: asked, answered in time, with a real C.O., agreed, reached."""
    if as_json + as_csv + (html is not None) > 1:
        refuse("Choose one of --json, --csv and --html.")
    with opened(context) as ctx:
        now = ctx.clock()
        begin = moment_since(since, now, ZoneInfo(ctx.settings.time_zone))
        meetings = past_meetings(ctx, begin, now)
        with ctx.database.read() as tx:
            names = people.names(tx)
    lines, total = tallies(meetings, by), tally("all", meetings)
    if as_json:
        shown = [asdict(one) for one in lines]
        weeks = [asdict(one) for one in by_week(meetings)]
        head = {"since": begin.isoformat(), "by": by.value, "total": asdict(total)}
        print_json({**head, "lines": shown, "weeks": weeks})
    elif as_csv:
        _print_csv(lines)
    elif html is not None:
        page = report_page(begin, now, by, lines, total, by_week(meetings), names)
        write_file(html, page, ": open it in a browser.")
    else:
        rows = [_row(one) for one in (lines if len(lines) < 2 else [*lines, total])]
        print_table(COLUMNS, rows, "No customer call was asked about since then.")


def _row(one: Tally) -> list[str]:
    name, *counts = asdict(one).values()
    return [plain(str(name)), *map(str, counts)]


def _print_csv(lines: Sequence[Tally]) -> None:
    columns = [field.name for field in fields(Tally)]
    print_csv(columns, (list(asdict(one).values()) for one in lines))

"""`nudger meetings`: the customer calls that come and that were, with what is agreed for each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from nudger.admin.calls import Wanted, list_calls
from nudger.cli.app import app
from nudger.cli.audit import rep_id_of
from nudger.cli.console import print_csv, print_json, print_table, refuse
from nudger.cli.since import beginning, end
from nudger.cli.startup import opened
from nudger.jobs.telling.call import COLUMNS, Call

HEAD = ("START", "TITLE", "CUSTOMER", "REP", "STATE", "WHY", "C.O.", "MILESTONE", "OUTCOME")
KEPT_PRIVATE = "(the rep keeps it to themself)"


@app.command(
    epilog="Examples:  nudger meetings --without-co   ·   "
    "nudger meetings --customer acme.com --since -90d --csv",
)
def meetings(
    context: typer.Context,
    rep: Annotated[str | None, typer.Option(help="Only this rep's.", metavar="EMAIL")] = None,
    customer: Annotated[
        str | None, typer.Option(help="Only those with this customer.", metavar="DOMAIN")
    ] = None,
    since: Annotated[
        str, typer.Option(help='From a day on, or "-30d" for thirty days back.')
    ] = "-14d",
    until: Annotated[
        str, typer.Option(help='To the end of a day, or "30d" for thirty days ahead.')
    ] = "14d",
    without: Annotated[
        bool, typer.Option("--without-co", "--without", help="Only those that have no C.O.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """List the customer calls, coming and past, with their C.O. and what came of them.

    `nudger explain` says more about one of them. What a rep keeps to themself is not shown.
    """
    if as_json and as_csv:
        refuse("Choose one of --json and --csv.")
    with opened(context) as ctx:
        now, zone = ctx.clock(), ZoneInfo(ctx.settings.time_zone)
        begin, last = beginning(since, now, zone), end(until, now, zone)
        if begin >= last:
            refuse(f"--since {since} is not before --until {until}.")
        wanted = Wanted(begin, last, rep_id_of(ctx, rep), customer, without)
        found = list_calls(ctx, wanted)
    if as_json:
        print_json([call.as_json() for call in found])
    elif as_csv:
        print_calls(found)
    else:
        empty = f"No customer call from {begin:%Y-%m-%d} to {last:%Y-%m-%d} is known."
        print_table(HEAD, [_row(call, zone) for call in found], empty)


def print_calls(found: Iterable[Call]) -> None:
    """Print calls as CSV, several customers in one cell."""
    shown = (call.as_json() for call in found)
    print_csv(COLUMNS, ([_cell(one[name]) for name in COLUMNS] for one in shown))


def _cell(value: Any) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(value) if isinstance(value, list) else value


def _row(call: Call, zone: ZoneInfo) -> list[str]:
    start = datetime.fromisoformat(call.start).astimezone(zone)
    return [
        f"{start:%a %d %b %Y %H:%M}",
        call.title,
        ", ".join(call.customers),
        call.rep,
        call.state,
        call.words,
        KEPT_PRIVATE if call.kept_private else call.commitment_objective or "",
        call.next_milestone or "",
        " ".join(filter(None, (call.outcome, call.outcome_words))),
    ]

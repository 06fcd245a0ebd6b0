"""`nudger status`: what has been done, what comes next, and what somebody should look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from nudger.admin.overview import overview
from nudger.cli.app import app
from nudger.cli.console import once_each, plain, print_json, say
from nudger.cli.startup import opened
from nudger.runtime.context import Context

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command(epilog="Example:  nudger status --json")
def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show counts by state, the last scan, what is due next, failures, and what is switched off.

    Counted is what lies ahead and what was in the last 30 days: nudger report has more.

    The exit code tells what somebody should look at, the gravest first:

    10 a sign-in is refused
    11 no calendar was read for 20 minutes
    12 an answer cannot be written into a calendar
    13 a mail was set aside in the last day
    14 everything is locked down
    15 sending is paused
    16 mails to a rep come back, and none is sent to them any more
    17 a rep asked to be forgotten
    18 another system is not told any more, or a notice to one was given up
    19 nudger.toml was changed: it counts after a restart
    20 the message broker does not answer: workers look for work themselves
    21 a piece of work ended its worker again and again
    22 a template of yours cannot be used
    23 the process of the pages ended: nobody can open them
    0 nothing of this; 1 the status cannot be read
    """
    with opened(context) as ctx:
        found = overview(ctx)
        if as_json:
            print_json(found)
        else:
            _show_status(ctx, found)
    raise typer.Exit(found["exit_code"])


def _show_status(ctx: Context, found: Mapping[str, Any]) -> None:
    say("[bold]Meetings[/]   " + _counts(found["meetings"]))
    say("[bold]Mails[/]      " + _counts(found["mails"]))
    say("[bold]Notes[/]      " + _counts(found["notes"]))
    say("[bold]Replies[/]    " + _counts(found["replies"]))
    say(f"[bold]Last scan[/]  {local_time(ctx, found['last_scan']) or 'never'}")
    say(f"[bold]Next due[/]   {local_time(ctx, found['next_due']) or 'nothing'}")
    if found["push"]:
        say("[bold]Push[/]       " + _push(found["push"]))
    for line in _switched_off(ctx, found["controls"]):
        say(f"[yellow]held[/]       {line}")
    for concern in found["concerns"]:
        say(f"[red]look[/]       {concern['words']}")
    for fault in found["sign_in"]:
        say(f"[red]sign-in[/]    {plain(fault.removeprefix('sign-in '))}")
    for error, whats in once_each((one["what"], one["error"]) for one in found["failures"]):
        if error not in found["sign_in"]:
            say(f"[red]failing[/]    {plain(whats)}: {plain(error)}")


def _switched_off(ctx: Context, controls: Mapping[str, Any]) -> Iterator[str]:
    locked, paused = controls["locked_since"], controls["paused_since"]
    if locked:
        yield f"everything is locked down since {local_time(ctx, locked)}: `nudger lockdown --end`"
    if paused:
        yield f"sending is paused since {local_time(ctx, paused)}: `nudger resume`"
    for email, since in controls["reps_paused_since"].items():
        rep = plain(email)
        yield f"{rep} is paused since {local_time(ctx, since)}: `nudger resume {rep}`"
    for email, since in controls["reps_unreachable_since"].items():
        yield (
            f"mails to {plain(email)} come back, none is sent since {local_time(ctx, since)}: "
            f"mend the address, then `nudger resume {plain(email)}`"
        )


def _push(state: Mapping[str, Mapping[str, Any]]) -> str:
    told = []
    for what, one in state.items():
        silent = f" ({one['silent']} silent)" if one["silent"] else ""
        told.append(f"{what} {one['open']} of {one['watched']}{silent}")
    return "  ".join(told)


def _counts(counts: Mapping[str, int]) -> str:
    return "  ".join(f"{plain(name)} {count}" for name, count in counts.items()) or "none"


def local_time(ctx: Context, moment: str | None) -> str:
    """An ISO moment in the settings' zone, which is named; empty for `None`."""
    if moment is None:
        return ""
    return f"{short_time(ctx, moment)} ({ctx.settings.time_zone})"


def short_time(ctx: Context, moment: str) -> str:
    """The same without the zone's name, for a table."""
    at = datetime.fromisoformat(moment).astimezone(ZoneInfo(ctx.settings.time_zone))
    return f"{at:%a %d %b %Y %H:%M}"

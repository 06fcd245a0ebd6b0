"""`nudger status` and `nudger explain`: what has been done, what comes next, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from nudger.admin.explain import explain_event, overview
from nudger.cli.app import app
from nudger.cli.console import fail, plain, print_json, print_table, say
from nudger.cli.startup import opened
from nudger.runtime.context import Context

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command(epilog="Example:  nudger status --json")
def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show counts by state, the last scan, what is due next, failures, and what is switched off.

    The exit code tells what somebody should look at, the gravest first:

    10 a sign-in is refused
    11 no calendar was read for 20 minutes
    12 an answer cannot be written into a calendar
    13 a mail was set aside in the last day
    14 everything is locked down
    15 sending is paused
    16 mails to a rep come back, and none is sent to them any more
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
    say(f"[bold]Last scan[/]  {_local(ctx, found['last_scan']) or 'never'}")
    say(f"[bold]Next due[/]   {_local(ctx, found['next_due']) or 'nothing'}")
    for line in _switched_off(ctx, found["controls"]):
        say(f"[yellow]held[/]       {line}")
    for concern in found["concerns"]:
        say(f"[red]look[/]       {concern['words']}")
    for fault in found["sign_in"]:
        say(f"[red]sign-in[/]    {plain(fault.removeprefix('sign-in '))}")
    for failure in found["failures"]:
        if failure["error"] in found["sign_in"]:
            continue
        say(f"[red]failing[/]    {plain(failure['what'])}: {plain(failure['error'])}")


def _switched_off(ctx: Context, controls: Mapping[str, Any]) -> Iterator[str]:
    locked, paused = controls["locked_since"], controls["paused_since"]
    if locked:
        yield f"everything is locked down since {_local(ctx, locked)}: `nudger lockdown --end`"
    if paused:
        yield f"sending is paused since {_local(ctx, paused)}: `nudger resume`"
    for email, since in controls["reps_paused_since"].items():
        yield f"{plain(email)} is paused since {_local(ctx, since)}: `nudger resume {plain(email)}`"
    for email, since in controls["reps_unreachable_since"].items():
        yield (
            f"mails to {plain(email)} come back, none is sent since {_local(ctx, since)}: mend the "
            f"address, then `nudger resume {plain(email)}`"
        )


def _counts(counts: Mapping[str, int]) -> str:
    return "  ".join(f"{plain(name)} {count}" for name, count in counts.items()) or "none"


def _local(ctx: Context, moment: str | None) -> str:
    if moment is None:
        return ""
    at = datetime.fromisoformat(moment).astimezone(ZoneInfo(ctx.settings.time_zone))
    return f"{at:%a %d %b %Y %H:%M} ({ctx.settings.time_zone})"


@app.command(epilog="Example:  nudger explain 3k2l1m0n9o8p")
def explain(
    context: typer.Context,
    event: Annotated[str, typer.Argument(help="An event's id, as in the calendar or in --json.")],
    as_json: AsJson = False,
) -> None:
    """Say why a meeting was or was not asked about, and every step since."""
    with opened(context) as ctx:
        found = explain_event(ctx, event)
        if not found:
            fail(f"No scan has seen an event {event}. See `nudger scan --dry-run --json` for ids.")
        if as_json:
            print_json(found)
            return
        for seen in found:
            _show_explained(ctx, seen)


def _show_explained(ctx: Context, seen: Mapping[str, Any]) -> None:
    say(f"[bold]{plain(seen['calendar'])}[/]  {_local(ctx, seen['start'])}")
    say(f"  {plain(seen['verdict'])}: {plain(seen['words'])} [dim]({plain(seen['reason'])})[/]")
    meeting = seen["meeting"]
    if meeting is None:
        return
    say(f"  {plain(meeting['title'])} is {plain(meeting['state'])} "
        f"[dim]({plain(meeting['reason'])})[/]. {plain(meeting['words'])}")  # fmt: skip
    if meeting["days"]:
        say(f"  All day, {' to '.join(dict.fromkeys(meeting['days']))}")
    say(f"  {plain(meeting['rep'])} is asked: {plain(meeting['rep_words'])}")
    rows = [(_local(ctx, s["at"]), s["step"], s["words"]) for s in meeting["steps"]]
    print_table(("WHEN", "STEP", "WHY"), rows, "  No step yet.")
    for mail in meeting["mails"]:
        say(f"  {plain(mail['kind'])}: {plain(mail['state'])}, due {_local(ctx, mail['due'])}")

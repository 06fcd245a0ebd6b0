"""`nudger explain`: why a meeting was or was not asked about, every step since, and what waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, NoReturn

import typer

from nudger.admin.explain import explain_event, explain_hit, in_rows
from nudger.admin.find_events import Hit, find_events, reps_of
from nudger.admin.waits import told
from nudger.cli.app import app
from nudger.cli.console import fail, plain, print_json, print_table, say
from nudger.cli.startup import opened
from nudger.cli.status import local_time, short_time
from nudger.runtime.context import Context

MOST_SHOWN = 20


@app.command(
    epilog='Examples:  nudger explain "Acme"   ·   nudger explain "tue 14:00"   ·   '
    "nudger explain 3k2l1m0n9o8p",
)
def explain(
    context: typer.Context,
    event: Annotated[
        list[str],
        typer.Argument(
            help='Words of its title or customer; when it begins, as in "2026-11-24 14:00", '
            '"tomorrow" or "tue 14:00"; or its id, as in the calendar or in --json; or that of a '
            "page request, as in the log."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, of all that fit.")] = False,
) -> None:
    """Say why a meeting was or was not asked about, every step since, and what waits.

    Where several fit, they are listed with what to type for each.
    """
    text = " ".join(event)
    with opened(context) as ctx:
        if as_json:
            found = explain_event(ctx, text)
            if not found:
                _fail_for_none(text)
            print_json(found)
            return
        hits = find_events(ctx, text)
        if not hits:
            _fail_for_none(text)
        if len(hits) > 1:
            _list(ctx, hits)
        else:
            _show(ctx, explain_hit(ctx, hits[0]))


def _fail_for_none(text: str) -> NoReturn:
    fail(
        f"No scan has seen an event that {text!r} fits. Titles are kept of customer calls alone "
        '(`nudger meetings`): of any other event say when it begins, as in "tue 14:00", or its id '
        "(`nudger scan --dry-run --json`)."
    )


def _list(ctx: Context, hits: Sequence[Hit]) -> None:
    with ctx.database.read() as tx:
        rows = [_choice(ctx, hit, reps_of(tx, hit)) for hit in _nearest(ctx, hits)]
    say(f"{len(hits)} events fit. Which one? [dim]Times are in {ctx.settings.time_zone}.[/]\n")
    print_table(("TYPE", "START", "TITLE", "STATE", "CALENDARS"), rows, "")
    if len(hits) > len(rows):
        say(f"\nThese are the nearest in time; {len(hits) - len(rows)} more fit.")


def _nearest(ctx: Context, hits: Sequence[Hit]) -> list[Hit]:
    now = ctx.clock()
    near = sorted(hits, key=lambda hit: abs(hit.start - now))[:MOST_SHOWN]
    return sorted(near, key=lambda hit: hit.start)


def _choice(ctx: Context, hit: Hit, reps: Iterable[str]) -> list[str]:
    meeting = hit.meeting
    return [
        f"nudger explain {hit.name}",
        short_time(ctx, hit.start.isoformat()),
        meeting.shown_title if meeting else "",
        meeting.state.value if meeting else f"not asked: {hit.seen[0][1].reason}",
        ", ".join(reps),
    ]


def _show(ctx: Context, copies: Sequence[Mapping[str, Any]]) -> None:
    """The verdict in each calendar, then what is the meeting's, once."""
    for seen in copies:
        say(f"[bold]{plain(seen['calendar'] or 'in no calendar')}[/]  "
            f"{local_time(ctx, seen['start'])}")  # fmt: skip
        say(f"  {plain(seen['verdict'])}: {plain(seen['words'])} [dim]({plain(seen['reason'])})[/]")
    meeting = copies[0]["meeting"]
    if meeting is None:
        return
    say(f"  {plain(meeting['title'])} is {plain(meeting['state'])} "
        f"[dim]({plain(meeting['reason'])})[/]. {plain(meeting['words'])}")  # fmt: skip
    if meeting["days"]:
        say(f"  All day, {' to '.join(dict.fromkeys(meeting['days']))}")
    say(f"  {plain(meeting['rep'])} is asked: {plain(meeting['rep_words'])}\n")
    print_table(("WHEN", "STEP", "WHY"), list(_steps(ctx, meeting["steps"])), "No step yet.")
    if meeting["waits"]:
        say("\n[bold]What waits[/]")
    for wait in meeting["waits"]:
        say(f"  {plain(told(wait, local_time(ctx, wait['at'])))}")


def _steps(ctx: Context, steps: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for one in in_rows(steps):
        often = f" ({one.times} times, the last {short_time(ctx, one.last)})"
        yield short_time(ctx, one.first), one.step, one.words + (often if one.times > 1 else "")

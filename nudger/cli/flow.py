"""`nudger run` and its steps one by one: scan, ask, listen, write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from nudger import worker
from nudger.admin import dry_run
from nudger.admin.health import waiting_for_sign_in
from nudger.cli.app import app
from nudger.cli.console import (
    fail,
    once_each,
    plain,
    print_csv,
    print_json,
    print_table,
    refuse,
    say,
)
from nudger.cli.logs import AsLog, begin_logging, chosen_format, failures_unlogged
from nudger.cli.pages import pages_beside
from nudger.cli.ready import require_ready
from nudger.cli.since import moment_since
from nudger.cli.startup import opened
from nudger.jobs.ask import ask as send_due_mails
from nudger.jobs.incoming.from_chat import chat_beside
from nudger.jobs.listen import listen as fetch_replies
from nudger.jobs.outgoing.admin_weekly import plan_admin_weekly
from nudger.jobs.outgoing.weekly import plan_weekly
from nudger.jobs.scan import ScanReport
from nudger.jobs.scan import scan as scan_calendars
from nudger.jobs.understand import understand as understand_replies
from nudger.jobs.write import write as write_notes
from nudger.runtime.context import Context
from nudger.store import people
from nudger.store.people import Rep

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
MOST_UNKNOWN_SHOWN = 15
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done; change nothing.")]


@app.command(
    epilog="Examples:  nudger run --verbose   ·   nudger run -v --log-format json",
)
def run(
    context: typer.Context,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log each step.")] = False,
    log_format: AsLog = None,
) -> None:
    """Work until stopped: scan calendars, ask reps, read replies, write answers.

    It does not start where `nudger doctor` would find something missing on
    this machine: exit code 1, and a list of it. What may pass by itself, as an
    outage, does not keep it from starting.
    """
    as_here = partial(
        begin_logging, verbose=verbose, log_format=chosen_format(context.obj, log_format)
    )
    as_here()
    require_ready(context.obj)
    with opened(context) as ctx, pages_beside(ctx, as_here), chat_beside(ctx):
        say("Nudger runs. Stop it with Ctrl-C.")
        worker.run(ctx)
    say("Nudger has stopped.")


@app.command(
    epilog="Example:  nudger scan --dry-run --since -30d --days 30 --rep ana@ourco.com",
)
def scan(
    context: typer.Context,
    rep: Annotated[list[str] | None, typer.Option(help="Only this rep's calendar.")] = None,
    dry: DryRun = False,
    since: Annotated[
        str | None, typer.Option(help='With --dry-run: from a day on, or "-30d"; else from now on.')
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=0, max=366, help="With --dry-run: days ahead; 14 unless said.")
    ] = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="With --dry-run: print CSV.")] = False,
) -> None:
    """Read the calendars and plan the questions.

    With --dry-run nothing is planned: each event is shown with its verdict and, if it would be (or
    would have been) asked about, who is asked and when; and the outside domains that you have not
    classified yet.
    """
    if not dry and (as_csv or since is not None or days is not None):
        refuse("--since, --days and --csv go with --dry-run.")
    if as_json and as_csv:
        refuse("Choose one of --json and --csv.")
    with opened(context) as ctx:
        reps = _reps(ctx, rep)
        if dry:
            zone = ZoneInfo(ctx.settings.time_zone)
            preview = dry_run.scan(ctx, reps, _stretch(ctx, since, days))
            _show_preview(preview, zone, as_json=as_json, as_csv=as_csv)
            return
        only = None if rep is None else [one.id for one in reps or ()]
        with failures_unlogged():
            report = scan_calendars(ctx, only)
        standing = waiting_for_sign_in(ctx, "calendar ")
    _show(_scan_counts(report), as_json=as_json)
    _fail_for(report.failures, standing)


@app.command(epilog="Example:  nudger ask --dry-run")
def ask(context: typer.Context, dry: DryRun = False, as_json: AsJson = False) -> None:
    """Send the questions, and all other mails, that are due."""
    with opened(context) as ctx:
        if dry:
            _show_rows(dry_run.ask(ctx), as_json=as_json)
            return
        plan_weekly(ctx)
        plan_admin_weekly(ctx)
        observed, failures = _observed(ctx)
        with failures_unlogged():
            sent = send_due_mails(observed)
        standing = waiting_for_sign_in(ctx, "mail ")
    _show({"sent": sent}, as_json=as_json)
    _fail_for(failures, standing)


@app.command(epilog="Example:  nudger listen --json")
def listen(context: typer.Context, dry: DryRun = False, as_json: AsJson = False) -> None:
    """Fetch the replies that have come, and understand them."""
    with opened(context) as ctx:
        if dry:
            _show_rows(dry_run.listen(ctx), as_json=as_json)
            return
        observed, failures = _observed(ctx)
        with failures_unlogged():
            stored = fetch_replies(observed)
            answered = understand_replies(observed)
        standing = waiting_for_sign_in(ctx, "mailbox ")
    _show({"mails": stored, "answers": answered}, as_json=as_json)
    _fail_for(failures, standing)


@app.command(epilog="Example:  nudger write --dry-run")
def write(context: typer.Context, dry: DryRun = False, as_json: AsJson = False) -> None:
    """Write the answers into the calendar."""
    with opened(context) as ctx:
        if dry:
            _show_rows(dry_run.write(ctx), as_json=as_json)
            return
        observed, failures = _observed(ctx)
        with failures_unlogged():
            written = write_notes(observed)
        standing = waiting_for_sign_in(ctx, "note ")
    _show({"written": written}, as_json=as_json)
    _fail_for(failures, standing)


def _observed(ctx: Context) -> tuple[Context, dict[str, str]]:
    """The context, and what will have failed in it: what it was, and why."""
    failures: dict[str, str] = {}
    return replace(ctx, on_failure=failures.__setitem__), failures


def _reps(ctx: Context, addresses: list[str] | None) -> list[Rep] | None:
    if addresses is None:
        return None
    with ctx.database.read() as tx:
        found = {address: people.find_rep(tx, address.lower()) for address in addresses}
    unknown = [address for address, rep in found.items() if rep is None]
    if unknown:
        fail(f"not a rep: {', '.join(unknown)}. See `nudger reps list`.")
    return [rep for rep in found.values() if rep is not None]


def _stretch(ctx: Context, since: str | None, days: int | None) -> dry_run.Stretch:
    now = ctx.clock()
    begin = now if since is None else moment_since(since, now, ZoneInfo(ctx.settings.time_zone))
    return dry_run.Stretch(now - begin, timedelta(days=14 if days is None else days))


def _show_preview(
    preview: dry_run.ScanPreview, zone: tzinfo, *, as_json: bool, as_csv: bool
) -> None:
    if as_json:
        print_json(preview.rows)
    elif as_csv:
        cells = ([_cell(row[name]) for name in _PREVIEW_COLUMNS] for row in preview.rows)
        print_csv(_PREVIEW_COLUMNS, cells)
    else:
        rows = [_preview_row(row, zone) for row in preview.rows]
        nothing = _NO_EVENTS_READ if preview.failures else _NO_EVENTS
        print_table(_PREVIEW_HEAD, rows, nothing)
        _say_summary(preview, zone)
    _fail_for(preview.failures)


_NO_EVENTS = "No events in this time in the calendars of your reps."
_NO_EVENTS_READ = "No events in the calendars that could be read."
_PREVIEW_COLUMNS = (
    "event_id", "start", "title", "calendar", "verdict", "reason", "customer", "rep", "ask_at",
)  # fmt: skip
_PREVIEW_HEAD = ("START", "TITLE", "VERDICT", "WHY", "CUSTOMER", "REP", "ASKED AT")


def _preview_row(row: dict[str, Any], zone: tzinfo) -> list[str]:
    return [
        _local(row["start"], zone), row["title"], row["verdict"], row["reason"],
        _cell(row["customer"]), _cell(row["rep"]), _local(row["ask_at"], zone),
    ]  # fmt: skip


def _local(moment: str | None, zone: tzinfo) -> str:
    if moment is None:
        return ""
    return f"{datetime.fromisoformat(moment).astimezone(zone):%a %d %b %H:%M}"


def _say_summary(preview: dry_run.ScanPreview, zone: tzinfo) -> None:
    by_verdict = Counter(row["verdict"] for row in preview.rows)
    say(
        f"\n{by_verdict['ask']} to ask about, {by_verdict['skip']} not. Nothing was changed. "
        f"[dim]Times are in {zone}.[/]"
    )
    if preview.unknown:
        say("\nOutside domains that you have not classified, the most frequent first:")
        shown = preview.unknown.most_common(MOST_UNKNOWN_SHOWN)
        for domain, count in shown:
            say(f"  {count:4}  nudger domains add customer {plain(domain)}")
        if len(preview.unknown) > len(shown):
            say(f"  and {len(preview.unknown) - len(shown)} more")
        say("[dim]In place of customer: partner, ours, or never.[/]")


def _fail_for(failures: Mapping[str, str], standing: Collection[str] = ()) -> None:
    """One line for each failure, and for a fault of signing in that still keeps work waiting."""
    lines = [f"{whats}: {why}" for why, whats in once_each(failures.items())]
    told = tuple(failures.values())
    lines += [why for why in standing if not any(one.startswith(why) for one in told)]
    if lines:
        fail("\n".join(lines))


def _scan_counts(report: ScanReport) -> dict[str, int]:
    return {
        "calendars": report.calendars,
        "events": report.events,
        "planned": report.planned,
        "failed": len(report.failures),
    }


def _show(counts: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        print_json(counts)
    else:
        say("  ".join(f"{name} [bold]{count}[/]" for name, count in counts.items()))


def _show_rows(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json(rows)
    elif rows:
        columns = list(rows[0])
        cells = [[_cell(row[column]) for column in columns] for row in rows]
        print_table([column.upper() for column in columns], cells, "")
    else:
        say("Nothing to do.")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

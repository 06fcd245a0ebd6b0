"""`nudger forget` and `purge`: what we keep of people, removed at their wish or after a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer

from nudger.admin.forget import CannotForget, Forgotten, preview, resolve
from nudger.admin.forget import forget as forget_party
from nudger.cli.app import app
from nudger.cli.console import fail, plain, print_json, say
from nudger.cli.startup import opened
from nudger.jobs.tidy import count_expired, forget_expired

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")]
Who = Annotated[str, typer.Argument(help="A rep's or a guest's address, or a customer's domain.")]


@app.command(epilog="Example:  nudger forget dana@acme.com --dry-run")
def forget(
    context: typer.Context,
    who: Who,
    dry_run: DryRun = False,
    notes: Annotated[
        bool, typer.Option("--notes", help="Take our notes out of their meetings as well.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Remove everything that is kept about a person or a customer, for good.

    What calendars and mailboxes hold is not ours to remove, but for companions and, with --notes,
    our notes. What cannot be removed is listed.
    """
    with opened(context) as ctx:
        try:
            done = (
                preview(resolve(ctx, who))
                if dry_run
                else forget_party(ctx, who, take_out_notes=notes)
            )
        except CannotForget as problem:
            fail(str(problem))
    if as_json:
        print_json({"dry_run": dry_run, **asdict(done)})
        return
    _show(done, "would be" if dry_run else "were")
    if not dry_run:
        show_left(done)


def _show(done: Forgotten, verb: str) -> None:
    if done.reps:
        say(f"Reps: {plain(', '.join(done.reps))}.")
    say(f"{done.meetings_removed} meetings {verb} removed with their answers, "
        f"{done.meetings_stripped} coming ones emptied.")  # fmt: skip
    if verb == "were":
        say(f"{done.replies_emptied} received mails, {done.texts_redacted} texts, "
            f"{done.entries_removed} entries and {done.audit_rows_erased} rows of the audit trail "
            "name them no more.")  # fmt: skip


def show_left(done: Forgotten) -> None:
    """Say what still stands at a provider or in the database's files."""
    for one in done.left:
        say(f"[yellow]left[/]  {plain(one.what)} in {plain(one.rep)}: {plain(one.event_id)} "
            f"({plain(one.why)})")  # fmt: skip
    if not done.files_wiped:
        say("[yellow]left[/]  deleted bytes in the database's file: another program reads it; "
            "stop the workers and do it again.")  # fmt: skip


@app.command(epilog="Example:  nudger purge --dry-run")
def purge(context: typer.Context, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Remove now what was kept long enough; workers do so every hour."""
    with opened(context) as ctx:
        counts = count_expired(ctx) if dry_run else forget_expired(ctx)
        if not dry_run:
            ctx.database.rewrite()
    if as_json:
        print_json({"dry_run": dry_run, **counts})
    else:
        say(("Would go: " if dry_run else "Gone: ") + _said(counts) + ".")


def _said(counts: Mapping[str, int]) -> str:
    found = [f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count]
    return ", ".join(found) or "nothing"

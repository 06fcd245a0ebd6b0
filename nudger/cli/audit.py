"""`nudger audit`: what was done and why, and whether the record of it is as it was."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from nudger.admin import audit_trail
from nudger.cli.app import app
from nudger.cli.console import fail, plain, print_json, print_table, refuse, say
from nudger.cli.exits import Exit
from nudger.cli.since import moment_since
from nudger.cli.startup import opened
from nudger.runtime.context import Context
from nudger.store import audit_seals, people
from nudger.store.audit import Wanted
from nudger.store.audit_seals import Broken, Seal, Verified

DEFAULT_SINCE = "-7d"
SHORTEST_HEAD = 8

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

audit_app = typer.Typer(no_args_is_help=False, help="What was done and why; sealed and verified.")
app.add_typer(audit_app, name="audit")


@audit_app.callback(
    invoke_without_command=True,
    epilog="Examples:  nudger audit --rep ana@ourco.com --since -30d   ·   nudger audit verify",
)
def audit(
    context: typer.Context,
    rep: Annotated[str | None, typer.Option(help="Steps about this rep.")] = None,
    meeting: Annotated[
        int | None, typer.Option(help="Steps about the meeting with this id, as in explain --json.")
    ] = None,
    since: Annotated[
        str, typer.Option(help='A day, or "-30d" for thirty days back.')
    ] = DEFAULT_SINCE,
    request: Annotated[
        str | None, typer.Option(help="Steps of this page request, by the id in log and answer.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the steps that were taken, without what anybody wrote."""
    if context.invoked_subcommand is not None:
        return
    with opened(context) as ctx:
        zone = ZoneInfo(ctx.settings.time_zone)
        begin = moment_since(since, ctx.clock(), zone)
        wanted = Wanted(begin, rep_id_of(ctx, rep), meeting, request)
        found = audit_trail.listed(ctx, wanted)
    if as_json:
        print_json(found)
        return
    rows = [
        (f"{datetime.fromisoformat(one['at']).astimezone(zone):%Y-%m-%d %H:%M}", one["step"],
         one["words"], one["rep"] or "", str(one["meeting"] or ""))
        for one in found
    ]  # fmt: skip
    print_table(("WHEN", "STEP", "WHY", "REP", "MEETING"), rows, f"No step since {since}.")


def rep_id_of(ctx: Context, email: str | None) -> int | None:
    """The id of the rep with this address; ends the command where nobody has it."""
    if email is None:
        return None
    with ctx.database.read() as tx:
        rep = people.find_rep(tx, email.lower())
    if rep is None:
        fail(f"{email} is not a rep. See `nudger reps list`.")
    return rep.id


@audit_app.command(epilog="Example:  nudger audit seal")
def seal(context: typer.Context, as_json: AsJson = False) -> None:
    """Seal now what was recorded; workers do so every ten minutes."""
    with opened(context) as ctx:
        _show_head(audit_trail.seal(ctx), as_json=as_json)


@audit_app.command(epilog="Example:  nudger audit head >> /a/place/that/nudger/cannot/write")
def head(context: typer.Context, as_json: AsJson = False) -> None:
    """Print the newest head: one hash that vouches for the whole trail up to it."""
    with opened(context) as ctx:
        with ctx.database.read() as tx:
            newest = audit_seals.head(tx)
        _show_head(newest, as_json=as_json)


def _show_head(seal: Seal | None, *, as_json: bool) -> None:
    if as_json:
        shown = seal and {**asdict(seal), "sealed_at": seal.sealed_at.isoformat()}
        print_json(shown)
    elif seal is None:
        say("Nothing is sealed yet.")
    else:
        say(f"{seal.hash} {seal.sealed_at:%Y-%m-%dT%H:%M:%SZ} seal {seal.id}")


@audit_app.command(epilog="Example:  nudger audit verify --head 4f1d0c2a9b3e")
def verify(
    context: typer.Context,
    noted: Annotated[
        str | None,
        typer.Option("--head", help="A head, or its beginning, that you noted elsewhere."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify the whole trail; exit code 1 names the first place that is not as it was sealed."""
    if noted is not None and len(noted) < SHORTEST_HEAD:
        refuse(f"--head is {noted!r}: at least its first {SHORTEST_HEAD} characters are expected.")
    with opened(context) as ctx:
        found = audit_trail.verify(ctx, noted and noted.lower())
    if as_json:
        print_json({"ok": _is_whole(found), **asdict(found)})
    else:
        _show_verified(found)
    if not _is_whole(found):
        raise typer.Exit(Exit.FAILED)


def _is_whole(found: Verified) -> bool:
    return found.broken is None and found.knows_head


def _show_verified(found: Verified) -> None:
    if found.broken is not None:
        say(f"[red]broken[/]  {plain(_place(found.broken))}: {plain(found.broken.why)}.")
    elif not found.knows_head:
        say("[red]broken[/]  the head that you noted is not in the chain: its end was cut off.")
    else:
        say("[green]whole[/]   every row is as it was sealed.")
    say(
        f"        {found.seals} seals, {found.rows} rows, {found.erased} of them erased; "
        f"{found.removed} older seals without rows; {found.unsealed} rows not sealed yet."
    )


def _place(broken: Broken) -> str:
    row = "" if broken.row_id is None else f", row {broken.row_id}"
    return f"seal {broken.seal_id}{row}"

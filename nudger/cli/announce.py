"""`nudger announce`: the reps hear of Nudger before it asks them anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from nudger.admin.announce import Announced, Told, outcomes, plan, preview, why_impossible
from nudger.cli.app import app
from nudger.cli.console import fail, once_each, print_json, print_table, say, with_progress_of
from nudger.cli.logs import failures_unlogged
from nudger.cli.startup import opened
from nudger.domain.controls import Activity
from nudger.jobs.ask import announce as send_announcements
from nudger.runtime.context import Context
from nudger.runtime.holds import Held, refuse_if_held
from nudger.store import people
from nudger.store.people import Rep

_NEXT = "Those who wait get it when they are at work: `nudger run` sends it, or this command again."


@app.command(epilog="Example:  nudger announce --dry-run")
def announce(
    context: typer.Context,
    to: Annotated[list[str] | None, typer.Option(help="Only to this rep; may be repeated.")] = None,
    dry: Annotated[
        bool, typer.Option("--dry-run", help="Show who would be told; send nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell the reps what Nudger does, before the first question.

    One mail to each rep, once: what it asks, who can read what, how to stop,
    and whom to ask. It goes out in the rep's working hours only, and not to
    who was told or asked before. See it with `nudger preview announcement`;
    change it in your templates folder.
    """
    with opened(context) as ctx:
        impossible = why_impossible(ctx.settings)
        if impossible is not None:
            fail(impossible)
        reps = _reps(ctx, to)
        if dry:
            _show(ctx, preview(ctx, reps), as_json=as_json, dry=True)
            return
        done, failures = _announce(ctx, reps)
        _show(ctx, done, as_json=as_json, dry=False)
    if failures:
        fail("\n".join(f"{what}: {why}" for what, why in once_each(failures.items())))


def _announce(ctx: Context, reps: Sequence[Rep]) -> tuple[list[Announced], dict[str, str]]:
    """What became of each, and what failed."""
    failures: dict[str, str] = {}
    observed = replace(ctx, on_failure=failures.__setitem__)
    try:
        with ctx.database.read() as tx:
            refuse_if_held(tx, Activity.SEND)
    except Held as held:
        fail(f"Nothing is sent: {held} See `nudger status`.")
    planned = plan(ctx, reps)
    mails = sum(one.why_not is None for one in planned)
    with failures_unlogged():
        for _ in with_progress_of(send_announcements(observed), "Announcing", mails):
            pass
    return outcomes(ctx, planned), failures


def _reps(ctx: Context, addresses: list[str] | None) -> list[Rep]:
    with ctx.database.read() as tx:
        known = people.list_reps(tx)
    if not known:
        fail("No reps yet. Start with:  nudger reps add you@yourcompany.com")
    if addresses is None:
        return known
    wanted = {address.strip().lower() for address in addresses}
    unknown = wanted - {rep.email for rep in known}
    if unknown:
        fail(f"not a rep: {', '.join(sorted(unknown))}. See `nudger reps list`.")
    return [rep for rep in known if rep.email in wanted]


def _show(ctx: Context, done: Sequence[Announced], *, as_json: bool, dry: bool) -> None:
    if as_json:
        print_json([_as_json(one) for one in done])
        return
    zone = ZoneInfo(ctx.settings.time_zone)
    rows = [(one.rep, _words(one, dry=dry), _why(one, zone)) for one in done]
    print_table(("REP", "ANNOUNCED", ""), rows, "")
    counts = Counter(one.told for one in done)
    said = "would be told now" if dry else "told"
    say(f"\n{counts[Told.SENT]} {said}, {counts[Told.WAITS]} later, {counts[Told.NOT]} not.")
    if counts[Told.WAITS] and not dry:
        say(_NEXT)


def _words(one: Announced, *, dry: bool) -> str:
    if one.told is Told.SENT:
        return "would be sent" if dry else "sent"
    return "waits" if one.told is Told.WAITS else "not"


def _why(one: Announced, zone: ZoneInfo) -> str:
    if one.told is Told.WAITS and one.at is not None:
        return f"until {one.at.astimezone(zone):%a %d %b %H:%M} ({zone})"
    return one.reason.words if one.reason else ""


def _as_json(one: Announced) -> dict[str, Any]:
    return {
        "rep": one.rep,
        "announced": one.told.value,
        "at": one.at and one.at.isoformat(),
        "reason": one.reason and one.reason.value,
    }

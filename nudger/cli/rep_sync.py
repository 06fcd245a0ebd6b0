"""`nudger reps sync`: the members of a directory's group become reps."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from nudger.admin.rep_sync import (
    Group,
    NoGroup,
    apply,
    group_meant,
    is_suspicious,
    pause_gone,
    roster_of,
)
from nudger.cli.console import aside, fail, is_terminal, print_json, print_table, refuse, say
from nudger.cli.reps import AsJson, reps
from nudger.cli.startup import opened
from nudger.domain.event import Provider
from nudger.domain.roster import LeftOut, Roster
from nudger.providers.base import ProviderError
from nudger.runtime.context import Context


@reps.command("sync", epilog="Example:  nudger reps sync sales@ourco.com --dry-run")
def sync(
    context: typer.Context,
    group: Annotated[
        str | None,
        typer.Argument(help="A mail address, or Entra's object id; else `reps_group`."),
    ] = None,
    provider: Annotated[Provider | None, typer.Option(help="Where the group is.")] = None,
    dry: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; change nothing.")
    ] = False,
    pauses: Annotated[
        bool, typer.Option("--pause-left", help="Pause the reps who are not in the group.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do it without asking, as in scripts.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the members of a Google or Entra group reps, nested groups too.

    What would change is shown first. Members at your own domains are added;
    names and aliases are taken over where you entered none. Nobody is removed:
    who is a rep and not in the group is shown, and with --pause-left mailed no
    more until `nudger resume`. Answers go with `nudger reps remove` alone.
    """
    with opened(context) as ctx:
        try:
            meant = group_meant(ctx.settings, group, provider)
        except NoGroup as problem:
            refuse(str(problem))
        try:
            roster = roster_of(ctx, meant)
        except (NoGroup, ProviderError) as problem:
            fail(str(problem))
        if not as_json:
            _show(roster)
        _refuse_what_looks_wrong(roster, meant, pauses=pauses)
        changes = bool(roster.added or roster.changed or (pauses and roster.gone))
        done = changes and not dry
        if done:
            _confirm(yes=yes)
        paused = _do(ctx, meant, roster, pauses=pauses) if done else []
    if as_json:
        print_json(_as_json(meant, roster, paused, done=done))
    else:
        _say_done(roster, paused, done=done)


def _do(ctx: Context, group: Group, roster: Roster, *, pauses: bool) -> list[str]:
    apply(ctx, group, roster)
    return pause_gone(ctx, roster) if pauses else []


def _refuse_what_looks_wrong(roster: Roster, group: Group, *, pauses: bool) -> None:
    if not (roster.added or roster.changed or roster.same or roster.left_out):
        fail(f"nobody is in {group.name}, so nothing was changed. Is it the right group?")
    if pauses and is_suspicious(roster):
        fail(
            f"nothing was changed: {len(roster.gone)} reps would be paused, more than the group "
            "knows. Is it the right group? Single ones:  nudger pause EMAIL"
        )


def _confirm(*, yes: bool) -> None:
    if yes:
        return
    if not is_terminal():
        fail("nothing was changed: add --yes to do it without being asked.")
    if not typer.confirm("Do it?", err=True):
        aside("Nothing was changed.")
        raise typer.Exit(1)


def _show(roster: Roster) -> None:
    rows = [(one.email, "add", _more(one.name, one.aliases)) for one in roster.added]
    rows += [(one.email, "change", _more(one.name, one.aliases)) for one in roster.changed]
    rows += [(one, "not in the group", "stays a rep") for one in roster.gone]
    rows += [(address, "left out", why.value) for address, why in roster.left_out]
    if rows:
        print_table(("REP", "", ""), rows, "")
    say(
        f"\n{len(roster.added)} to add, {len(roster.changed)} to change, {len(roster.same)} as "
        f"they are, {len(roster.gone)} not in the group, {len(roster.left_out)} left out."
    )


def _more(name: str, aliases: tuple[str, ...]) -> str:
    return f"{name} ({', '.join(aliases)})" if aliases else name


def _say_done(roster: Roster, paused: list[str], *, done: bool) -> None:
    if not done:
        say("Nothing was changed.")
        return
    ended = f", {len(paused)} paused" if paused else ""
    say(f"[bold]{len(roster.added)} added[/], {len(roster.changed)} changed{ended}.")
    if roster.added:
        say("Tell them first:  nudger announce --dry-run")


def _as_json(group: Group, roster: Roster, paused: list[str], *, done: bool) -> dict[str, Any]:
    return {
        "group": group.name,
        "provider": group.provider.value,
        "added": [asdict(one) for one in roster.added],
        "changed": [asdict(one) for one in roster.changed],
        "same": list(roster.same),
        "not_in_group": list(roster.gone),
        "left_out": [{"address": one, "why": _code(why)} for one, why in roster.left_out],
        "paused": paused,
        "done": done,
    }


def _code(why: LeftOut) -> str:
    return why.name.lower()

"""`nudger reps`: whose customer meetings are watched."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from nudger.admin.forget import forget
from nudger.admin.rep_entry import (
    Entered,
    WrongRep,
    WrongValue,
    read_entries,
    read_entry,
    save_reps,
)
from nudger.admin.spreadsheet import NotAList, read_rows
from nudger.cli.app import app
from nudger.cli.console import aside, fail, plain, print_json, print_table, refuse, say
from nudger.cli.privacy import show_left
from nudger.cli.startup import opened, opened_database, settings_of
from nudger.config import Settings
from nudger.domain.event import Provider
from nudger.domain.reasons import Reason
from nudger.domain.working_hours import WEEKDAYS
from nudger.runtime.context import current_time
from nudger.runtime.policies import for_rep
from nudger.store import manager_stops, people
from nudger.store.people import Rep

reps = typer.Typer(
    no_args_is_help=True,
    epilog="Example:  nudger reps add you@yourcompany.com --time-zone Europe/Berlin",
    help="The people whose customer meetings are watched.",
)
app.add_typer(reps, name="reps")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ProviderOption = Annotated[
    Provider | None, typer.Option(help="Where the rep's calendar is; google unless said.")
]
COMMAND_LINE = "the command line"
MOST_WRONG = 10


@reps.command("add", epilog="Example:  nudger reps add ana@ourco.com --time-zone Europe/Berlin")
def add(
    context: typer.Context,
    email: str,
    provider: ProviderOption = None,
    name: Annotated[str | None, typer.Option(help="As it stands in a mail.")] = None,
    time_zone: Annotated[str | None, typer.Option(help='As in "Europe/Berlin".')] = None,
    country: Annotated[str | None, typer.Option(help='For public holidays, as in "DE".')] = None,
    language: Annotated[str | None, typer.Option(help='Of the mails, as in "de".')] = None,
    alias: Annotated[list[str] | None, typer.Option(help="Another address of theirs.")] = None,
    team: Annotated[str | None, typer.Option(help="One of the teams in nudger.toml.")] = None,
    manager: Annotated[
        str | None, typer.Option(help="Who gets their weekly numbers too, once they were told.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Watch this rep's calendar, or change a rep who is known.

    Of a known rep only what is given changes; an empty one, as in --team "", is cleared.
    """
    row = {
        "email": email, "name": name, "provider": provider, "time_zone": time_zone,
        "country": country, "language": language, "aliases": " ".join(alias) if alias else None,
        "team": team, "manager": manager,
    }  # fmt: skip
    try:
        entered = read_entry(row)
    except WrongValue as problem:
        refuse(f"{COMMAND_LINE}: {problem}")
    except WrongRep as problem:
        fail(f"{COMMAND_LINE}: {problem}")
    _save(context, [entered], as_json=as_json)


@reps.command("import", epilog="Example:  nudger reps import team.csv")
def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV with a header line, or - for standard input.")],
    as_json: AsJson = False,
) -> None:
    """Add or change many reps from CSV.

    The first line names the columns: email, name, provider, time_zone, country, language, aliases,
    team, manager.

    Commas, semicolons or tabs, in any encoding that Excel writes.

    Only email must be there. Of a known rep an absent column changes nothing, and an empty cell
    clears. Nothing is saved when a line is wrong.
    """
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        entered, wrong = read_entries(read_rows(content))
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.")
    except NotAList as problem:
        fail(f"{file}: {problem}")
    if wrong:
        fail("\n".join(f"{file}, line {one.line}: {one.why}" for one in wrong[:MOST_WRONG]))
    _save(context, entered, as_json=as_json)


@reps.command("remove", epilog="Example:  nudger reps remove ana@ourco.com")
def remove(context: typer.Context, email: str, as_json: AsJson = False) -> None:
    """Stop watching this rep and forget everything about them, as `nudger forget` does."""
    with opened(context) as ctx:
        with ctx.database.read() as tx:
            known = people.find_rep(tx, email.lower())
        if known is None:
            fail(f"{email} is not a rep. See `nudger reps list`.")
        done = forget(ctx, known.email)
    if as_json:
        print_json({"removed": known.email, **asdict(done)})
    else:
        say(f"{plain(known.email)} is no longer watched, and forgotten.")
        show_left(done)


@reps.command("list", epilog="Example:  nudger reps list --json")
def show(context: typer.Context, as_json: AsJson = False) -> None:
    """Show every rep and their state."""
    with opened_database(context) as database, database.read() as tx:
        settings, known = settings_of(context), people.list_reps(tx)
        stopped = manager_stops.all_stopped(tx)
    if as_json:
        print_json([_as_json(settings, rep, stopped) for rep in known])
        return
    zones = [for_rep(settings, rep).hours.zone_shown for rep in known]
    rows = [
        (r.email, r.name, r.provider, zone, _team(settings, r),
         _manager(settings, r, stopped), r.state,
         r.state_reason or "")
        for r, zone in zip(known, zones, strict=True)
    ]  # fmt: skip
    used = [n for n, cells in enumerate(zip(*rows, strict=True)) if any(cells)]
    columns = ("EMAIL", "NAME", "PROVIDER", "TIME ZONE", "TEAM", "MANAGER", "STATE", "WHY")
    empty = "No reps yet. Start with:  nudger reps add you@yourcompany.com"
    print_table([columns[n] for n in used], [[row[n] for n in used] for row in rows], empty)


def _team(settings: Settings, rep: Rep) -> str:
    if rep.team is None or settings.team(rep.team):
        return rep.team or ""
    return f"{rep.team} (not in nudger.toml)"


def _manager(settings: Settings, rep: Rep, stopped: Mapping[str, Reason]) -> str:
    """With what keeps them from numbers, and whether the rep lets them read their calls."""
    manager = for_rep(settings, rep).manager
    if manager is None:
        return ""
    said = [stopped[manager].value] if manager in stopped else []
    said += [] if manager == rep.disclosed_manager else ["not told yet"]
    said += ["reads the calls"] if manager == rep.shared_with else []
    return f"{manager} ({', '.join(said)})" if said else manager


def _save(context: typer.Context, entered: list[Entered], *, as_json: bool) -> None:
    settings = settings_of(context)
    with opened_database(context) as database, database.begin() as tx:
        try:
            saved = save_reps(tx, settings, entered, current_time())
            stopped = manager_stops.all_stopped(tx)
        except WrongRep as problem:
            fail(str(problem))
    for rep, domain in saved.foreign.items():
        aside(
            f"[yellow]warning:[/] {plain(domain)} is not listed as yours, so that colleagues of "
            f"{plain(rep)} there count as customers. Is it yours?  "
            f"nudger domains add ours {plain(domain)}"
        )
    if as_json:
        print_json([_as_json(settings, rep, stopped) for rep in saved.reps])
    else:
        count = len(saved.reps)
        say(f"{count} rep{'s' * (count != 1)} watched: {plain(_names(saved.reps))}")


def _names(saved: list[Rep]) -> str:
    return ", ".join(rep.email for rep in saved[:5]) + (" …" if len(saved) > 5 else "")


def _as_json(settings: Settings, rep: Rep, stopped: Mapping[str, Reason]) -> dict[str, Any]:
    chosen, manager = for_rep(settings, rep).hours, for_rep(settings, rep).manager
    hours = chosen.hours
    return {
        "email": rep.email,
        "name": rep.name,
        "provider": rep.provider.value,
        "time_zone": rep.time_zone,
        "works": {
            "time_zone": hours.zone.key,
            "time_zone_from": chosen.zone_from.value,
            "starts": f"{hours.starts:%H:%M}",
            "ends": f"{hours.ends:%H:%M}",
            "hours_from": chosen.hours_from.value,
            "days": [WEEKDAYS[day] for day in sorted(hours.days)],
            "days_from": chosen.days_from.value,
        },
        "country": rep.country,
        "language": rep.language,
        "aliases": list(rep.aliases),
        "team": rep.team,
        "manager": rep.manager,
        "disclosed_manager": rep.disclosed_manager,
        "shared_with": rep.shared_with,
        "manager_stopped": stopped[manager].value if manager and manager in stopped else None,
        "state": rep.state.value,
        "state_reason": rep.state_reason,
    }

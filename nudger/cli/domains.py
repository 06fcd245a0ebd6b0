"""`nudger domains`: who is ours, whom to watch, whom never to ask about."""

from __future__ import annotations

from typing import Annotated

import typer

from nudger.admin.domain_changes import change_domains, impact_of, impact_of_watch, in_words
from nudger.cli.app import app
from nudger.cli.console import aside, fail, is_terminal, plain, print_json, print_table, say
from nudger.cli.startup import opened, opened_database, settings_of
from nudger.domain.domains import DomainKind, DomainRules, clean_entry
from nudger.domain.impact import Impact, domains_of
from nudger.domain.watching import Watch
from nudger.runtime.context import current_time
from nudger.runtime.policies import load_domain_rules
from nudger.store import people

domains = typer.Typer(
    no_args_is_help=True,
    epilog="Example:  nudger domains add ours yourcompany.com",
    help="Domains (and single addresses) that are ours, partners, customers, or never asked about.",
)
app.add_typer(domains, name="domains")

Entries = Annotated[list[str], typer.Argument(help="Domains, or single addresses.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking, as in scripts.")]


@domains.command("add", epilog="Example:  nudger domains add customer acme.com globex.com")
def add(
    context: typer.Context,
    kind: DomainKind,
    entries: Entries,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Say what these domains are; sub-domains are included.

    What that changes of coming meetings is said before it is done.
    """
    cleaned = [_clean(entry) for entry in entries]
    now, settings = current_time(), settings_of(context)
    changes = dict.fromkeys(cleaned, kind.value)
    with opened_database(context) as database:
        with database.read() as tx:
            changed = impact_of(tx, settings, changes, now)
        confirm(changed, yes=yes)
        with database.begin() as tx:
            change_domains(tx, changes, now)
    if as_json:
        print_json([{"entry": entry, "kind": kind.value} for entry in cleaned])
    else:
        for entry in cleaned:
            say(f"{plain(entry)} is [bold]{kind.value}[/].")


@domains.command("remove", epilog="Example:  nudger domains remove globex.com")
def remove(
    context: typer.Context, entries: Entries, yes: Yes = False, as_json: AsJson = False
) -> None:
    """Forget what these domains are."""
    cleaned = [_clean(entry) for entry in entries]
    now, settings = current_time(), settings_of(context)
    with opened_database(context) as database:
        with database.read() as tx:
            known = people.list_domains(tx)
            removed = [entry for entry in cleaned if entry in known]
            changes = dict.fromkeys(removed)
            changed = impact_of(tx, settings, changes, now)
        confirm(changed, yes=yes)
        with database.begin() as tx:
            change_domains(tx, changes, now)
    missing = [entry for entry in cleaned if entry not in removed]
    if as_json:
        print_json({"removed": removed, "unknown": missing})
    for entry in removed if not as_json else ():
        say(f"{plain(entry)} is forgotten.")
    if missing:
        fail(f"not in the list: {', '.join(missing)}. See `nudger domains list`.")


@domains.command("list", epilog="Example:  nudger domains list --json")
def show(context: typer.Context, as_json: AsJson = False) -> None:
    """Show every entry."""
    with opened_database(context) as database, database.read() as tx:
        entries = people.list_domains(tx)
    if as_json:
        print_json([{"entry": entry, "kind": kind} for entry, kind in entries.items()])
        return
    empty = "No domains yet. Start with:  nudger domains add ours yourcompany.com"
    print_table(("ENTRY", "KIND"), entries.items(), empty)


@domains.command("test", epilog="Example:  nudger domains test dana@eu.acme.com")
def classify(
    context: typer.Context,
    addresses: Entries,
    team: Annotated[str | None, typer.Option(help="As this team sees it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what Nudger makes of an address, and by which entry."""
    with opened_database(context) as database, database.read() as tx:
        settings = settings_of(context)
        if team is not None and settings.team(team) is None:
            fail(f"team {team}: there is none of this name under [[teams]] in nudger.toml.")
        rules = load_domain_rules(tx, settings, team)
    results = [_result(rules, address) for address in addresses]
    if as_json:
        print_json(results)
        return
    rows = [[_shown(value) for value in result.values()] for result in results]
    print_table(("ADDRESS", "IS", "CUSTOMER", "BY", "LOOK-ALIKE"), rows, "")


_WATCHED = {
    Watch.REVIEW: "customers, and unlisted domains that the start list does not hold back",
    Watch.EVERYBODY: "customers, and all unlisted domains",
    Watch.LISTED: "listed customers alone",
}


@domains.command("watch", epilog="Example:  nudger domains watch listed")
def watch(
    context: typer.Context,
    to: Annotated[
        Watch | None, typer.Argument(help="What `watch` under \\[meetings] might say.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say which domains are watched, or what another choice would change. Nothing is changed."""
    if to is None:
        now = settings_of(context).meetings.watch
        if as_json:
            print_json({"watch": now.value})
        else:
            say(f"[bold]{now.value}[/] asks about {_WATCHED[now]}.")
        return
    with opened(context) as ctx:
        changed = impact_of_watch(ctx, to)
    if as_json:
        print_json({"watch": to.value, **_counts(changed)})
        return
    say(f"[bold]{to.value}[/] would ask about {_WATCHED[to]}.")
    for line in told(changed) or ["No coming meeting that we know of would change."]:
        say(line)
    say(f'To have it so, write in nudger.toml, under \\[meetings]:  watch = "{to.value}"')


def confirm(changed: Impact, *, yes: bool) -> None:
    """Say what changes and, where meetings would no longer be asked about, go on only if the admin
    wants it; a script says so with --yes."""
    for line in told(changed):
        aside(line)
    if yes or not changed.stops:
        return
    if not is_terminal():
        fail("nothing was changed: add --yes to do it without being asked.")
    if not typer.confirm("Do it?", err=True):
        aside("Nothing was changed.")
        raise typer.Exit(1)


def told(changed: Impact) -> list[str]:
    """A line for what stops, and one for what starts."""
    lines = []
    if changed.stops:
        stops = plain(in_words(changed.stops))
        lines.append(f"[yellow]would no longer be asked about:[/] {stops}")
    if changed.starts:
        lines.append(f"would be asked about from now on: {plain(in_words(changed.starts))}")
    return lines


def _counts(changed: Impact) -> dict[str, object]:
    return {
        "no_longer_asked": len(changed.stops),
        "no_longer_asked_domains": domains_of(changed.stops),
        "newly_asked": len(changed.starts),
        "newly_asked_domains": domains_of(changed.starts),
    }


def _shown(value: str | bool | None) -> str:
    return "yes" if value is True else str(value or "")


def _result(rules: DomainRules, address: str) -> dict[str, str | bool | None]:
    party = rules.classify(address)
    return {
        "address": address,
        "is": party.kind.value,
        "customer": party.customer,
        "by": party.entry,
        "lookalike": party.lookalike,
    }


def _clean(entry: str) -> str:
    try:
        return clean_entry(entry)
    except ValueError as error:
        fail(str(error))

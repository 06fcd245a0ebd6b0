"""`nudger domains`: who is ours, whom to watch, whom never to ask about."""

from __future__ import annotations

from typing import Annotated

import typer

from nudger.cli.app import SET_UP, app
from nudger.cli.console import fail, plain, print_json, print_table, say
from nudger.cli.startup import opened_database, settings_of
from nudger.domain.domains import DomainKind, DomainRules, clean_entry
from nudger.runtime.context import current_time
from nudger.runtime.policies import load_domain_rules
from nudger.store import calendars, people

domains = typer.Typer(
    no_args_is_help=True,
    epilog="Example:  nudger domains add ours yourcompany.com",
    help="Domains (and single addresses) that are ours, partners, customers, or never asked about.",
)
app.add_typer(domains, name="domains", rich_help_panel=SET_UP)

Entries = Annotated[list[str], typer.Argument(help="Domains, or single addresses.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@domains.command("add", epilog="Example:  nudger domains add customer acme.com globex.com")
def add(
    context: typer.Context, kind: DomainKind, entries: Entries, as_json: AsJson = False
) -> None:
    """Say what these domains are; sub-domains are included."""
    cleaned = [_clean(entry) for entry in entries]
    now = current_time()
    with opened_database(context) as database, database.begin() as tx:
        people.set_domains(tx, cleaned, kind.value, now)
        calendars.wake_calendars(tx, now)
    if as_json:
        print_json([{"entry": entry, "kind": kind.value} for entry in cleaned])
    else:
        for entry in cleaned:
            say(f"{plain(entry)} is [bold]{kind.value}[/].")


@domains.command("remove", epilog="Example:  nudger domains remove globex.com")
def remove(context: typer.Context, entries: Entries, as_json: AsJson = False) -> None:
    """Forget what these domains are."""
    cleaned = [_clean(entry) for entry in entries]
    now = current_time()
    with opened_database(context) as database, database.begin() as tx:
        missing = [entry for entry in cleaned if not people.remove_domain(tx, entry)]
        calendars.wake_calendars(tx, now)
    removed = [entry for entry in cleaned if entry not in missing]
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

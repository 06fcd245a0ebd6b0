"""`nudger domains import`: a CRM's list of accounts becomes the list of customers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nudger.admin.domain_changes import change_domains, counted, impact_of
from nudger.admin.domain_column import AccountList, read_accounts
from nudger.admin.spreadsheet import NotAList
from nudger.cli.console import aside, fail, is_terminal, plain, print_json, say
from nudger.cli.domains import AsJson, Yes, confirm, domains
from nudger.cli.startup import opened_database, settings_of
from nudger.domain.domains import DomainKind
from nudger.runtime.context import current_time
from nudger.store import people

MOST_SHOWN = 20


@domains.command("import", epilog="Example:  nudger domains import accounts.csv --dry-run")
def import_accounts(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV, as a CRM or Excel saves it.")],
    kind: Annotated[DomainKind, typer.Option(help="What they are.")] = DomainKind.CUSTOMER,
    column: Annotated[
        str | None, typer.Option(help="The heading of the column, if the guess is wrong.")
    ] = None,
    dry: Annotated[
        bool, typer.Option("--dry-run", help="Show the counts; change nothing.")
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """List the domains of a CRM's accounts, by website, domain or mail address.

    What you have listed as something else stays as it is.

    Lines that are not understood are shown; the rest comes in together, or not.
    """
    accounts = _read(file, column)
    now, settings = current_time(), settings_of(context)
    with opened_database(context) as database:
        with database.read() as tx:
            known = people.list_domains(tx)
            new = [entry for entry in accounts.entries if entry not in known]
            changes = dict.fromkeys(new, kind.value)
            changed = impact_of(tx, settings, changes, now)
        differ = {e: known[e] for e in accounts.entries if known.get(e, kind.value) != kind.value}
        _show_problems(accounts)
        if not as_json:
            _show_counts(accounts, len(new), differ, kind)
        if not dry and new:
            _confirm_problems(accounts, yes=yes)
            confirm(changed, yes=yes)
            with database.begin() as tx:
                change_domains(tx, changes, now)
    if as_json:
        print_json({**_counts(accounts), "new": new, "listed_otherwise": differ, "done": not dry})
    elif dry or not new:
        say("Nothing was changed.")
    else:
        say(f"[bold]{counted(len(new), 'domain')}[/] added as {kind.value}.")


def _read(file: Path, column: str | None) -> AccountList:
    try:
        return read_accounts(file.read_bytes(), column)
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.")
    except NotAList as problem:
        fail(f"{file}: {problem}")


def _show_problems(accounts: AccountList) -> None:
    for one in accounts.problems[:MOST_SHOWN]:
        aside(f"[yellow]line {one.line}:[/] {plain(one.text[:60])} [dim]{plain(one.why)}[/]")
    if len(accounts.problems) > MOST_SHOWN:
        aside(f"[yellow]and {len(accounts.problems) - MOST_SHOWN} more like these[/]")


def _show_counts(accounts: AccountList, new: int, differ: dict[str, str], kind: DomainKind) -> None:
    same = len(accounts.entries) - new - len(differ)
    say(f"{counted(accounts.lines, 'account')}, by the column [bold]{plain(accounts.column)}[/]:")
    rows = [
        (new, f"new, to be {kind.value}"),
        (same, f"{kind.value} already"),
        (len(differ), "listed as something else, left as they are"),
        (accounts.blank, "accounts without a domain"),
        (len(accounts.problems), "not understood"),
    ]
    for count, what in rows:
        say(f"  {count:6}  {what}")
    for entry, other in list(differ.items())[:MOST_SHOWN]:
        say(f"  [dim]{plain(entry)} is {plain(other)}[/]")


def _confirm_problems(accounts: AccountList, *, yes: bool) -> None:
    """Leave out what is not understood only where the admin wants it."""
    if yes or not accounts.problems:
        return
    count = len(accounts.problems)
    if not is_terminal():
        fail(f"nothing was imported: {count} not understood. Mend them, or add --yes for the rest.")
    if not typer.confirm(f"{count} not understood. Import the rest?", err=True):
        aside("Nothing was imported.")
        raise typer.Exit(1)


def _counts(accounts: AccountList) -> dict[str, object]:
    return {
        "lines": accounts.lines,
        "column": accounts.column,
        "without_domain": accounts.blank,
        "not_understood": [
            {"line": one.line, "text": one.text, "why": one.why} for one in accounts.problems
        ],
    }

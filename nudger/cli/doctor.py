"""`nudger doctor`: is everything there that Nudger needs, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from nudger.admin.doctor import diagnose
from nudger.admin.doctor_checks import Check
from nudger.cli.app import app
from nudger.cli.console import aside, print_json, say_entry


@app.command(epilog="Example:  nudger doctor --json")
def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check configuration, key, database, credentials, scopes and each endpoint.

    Each line that fails or warns says what to do. Exit code 1 if one fails.
    """
    file: Path = context.obj
    if as_json:
        checks = list(diagnose(file))
        print_json([asdict(check) for check in checks])
    else:
        checks = show_checks(diagnose(file))
    if any(not check.ok for check in checks):
        raise typer.Exit(1)


def show_checks(made: Iterable[Check]) -> list[Check]:
    """Print each check as it is made, and how many faults there are; returns them all."""
    checks: list[Check] = []
    for check in made:
        checks.append(check)
        say_entry(_mark(check), check.what, check.says)
    count = sum(check.fails for check in checks)
    if count:
        aside(f"{count} to mend.")
    return checks


def _mark(check: Check) -> str:
    if check.fails:
        return "[red]FAIL[/]"
    if not check.tried:
        return "[dim]--  [/]"
    return "[yellow]warn[/]" if check.warns else "[green]ok  [/]"

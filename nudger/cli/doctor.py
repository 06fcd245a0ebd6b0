"""`nudger doctor`: is everything there that Nudger needs, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from nudger.admin.check import Check
from nudger.admin.doctor import diagnose
from nudger.cli.app import app
from nudger.cli.console import aside, plain, print_json, say
from nudger.cli.opening import settings_of
from nudger.config import ConfigProblem, Settings
from nudger.providers.base import ProviderError
from nudger.providers.google.auth import read_credentials
from nudger.runtime.accounts import open_accounts
from nudger.runtime.context import Context, current_time
from nudger.store.database import Database, DatabaseProblem
from nudger.store.vault import KeyProblem, SealBroken, Vault, load_vault


@app.command(epilog="Example:  nudger doctor --json")
def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check configuration, key, database, credentials, scopes and each endpoint.

    Each line that fails says what to do. Exit code 1 if there is one.
    """
    checks: list[Check] = []
    for check in _checks(context):
        checks.append(check)
        if not as_json:
            mark = "[green]ok  [/]" if check.ok else "[red]FAIL[/]"
            say(f"{mark} {plain(check.what):34} {plain(check.says)}")
    if as_json:
        print_json([asdict(check) for check in checks])
    red = [check for check in checks if not check.ok]
    if red:
        if not as_json:
            aside(f"{len(red)} to mend.")
        raise typer.Exit(1)


def _checks(context: typer.Context) -> Iterator[Check]:
    try:
        settings = settings_of(context)
    except ConfigProblem as problem:
        for line in str(problem).splitlines():
            yield Check("configuration", ok=False, says=line)
        return
    yield Check(
        "configuration", ok=True, says=f"{context.obj}, answers go to: {settings.write_back}"
    )
    vault = _vault(settings)
    yield vault[0]
    database = _database(settings)
    yield database[0]
    credentials = _credentials(settings)
    yield credentials
    if vault[1] and database[1] and credentials.ok:
        ctx = Context(
            settings,
            database[1],
            vault[1],
            open_accounts(settings, database[1], vault[1], current_time),
        )
        yield from _behind(ctx)
    if database[1]:
        database[1].close()


def _behind(ctx: Context) -> Iterator[Check]:
    try:
        yield from diagnose(ctx)
    except SealBroken as problem:
        yield Check(
            "key", ok=False, says=f"{problem}: it is not the key this database was made with"
        )


def _vault(settings: Settings) -> tuple[Check, Vault | None]:
    try:
        vault = load_vault(settings.key, settings.key_file)
    except KeyProblem as problem:
        return Check("key", ok=False, says=str(problem)), None
    where = "from the environment" if settings.key else str(settings.key_file)
    return Check("key", ok=True, says=where), vault


def _database(settings: Settings) -> tuple[Check, Database | None]:
    database = Database(settings.database)
    try:
        database.upgrade()
    except DatabaseProblem as problem:
        database.close()
        return Check("database", ok=False, says=str(problem)), None
    shown = database.engine.url.render_as_string(hide_password=True)
    return Check("database", ok=True, says=shown), database


def _credentials(settings: Settings) -> Check:
    try:
        content = read_credentials(settings.credentials)
    except ProviderError as problem:
        return Check("credentials", ok=False, says=str(problem))
    kinds = ", ".join(name for name in content if not name.startswith("_"))
    shown = "a service account" if content.get("type") == "service_account" else kinds
    return Check("credentials", ok=True, says=f"{settings.credentials}: {shown}")

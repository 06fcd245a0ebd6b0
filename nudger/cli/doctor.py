"""`nudger doctor`: is everything there that Nudger needs, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from nudger.admin.check import Check
from nudger.admin.doctor import diagnose
from nudger.admin.files import readable_by_others, unedited
from nudger.cli.app import SET_UP, app
from nudger.cli.console import aside, plain, print_json, say
from nudger.cli.startup import settings_of
from nudger.config import ConfigProblem, Settings
from nudger.providers.base import ProviderError
from nudger.providers.google.auth import read_credentials
from nudger.runtime.accounts import open_accounts
from nudger.runtime.context import Context, current_time
from nudger.store.data_keys import opens, use_data_keys
from nudger.store.database import Database, DatabaseProblem
from nudger.store.vault import KeyProblem, SealBroken, Vault, load_vault

WRONG_KEY = "It is not the key that this database was sealed with: put the right one back."


@app.command(rich_help_panel=SET_UP, epilog="Example:  nudger doctor --json")
def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check configuration, key, database, credentials, scopes and each endpoint.

    Each line that fails or warns says what to do. Exit code 1 if one fails.
    """
    checks: list[Check] = []
    for check in _checks(context):
        checks.append(check)
        if not as_json:
            say(f"{_mark(check)} {plain(check.what):34} {plain(check.says)}")
    if as_json:
        print_json([asdict(check) for check in checks])
    red = [check for check in checks if not check.ok]
    if red:
        if not as_json:
            aside(f"{len(red)} to mend.")
        raise typer.Exit(1)


def _mark(check: Check) -> str:
    if not check.ok:
        return "[red]FAIL[/]"
    return "[yellow]warn[/]" if check.warns else "[green]ok  [/]"


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
    yield _rights(settings, database[1])
    if vault[1] and database[1]:
        yield from _key_opens(vault[1], database[1])
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
        yield Check("key", ok=False, says=f"{problem}. {WRONG_KEY}")


def _vault(settings: Settings) -> tuple[Check, Vault | None]:
    try:
        vault = load_vault(settings.key, settings.key_file, settings.key_command)
    except KeyProblem as problem:
        return Check("key", ok=False, says=str(problem)), None
    return Check("key", ok=True, says=_key_from(settings)), vault


def _key_from(settings: Settings) -> str:
    if settings.key:
        return "from the environment"
    return "from key_command" if settings.key_command else str(settings.key_file)


def _rights(settings: Settings, database: Database | None) -> Check:
    """Whether the files with secrets in them are the owner's alone."""
    files = [settings.key_file, settings.credentials]
    if database is not None and (name := database.engine.url.database):
        files.append(Path(name))
    open_to_others = [str(file) for file in files if readable_by_others(file)]
    if open_to_others:
        names = " ".join(open_to_others)
        return Check("file rights", ok=False, says=f"others can read them: chmod 600 {names}")
    return Check("file rights", ok=True, says="key, credentials and database are yours alone")


def _key_opens(vault: Vault, database: Database) -> Iterator[Check]:
    try:
        use_data_keys(vault, database, current_time())
        with database.read() as tx:
            fits = opens(tx, vault) is not False
    except SealBroken:
        fits = False
    if not fits:
        yield Check("key", ok=False, says=WRONG_KEY)


def _database(settings: Settings) -> tuple[Check, Database | None]:
    database = None
    try:
        database = Database(settings.database)
        database.upgrade()
    except DatabaseProblem as problem:
        if database:
            database.close()
        return Check("database", ok=False, says=str(problem)), None
    shown = database.engine.url.render_as_string(hide_password=True)
    return Check("database", ok=True, says=shown), database


def _credentials(settings: Settings) -> Check:
    try:
        content = read_credentials(settings.credentials)
    except ProviderError as problem:
        return Check("credentials", ok=False, says=str(problem))
    left = list(unedited(content))
    if left:
        says = f"{settings.credentials} is not filled in: {', '.join(left)}."
        return Check("credentials", ok=False, says=f"{says} Remove what you do not use.")
    kinds = ", ".join(name for name in content if not name.startswith("_"))
    shown = "a service account" if content.get("type") == "service_account" else kinds
    return Check("credentials", ok=True, says=f"{settings.credentials}: {shown}")

"""Opening what a command works on: settings, database, the jobs' context."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from nudger.cli.console import problems_in_one_line
from nudger.config import Settings, load_settings
from nudger.runtime.accounts import open_accounts
from nudger.runtime.context import Context, current_time
from nudger.store.data_keys import use_data_keys
from nudger.store.database import Database
from nudger.store.vault import load_vault


def settings_of(context: typer.Context) -> Settings:
    """The settings of this command. Raises `ConfigProblem`."""
    file = context.obj
    assert isinstance(file, Path)  # noqa: S101 - set by the root command
    return load_settings(file)


@contextmanager
def opened_database(context: typer.Context) -> Iterator[Database]:
    """The database alone, brought to this version's schema; for commands that need no key."""
    with problems_in_one_line():
        database = Database(settings_of(context).database)
        try:
            database.upgrade()
            yield database
        finally:
            database.close()


@contextmanager
def opened(context: typer.Context) -> Iterator[Context]:
    """Everything a job needs."""
    with problems_in_one_line():
        settings = settings_of(context)
        vault = load_vault(settings.key, settings.key_file, settings.key_command)
        database = Database(settings.database)
        try:
            database.upgrade()
            use_data_keys(vault, database, current_time())
            accounts = open_accounts(settings, database, vault, current_time)
            yield Context(settings, database, vault, accounts, clock=current_time)
        finally:
            database.close()

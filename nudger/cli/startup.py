"""Opening what a command works on: settings, database, the jobs' context."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from nudger.cli.console import problems_in_one_line
from nudger.config import Settings, load_begun, load_settings
from nudger.runtime.context import Context, current_time
from nudger.runtime.startup import open_context
from nudger.store.database import Database


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
    with problems_in_one_line(), open_context(settings_of(context), current_time) as ctx:
        yield ctx


@contextmanager
def opened_begun(context: typer.Context) -> Iterator[Context]:
    """The same for what has to work while Nudger is being set up."""
    file = context.obj
    assert isinstance(file, Path)  # noqa: S101 - set by the root command
    with problems_in_one_line(), open_context(load_begun(file), current_time) as ctx:
        yield ctx

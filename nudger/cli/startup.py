"""Opening what a command works on: settings, database, the jobs' context."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer

from nudger.admin.check import Check
from nudger.admin.doctor import check_start
from nudger.cli.console import aside, fail, plain, problems_in_one_line
from nudger.config import Settings, load_settings
from nudger.runtime.context import Context, current_time
from nudger.runtime.startup import open_context
from nudger.store.database import Database

LOOKS_AGAIN_AFTER = 10.0


def settings_of(context: typer.Context) -> Settings:
    """The settings of this command. Raises `ConfigProblem`."""
    file = context.obj
    assert isinstance(file, Path)  # noqa: S101 - set by the root command
    return load_settings(file)


def require_ready(
    file: Path,
    look: Callable[[Path], Sequence[Check]] = check_start,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Return once nothing keeps the worker from starting. Ends the command with a list of what is
    to be mended; what may pass by itself, as a database server that does not answer, is waited for.
    """
    told = ""
    while faults := look(file):
        lasting = [one for one in faults if not one.may_pass]
        if lasting:
            fail_with(lasting)
        says = "; ".join(f"{one.what}: {one.says}" for one in faults)
        if says != told:
            aside(f"[yellow]waiting[/]  {plain(says)}")
            told = says
        wait(LOOKS_AGAIN_AFTER)


def fail_with(faults: Sequence[Check]) -> NoReturn:
    for one in faults:
        aside(f"[red]FAIL[/] {plain(one.what):34} {plain(one.says)}")
    fail(f"not started: {len(faults)} to mend. `nudger doctor` looks at your provider as well.")


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

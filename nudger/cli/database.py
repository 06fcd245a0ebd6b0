"""`nudger db`: the whole database moved, backed up, restored, brought back to an older version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from nudger.admin import moving
from nudger.cli.app import app
from nudger.cli.console import plain, print_json, problems_in_one_line, progress_shown, say
from nudger.cli.startup import opened_database, settings_of
from nudger.config import absolute_database_url
from nudger.runtime.context import current_time
from nudger.store.database import Database
from nudger.store.vault import load_vault

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

db_app = typer.Typer(
    no_args_is_help=True,
    help="Move, back up and restore the database as a whole.",
    epilog="Example:  nudger db backup backups/monday.db",
)
app.add_typer(db_app, name="db")


@db_app.command(epilog="Example:  nudger db copy postgresql+psycopg://nudger@db.ourco.com/nudger")
def copy(
    context: typer.Context,
    target: Annotated[
        str, typer.Argument(help="An empty database, as `database` in nudger.toml would name it.")
    ],
    as_json: AsJson = False,
) -> None:
    """Copy everything into another database: SQLite to PostgreSQL, or back.

    Stop every worker first. The target must be empty; it gets all or nothing.
    The key stays the same and is not copied. A server's password is best left
    out of the address: PGPASSWORD or ~/.pgpass tell it as well.

    Exit code 0 when every row arrived, 1 when nothing was copied.
    """
    url = absolute_database_url(target, context.obj.resolve().parent)
    with opened_database(context) as source, progress_shown("Copying") as tell:
        rows = moving.copy_database(source, url, current_time(), tell)
    _show(rows, "copied", as_json=as_json)
    if not as_json:
        say("Now name it as `database` in nudger.toml, run `nudger doctor`, and start the workers.")


@db_app.command(epilog="Example:  nudger db backup backups/$(date +%F).db")
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A new file; mode 600.")],
    as_json: AsJson = False,
) -> None:
    """Write the database as it is at this moment into one file; workers go on.

    The file is the same whether the database is SQLite or PostgreSQL. Your key
    is not in it: without the key nobody can read what is sealed, you neither.
    Keep a copy of it, but elsewhere.
    """
    with opened_database(context) as source, progress_shown("Backing up") as tell:
        rows = moving.back_up(source, file, tell)
    _show(rows, f"backed up into {file}", as_json=as_json)


@db_app.command(epilog="Example:  nudger db restore backups/2026-11-23.db")
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="What `nudger db backup` wrote.")],
    as_json: AsJson = False,
) -> None:
    """Bring a backup into the database that nudger.toml names, which must be empty.

    Sending is paused afterwards: a backup does not know which mails went out
    after it was made. The key must be the one of then.
    """
    with problems_in_one_line(), progress_shown("Restoring") as tell:
        settings = settings_of(context)
        vault = load_vault(settings.key, settings.key_file, settings.key_command)
        rows = moving.restore(file, settings.database, vault, current_time(), tell)
    _show(rows, "restored", as_json=as_json)
    if not as_json:
        say(
            "Sending is paused. Start the workers, look at `nudger ask --dry-run` for questions "
            "that went out after the backup, then `nudger resume`."
        )


@db_app.command(epilog="Example:  nudger db downgrade 0009")
def downgrade(
    context: typer.Context,
    version: Annotated[
        str, typer.Argument(help="What the older program says that it knows, such as 0009.")
    ],
) -> None:
    """Bring the schema back to an older version, before you install that.

    Stop every worker and back up first: what the older version cannot hold is
    dropped.
    """
    with _as_it_is(context) as database:
        database.downgrade(version)
    say(f"The database is at version {plain(version)}. Install the older Nudger now: any command "
        "of this one brings it up again.")  # fmt: skip


@contextmanager
def _as_it_is(context: typer.Context) -> Iterator[Database]:
    """The database without bringing it to this version's schema."""
    with problems_in_one_line(), closing(Database(settings_of(context).database)) as database:
        yield database


def _show(rows: Mapping[str, int], done: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"rows": dict(rows), "total": sum(rows.values())})
        return
    filled = sum(count > 0 for count in rows.values())
    say(f"{sum(rows.values())} rows of {filled} tables {plain(done)}, and counted there again.")

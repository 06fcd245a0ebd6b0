"""`nudger key`: making the key that seals the database, and changing it while everything runs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from nudger.cli.app import app
from nudger.cli.console import fail, plain, print_json, say
from nudger.cli.startup import opened
from nudger.store.data_keys import add_data_key, reseal, rewrap
from nudger.store.vault import SealBroken, Vault, new_key, read_key

WORKERS_KNOW_AFTER = 6.0
"""Seconds until every worker has ticked and sealed its last value with the key before."""

key_app = typer.Typer(
    no_args_is_help=False, help="Make and change the key that seals the database."
)
app.add_typer(key_app, name="key")


@key_app.callback(
    invoke_without_command=True,
    epilog="Examples:  nudger key --write nudger.key   ·   nudger key rotate   ·   "
    "nudger key replace --write new.key",
)
def key(
    context: typer.Context,
    write: Annotated[Path | None, typer.Option(help="Write it to this file (mode 600).")] = None,
) -> None:
    """Make a key for the database's sealed columns. Lose it and sealed data cannot be read."""
    if context.invoked_subcommand is not None:
        return
    if write is None:
        typer.echo(new_key())
        return
    if write.exists():
        fail(f"{write} exists already; a new key would lock out all that is sealed with it.")
    write_key(write, new_key())
    say(f"Wrote {plain(str(write))}. Keep a copy of it apart from the database's backups.")


@key_app.command(epilog="Example:  nudger key rotate --json")
def rotate(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Seal everything with a fresh data key, while workers go on.

    Your own key stays as it is. The data key before is removed a day later, when nothing needs it.
    """
    with opened(context) as ctx:
        key_id = add_data_key(ctx.database, ctx.vault, ctx.clock())
        count = sum(reseal(ctx.database, ctx.vault))
        time.sleep(WORKERS_KNOW_AFTER)
        count += sum(reseal(ctx.database, ctx.vault))
    if as_json:
        print_json({"data_key": key_id, "resealed": count})
    else:
        say(f"Data key {key_id} seals everything now: {count} values were resealed.")


@key_app.command(epilog="Example:  nudger key replace --write new.key")
def replace(
    context: typer.Context,
    write: Annotated[Path, typer.Option(help="The file for your new key (mode 600).")],
) -> None:
    """Replace your own key: the data keys are wrapped anew, nothing else changes.

    Workers that run go on; put the new file in place of the old one before they start again.
    """
    if write.exists():
        fail(f"{write} exists already: name a file that does not.")
    fresh = new_key()
    with opened(context) as ctx:
        write_key(write, fresh)
        try:
            rewrap(ctx.database, ctx.vault, Vault(read_key(fresh)))
        except SealBroken as problem:
            write.unlink()
            fail(f"{problem}, then try again.")
    say(
        f"Wrote {plain(str(write))}: from now on the database opens with it and not with the old "
        "key. Put it where `key_file`, NUDGER_KEY or your key service has the old one."
    )


def write_key(file: Path, text: str) -> None:
    """Write a key to a new file that its owner alone can read."""
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(text + "\n")
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}.")

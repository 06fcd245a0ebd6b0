"""The root command and its common options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nudger import __version__
from nudger.config import DEFAULT_FILE

app = typer.Typer(
    name="nudger",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="No customer meeting starts without a Commitment Objective.",
    epilog="First steps:  nudger demo   ·   nudger init   ·   nudger doctor   ·   nudger run\n\n"
    "In an emergency:  nudger pause   ·   nudger lockdown",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"nudger {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    config: Annotated[
        Path, typer.Option("--config", "-c", envvar="NUDGER_CONFIG", help="The settings' file.")
    ] = DEFAULT_FILE,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    context.obj = config

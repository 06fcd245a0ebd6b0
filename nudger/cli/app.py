"""The root command, its common options, and where the modules of commands register them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from nudger import __version__
from nudger.cli.commands import IN_ORDER, LISTED
from nudger.cli.exits import told_in_help
from nudger.cli.paragraphs import reflow_help

DEFAULT_FILE = Path("nudger.toml")

app = typer.Typer(rich_markup_mode="rich")
"""The commands of the modules that were imported so far."""


@cache
def command_named(name: str) -> Any:
    """A command of `LISTED` as it runs: with its options, its own commands and its whole help."""
    for module in LISTED[name].modules:
        import_module(f"nudger.cli.{module}")
    reflow_help(app)
    return get_group(app).commands[name]


class LazyCommands(TyperGroup):
    """Lists the commands by the table, and imports the modules of the one that is used."""

    def __init__(self, **given: Any) -> None:
        given["commands"] = [
            TyperCommand(one.name, help=one.says, rich_help_panel=one.panel) for one in IN_ORDER
        ]
        super().__init__(**given)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, listed, rest = super().resolve_command(ctx, args)
        return name, listed and command_named(str(name)), rest


root = typer.Typer(
    name="nudger",
    cls=LazyCommands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="No customer meeting starts without a Commitment Objective.",
    epilog="First steps:  nudger demo · nudger init · nudger doctor · nudger run\n\n"
    "In an emergency:  nudger pause · nudger lockdown\n\n"
    f"{told_in_help()}",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"nudger {__version__}")
        raise typer.Exit


def _no_folder(config: Path) -> Path:
    if config.is_dir():
        raise typer.BadParameter(
            f"{config} is a folder: give the file in it, {config / DEFAULT_FILE}."
        )
    return config


@root.callback()
def common(
    context: typer.Context,
    config: Annotated[
        Path,
        typer.Option(
            "--config",
            "-c",
            envvar="NUDGER_CONFIG",
            callback=_no_folder,
            help="The settings' file.",
        ),
    ] = DEFAULT_FILE,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    context.obj = config

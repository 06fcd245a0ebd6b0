"""The root command and its common options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from nudger import __version__
from nudger.cli.exits import told_in_help
from nudger.config import DEFAULT_FILE

SET_UP, RUN, LOOK, TRY = "Set up", "Run", "Look", "Try"
"""The panels of `nudger --help`, in which every command stands."""

IN_ORDER = (
    "init", "doctor", "upgrade", "db", "key", "connect", "domains", "reps", "test-mail",
    "announce",
    "run", "serve", "pause", "resume", "lockdown", "scan", "ask", "listen", "write",
    "forget", "purge",
    "status", "meetings", "explain", "report", "audit", "export",
    "demo", "try", "preview", "coach", "read-reply", "help",
)  # fmt: skip
"""Commands as a newcomer meets them. The panels come in the order of their first command; a command
that is not named here stands last in its panel."""


class InOrder(TyperGroup):
    """The commands in the order of `IN_ORDER`."""

    def list_commands(self, ctx: Any) -> list[str]:
        place = {name: number for number, name in enumerate(IN_ORDER)}
        return sorted(super().list_commands(ctx), key=lambda name: place.get(name, len(place)))


app = typer.Typer(
    name="nudger",
    cls=InOrder,
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

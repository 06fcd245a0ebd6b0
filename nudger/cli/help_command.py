"""`nudger help`: the same as `--help`, for who types it that way."""

from __future__ import annotations

import difflib
from typing import Annotated

import typer
from typer.core import TyperGroup

from nudger.cli.app import app
from nudger.cli.console import refuse


@app.command(
    "help",
    epilog="Examples:  nudger help   ·   nudger help reps add",
)
def show_help(
    context: typer.Context,
    command: Annotated[
        list[str] | None, typer.Argument(help="A command, and its own one where it has some.")
    ] = None,
) -> None:
    """Show the help of Nudger, or of one command."""
    root = context.find_root()
    names = root.help_option_names
    shown = typer.Context(root.command, info_name=root.info_name, help_option_names=names)
    for name in command or ():
        shown = _within(shown, name)
    typer.echo(shown.get_help())


def _within(above: typer.Context, name: str) -> typer.Context:
    group = above.command
    if not isinstance(group, TyperGroup):
        refuse(f"`{above.command_path}` has no commands of its own: what is {name!r}?")
    names = group.list_commands(above)
    if name not in names:
        close = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}."
        refuse(f"`{above.command_path}` has no command {name!r}: {hint}")
    _, found, _ = group.resolve_command(above, [name])
    assert found is not None  # noqa: S101 - its name is among those of the group
    return typer.Context(found, info_name=name, parent=above)

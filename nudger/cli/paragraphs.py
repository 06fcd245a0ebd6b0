"""Help texts as wide as the terminal is: a docstring's own line breaks are those of its source."""

from __future__ import annotations

import inspect
import re

import typer

_BREAK_WITHIN = re.compile(r"(?<!\n)\n(?![\n\d])")
"""The end of a line within a paragraph; a line that begins with a number is one of a list."""


def reflow_help(app: typer.Typer) -> None:
    """Have every command of `app`, and of the groups in it, show its help by paragraphs."""
    for command in app.registered_commands:
        command.help = _reflowed(command.help, command.callback)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            reflow_help(group.typer_instance)
    if app.registered_callback is not None:
        made = app.registered_callback
        made.help = _reflowed(made.help, made.callback) if made.callback else made.help


def _reflowed(text: object, callback: object) -> str | None:
    shown = text if isinstance(text, str) else inspect.getdoc(callback)
    return None if shown is None else _BREAK_WITHIN.sub(" ", shown)

"""The commands: parse, call, print."""

from __future__ import annotations

from nudger.cli.app import root as app

__all__ = ["app", "main"]


def main() -> None:
    """The `nudger` command."""
    app()

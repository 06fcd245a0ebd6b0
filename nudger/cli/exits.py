"""The exit codes of every command, in one place; docs/operations.md has them as a table."""

from __future__ import annotations

from enum import IntEnum

from nudger.domain.health import Concern


class Exit(IntEnum):
    """How a command ended. A code is never given another meaning.

    10 and more are `nudger status` alone: what somebody should look at (`domain.health.Concern`).
    """

    DONE = 0
    FAILED = 1
    """It could not be done, in whole or in part: a line on standard error says what and why."""
    USAGE = 2
    """What was typed cannot be followed: a command, an option, a value or their combination."""
    STOPPED = 130
    """Ended by whoever typed it, in a dialogue or before it had begun; nothing was changed."""


def told_in_help() -> str:
    """The codes, for the help of the root command."""
    codes = [concern.exit_code for concern in Concern]
    return (
        f"Exit codes: {Exit.DONE} done · {Exit.FAILED} failed · {Exit.USAGE} not understood · "
        f"{min(codes)}-{max(codes)} status · {Exit.STOPPED} stopped"
    )

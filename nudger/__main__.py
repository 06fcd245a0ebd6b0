"""`python -m nudger` is the `nudger` command."""

from __future__ import annotations

import sys

STOPPED = 130
"""`cli.exits.Exit.STOPPED`, before anything is imported."""


def main() -> None:
    """The `nudger` command. Ctrl-C is no fault, however early it comes."""
    try:
        from nudger.cli import main as command  # noqa: PLC0415

        command()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(STOPPED)


if __name__ == "__main__":
    main()

"""`python -m nudger` is the `nudger` command."""

from __future__ import annotations

from nudger.cli import main

if __name__ == "__main__":
    main()

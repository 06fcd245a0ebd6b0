"""Nudger set up against a sandbox with a fleet of reps."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nudger.config import load_settings
from nudger.demo.installation import Installation, install, introduce
from nudger.domain.event import Provider
from nudger.runtime.context import Context
from nudger.runtime.startup import open_context
from nudger.store.people import NewRep

NUDGER = "nudger@ourco.example"
TABLES = """
[scan]
every_seconds = 5
"""


def rep_address(number: int) -> str:
    return f"rep{number:04d}@ourco.example"


@contextmanager
def office(url: str, reps: int, provider: str) -> Iterator[Context]:
    """The context of a Nudger with so many reps, all at this provider of the sandbox at `url`."""
    with installed(url, reps, provider, tables=TABLES) as (ctx, _):
        yield ctx


@contextmanager
def installed(
    url: str,
    reps: int,
    provider: str,
    database: str | None = None,
    head: str = "",
    tables: str = "",
) -> Iterator[tuple[Context, Path]]:
    """The same with the path of its nudger.toml; `database` is another than a file beside it,
    and `head` goes before the tables."""
    chosen = Installation({provider: NUDGER}, outlook_may_notify_guests=True, tables=tables)
    with tempfile.TemporaryDirectory(prefix="nudger-bench-") as name:
        file = install(Path(name), url, chosen)
        where = database or f"sqlite:///{name}/nudger.db"
        file.write_text(f'database = "{where}"\n{head}{file.read_text()}')
        with open_context(load_settings(file)) as ctx:
            team = (NewRep(rep_address(number), Provider(provider)) for number in range(reps))
            introduce(ctx, team)
            yield ctx, file

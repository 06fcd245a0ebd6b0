"""What processes took of the processor, as Linux counts it (proc(5))."""

from __future__ import annotations

import os
from pathlib import Path

PARENT, USER, SYSTEM = 1, 11, 12
"""Fields after the name, the state being the first."""


def seconds_of(process_id: int) -> float:
    """All its threads' time so far."""
    fields = _fields(Path(f"/proc/{process_id}"))
    return (int(fields[USER]) + int(fields[SYSTEM])) / os.sysconf("SC_CLK_TCK")


def child_of(process_id: int, module: str) -> int:
    """The process that runs a module for another. Raises `LookupError`."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            is_child = int(_fields(folder)[PARENT]) == process_id
            if is_child and module in (folder / "cmdline").read_text():
                return int(folder.name)
        except OSError:
            continue  # it has just ended
    raise LookupError(module)


def _fields(folder: Path) -> list[str]:
    return (folder / "stat").read_text().rpartition(")")[2].split()

"""Waiting in a test for what somebody else does: a thread, a process, a server."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")

PATIENCE = 300.0
"""Seconds until what does not come is given up. A machine with much else to do is no fault of a
test's, and what comes is waited for no longer than it takes."""
LOOKS_EVERY_SECONDS = 0.02


def wait_for(condition: Callable[[], Found]) -> Found:
    """What the condition gives, as soon as that is true."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(LOOKS_EVERY_SECONDS)
    return found


def is_running(process_id: int) -> bool:
    """Whether there is such a process: one that has ended and of which nobody has taken note yet
    is none."""
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return False
    return not stat.rpartition(")")[2].split()[0].startswith("Z")

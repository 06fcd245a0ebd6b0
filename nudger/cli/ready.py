"""Without what the worker and the pages do not start, told as one list."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from nudger.admin.doctor import check_start
from nudger.admin.doctor_checks import Check
from nudger.cli.console import aside, fail, plain

LOOKS_AGAIN_AFTER = 10.0


def require_ready(
    file: Path,
    look: Callable[[Path], Sequence[Check]] = check_start,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Return once nothing keeps the worker from starting. Ends the command with a list of what is
    to be mended; what may pass by itself, as a database server that does not answer, is waited for.
    """
    told = ""
    while faults := look(file):
        lasting = [one for one in faults if not one.may_pass]
        if lasting:
            fail_with(lasting)
        says = "; ".join(f"{one.what}: {one.says}" for one in faults)
        if says != told:
            aside(f"[yellow]waiting[/]  {plain(says)}")
            told = says
        wait(LOOKS_AGAIN_AFTER)


def fail_with(faults: Sequence[Check]) -> NoReturn:
    for one in faults:
        aside(f"[red]FAIL[/] {plain(one.what):34} {plain(one.says)}")
    fail(f"not started: {len(faults)} to mend. `nudger doctor` looks at your provider as well.")

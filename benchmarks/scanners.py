"""First scans by several processes: `python -m benchmarks.scanners FILE` is one of them, which says
that it is ready, and scans when it is told to."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.costs import cost_of
from benchmarks.monday import Size
from benchmarks.office import installed
from benchmarks.sandbox import sandbox
from nudger.config import load_settings
from nudger.jobs.scan import scan
from nudger.runtime.startup import open_context


def measure(size: Size, events: int) -> dict[str, Any]:
    """JSON: calendars a second, and what each process had of it."""
    fleet = ("--fleet", f"{size.reps}x{events}", "--provider", size.provider)
    with (
        sandbox(*fleet) as box,
        installed(box.url, size.reps, size.provider, size.database) as (_, file),
        ExitStack() as stack,
    ):
        scanners = [stack.enter_context(_scanner(file)) for _ in range(size.processes)]
        for one in scanners:
            _told_by(one)
        box.set_distance(size.delay / 1000)
        found: list[dict[str, Any]] = []
        cost = cost_of(lambda: found.extend(_scan_all(scanners)))
    read = sum(one["calendars"] for one in found)
    if read != size.reps or any(one["failures"] for one in found):
        raise AssertionError(f"{read} of {size.reps} calendars were read: {found}")
    return {
        "processes": size.processes,
        "calendars": read,
        "calendars_per_second": round(read / cost.wall, 1),
        "each": found,
    }


def _scanner(file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.scanners", str(file)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def _scan_all(scanners: Sequence[subprocess.Popen[str]]) -> list[dict[str, Any]]:
    for one in scanners:
        assert one.stdin is not None  # noqa: S101 - it is a pipe
        one.stdin.write("\n")
        one.stdin.flush()
    return [json.loads(_told_by(one)) for one in scanners]


def _told_by(one: subprocess.Popen[str]) -> str:
    assert one.stdout is not None  # noqa: S101 - it is a pipe
    return one.stdout.readline()


def main() -> None:
    with open_context(load_settings(Path(sys.argv[1]))) as ctx:
        _say("ready")
        sys.stdin.readline()
        found: list[Any] = []
        cost = cost_of(lambda: found.append(scan(ctx)))
    (report,) = found
    told = {"calendars": report.calendars, "failures": len(report.failures)}
    _say(json.dumps(told | {"cpu_seconds": round(cost.cpu, 2)}))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

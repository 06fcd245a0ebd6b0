"""What a command costs before it does anything: a process each, the median of several."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TIMES = 5
COMMANDS = {"help": ("--help",), "version": ("--version",), "status": ("status", "--json")}


def measure() -> dict[str, Any]:
    """JSON: seconds by the clock, seconds of a processor and MB at most, by command."""
    with tempfile.TemporaryDirectory(prefix="nudger-bench-") as folder:
        _run(folder, "init", "--write-back", "private")
        return {name: _median(folder, words) for name, words in COMMANDS.items()}


def _median(folder: str, words: tuple[str, ...]) -> dict[str, float]:
    runs = [_run(folder, *words) for _ in range(TIMES)]
    return {name: round(statistics.median(run[name] for run in runs), 2) for name in runs[0]}


def _run(folder: str, *words: str) -> dict[str, float]:
    command = [sys.executable, "-m", "nudger", "--config", str(Path(folder, "nudger.toml")), *words]
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    return {
        "seconds": time.monotonic() - began,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / 1024,
    }

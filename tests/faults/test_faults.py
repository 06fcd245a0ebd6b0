"""The short form of `make faults`: some of the scenes, some of the points, both providers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCENES = ("question", "digest_reply", "withdrawal", "outcome")


@pytest.mark.timeout(1800)  # a guard against hanging on a busy machine, no measure
def test_nothing_is_lost_or_doubled_whenever_the_worker_dies():
    scenes = [part for name in SCENES for part in ("--scene", name)]
    counts = ("--runs", "48", "--network", "32", "--outages", "8", "--stalls", "0", "--clock", "8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.faults",
            "--database",
            "sqlite",
            "--seed",
            "9",
            *scenes,
            *counts,
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    report = json.loads(done.stdout)
    assert report["findings"] == []
    assert report["kill_and_recover_runs"] >= 48
    assert report["network_fault_cases"] >= 30
    assert report["failpoints"] >= 80
    assert done.returncode == 0

"""The harness finds what it is there to find: a defect that it lets pass would be passed for ever."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.defects import DEFECTS

ROOT = Path(__file__).parents[2]
SORTS = ("--runs", "--network", "--outages", "--stalls", "--clock")
MANY = "16"


@pytest.mark.timeout(1800)  # a guard against hanging on a busy machine, no measure
@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found(name):
    defect = DEFECTS[name]
    counts = [part for one in SORTS for part in (one, MANY if one == defect.sort else "0")]
    chosen = ["--provider", "google", "--database", "sqlite", "--scene", defect.scene]
    command = [sys.executable, "-m", "tests.faults", "--defect", name, "--at", defect.at]
    done = subprocess.run(
        [*command, *chosen, *counts],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    report = json.loads(done.stdout)
    assert report["zeros"][defect.found] > 0
    assert done.returncode == 1

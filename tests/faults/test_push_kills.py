"""A sample of the kills, in a process of its own: it forks."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.faults.push_kills import DEFECTS

pytestmark = pytest.mark.timeout(1800)  # a guard against hanging on a busy machine, no measure


def campaign(*arguments):
    command = [sys.executable, "-m", "tests.faults.push_kills", "--seed", "1", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)
    return done.returncode, json.loads(done.stdout)


def test_what_was_acknowledged_is_never_lost():
    code, found = campaign("--kills", "3")
    assert (code, found["lost"]) == (0, 0)
    assert found["acknowledged"] > 0


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_campaign_finds_what_loses_hints(defect):
    code, found = campaign("--kills", "3", "--defect", defect)
    assert code == 1
    assert found["lost"] > 0

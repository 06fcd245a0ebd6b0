"""In a process of its own: what is settled stays so for as long as the process lasts."""

from __future__ import annotations

import subprocess
import sys

SETTLED = """
import gc
from nudger.runtime.memory import OBJECTS_BETWEEN, settle

class Loop:
    def __init__(self):
        self.itself = self

settle()
assert gc.get_freeze_count() > 1_000
assert gc.get_threshold()[0] == OBJECTS_BETWEEN
kept = [Loop() for _ in range(10)]
gc.collect()
del kept
assert gc.collect() >= 10
"""


def test_what_is_loaded_is_left_alone_and_what_comes_is_still_looked_through():
    subprocess.run([sys.executable, "-c", SETTLED], check=True)

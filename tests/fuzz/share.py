"""One target in a process of its own, so that its memory can be limited and told."""

from __future__ import annotations

import logging

from tests.fuzz.campaign import Result, limit_memory, run
from tests.fuzz.targets.all import TARGETS


def prepare() -> None:
    logging.disable()
    limit_memory()


def run_target(name: str, runs: int, seconds: float, seed: int) -> Result:
    return run(TARGETS[name], runs, seconds, seed, keep=True)

"""What it costs to run something."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Cost:
    """In seconds; `cpu` is this process's, of all its threads."""

    wall: float
    cpu: float


def cost_of(run: Callable[[], Any]) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)

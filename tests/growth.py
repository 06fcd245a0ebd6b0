"""How the time that a function needs grows with its text: ratios alone, never seconds."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

SIZES = (16, 64, 256, 1024, 4096)
TWICE_LINEAR = 8.0
"""How often longer four times the text may take; a square takes 16 times as long."""
TICK = 30e-6
SHORT_WHILE = 2e-3
FEWEST_LOOKS, MOST_LOOKS = 3, 12


def seconds(use: Callable[[Any], Any], text: Any, times: int = 1) -> float:
    """The least of several tries, in time of this thread on a processor."""
    tries = []
    with untraced():
        for _ in range(times):
            began = time.thread_time()
            use(text)
            tries.append(time.thread_time() - began)
    return min(tries)


@contextmanager
def untraced() -> Iterator[None]:
    """Without whatever measures coverage, which slows Python down and leaves C as it is, and
    without the collector, which at any moment may go through all that other tests left behind."""
    tracer, collects = sys.gettrace(), gc.isenabled()
    sys.settrace(None)
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
        sys.settrace(tracer)


def growth(
    use: Callable[[Any], Any], attack: Callable[[int], Any], sizes: Sequence[int] = SIZES
) -> float:
    """The worst ratio of times between a text and one four times as long."""
    worst, before = 0.0, None
    for size in sizes:
        took = seconds(use, attack(size), 2)
        if before is not None and took > TWICE_LINEAR * max(before, TICK):
            worst = max(worst, confirmed(use, attack, size // 4))
            if worst > TWICE_LINEAR:
                return worst
        before = took
    return worst


def confirmed(
    use: Callable[[Any], Any], attack: Callable[[int], Any], size: int, *, further: bool = True
) -> float:
    """The same ratio measured with care: other programs run on this machine, so each time is the
    least of many tries, taken in turns. Where a repetition ends at so many characters, steepness
    ends there as well: what took no time yet is looked at further on."""
    short = middle = long = float("inf")
    for looks in range(1, MOST_LOOKS + 1):
        short = min(short, seconds(use, attack(size), 5))
        middle = min(middle, seconds(use, attack(size * 2), 5))
        long = min(long, seconds(use, attack(size * 4), 5))
        ratio = min(long / max(short, TICK), (long / max(middle, TICK)) ** 2)
        if looks >= FEWEST_LOOKS and ratio <= TWICE_LINEAR:
            break
    if further and long < SHORT_WHILE:
        return min(ratio, confirmed(use, attack, size * 8, further=False))
    return ratio

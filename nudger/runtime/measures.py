"""What this process counts and times, for `/metrics`: numbers and our own words, nobody's names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram

OF_THIS_PROCESS = CollectorRegistry()

PROVIDER_CALLS = Counter(
    "nudger_provider_calls",
    "Calls to a provider, by what came of them",
    ["provider", "call", "outcome"],
    registry=OF_THIS_PROCESS,
)
STEP_SECONDS = Histogram(
    "nudger_step_seconds",
    "How long each step of a worker's rounds took",
    ["step"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300),
    registry=OF_THIS_PROCESS,
)
ROUNDS_FAILED = Counter(
    "nudger_rounds_failed",
    "Rounds of the worker that ended with an error",
    ["round"],
    registry=OF_THIS_PROCESS,
)
HINTS = Counter(
    "nudger_push_hints",
    "What providers told of changes, by what came of it",
    ["provider", "outcome"],
    registry=OF_THIS_PROCESS,
)
MISSED = Counter(
    "nudger_push_missed",
    "Readings that found what an open channel had not told of",
    ["what"],
    registry=OF_THIS_PROCESS,
)
PAGE_SECONDS = Histogram(
    "nudger_page_seconds",
    "How long each page took, by its route",
    ["route", "method", "status"],
    buckets=(0.01, 0.05, 0.1, 0.3, 1, 5),
    registry=OF_THIS_PROCESS,
)


@contextmanager
def step_timed(name: str) -> Iterator[None]:
    """Times what is done in the block, also where it fails."""
    with STEP_SECONDS.labels(name).time():
        yield

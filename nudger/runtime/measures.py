"""What this process counts and times, for `/metrics`: numbers and our own words, nobody's names.
Where pages and worker are two processes, the worker tells the other what it counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain

from prometheus_client import CollectorRegistry, Counter, Histogram, Metric
from prometheus_client.registry import Collector

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


class ReportedMeasures:
    """What the worker counted and timed whose pages are served by this process."""

    def __init__(self) -> None:
        self._last: Sequence[Metric] = ()

    def adopt(self, measures: Sequence[Metric]) -> None:
        self._last = measures

    def collect(self) -> Iterable[Metric]:
        return self._last


OF_THE_WORKER = ReportedMeasures()


class CombinedMeasures(Collector):
    """What both counted, as one."""

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for one in chain(OF_THIS_PROCESS.collect(), OF_THE_WORKER.collect()):
            known = families.get(one.name)
            families[one.name] = one if known is None else _sum(known, one)
        return iter(families.values())


def _sum(one: Metric, other: Metric) -> Metric:
    """Of two moments since when was counted, the first."""
    values: dict[tuple[str, tuple[tuple[str, str], ...]], float] = {}
    for name, labels, value, *_ in (*one.samples, *other.samples):
        key = name, tuple(labels.items())
        known = values.get(key)
        if known is None:
            values[key] = value
        else:
            values[key] = min(known, value) if name.endswith("_created") else known + value
    summed = Metric(one.name, one.documentation, one.type, one.unit)
    for (name, of), value in values.items():
        summed.add_sample(name, dict(of), value)
    return summed


@contextmanager
def step_timed(name: str) -> Iterator[None]:
    """Times what is done in the block, also where it fails."""
    with STEP_SECONDS.labels(name).time():
        yield

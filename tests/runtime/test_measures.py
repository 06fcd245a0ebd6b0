"""What two processes counted, as one."""

from __future__ import annotations

import pickle

import pytest
from prometheus_client import CollectorRegistry, Counter, generate_latest

from nudger.runtime import measures


@pytest.fixture
def counted(monkeypatch):
    """A counter of this process."""
    here = CollectorRegistry()
    monkeypatch.setattr(measures, "OF_THIS_PROCESS", here)
    monkeypatch.setattr(measures, "OF_THE_WORKER", measures.ReportedMeasures())
    return Counter("calls", "Calls", ["outcome"], registry=here)


def shown():
    text = generate_latest(measures.CombinedMeasures()).decode()
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines if "_created" not in name}


def test_without_a_worker_elsewhere_there_is_what_was_counted_here(counted):
    counted.labels("answered").inc(2)
    assert shown() == {'calls_total{outcome="answered"}': 2}


def test_what_the_worker_tells_is_added_and_replaces_what_it_told_before(counted):
    counted.labels("answered").inc(2)
    of_here = list(measures.OF_THIS_PROCESS.collect())
    counted.labels("refused").inc()
    measures.OF_THE_WORKER.adopt(pickle.loads(pickle.dumps(of_here)))  # noqa: S301 - our own
    both = {'calls_total{outcome="answered"}': 4, 'calls_total{outcome="refused"}': 1}
    assert shown() == both
    measures.OF_THE_WORKER.adopt(of_here)
    assert shown() == both

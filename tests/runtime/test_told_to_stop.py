"""A process that is told to stop in the middle of waiting for that."""

from __future__ import annotations

import signal
import threading

import pytest

from nudger.runtime.told_to_stop import setter_of
from tests.waiting import PATIENCE


@pytest.fixture
def stop():
    made = threading.Event()
    before = signal.signal(signal.SIGTERM, setter_of(made))
    yield made
    signal.signal(signal.SIGTERM, before)


def test_who_waits_is_told(stop):
    signal.raise_signal(signal.SIGTERM)
    assert stop.wait(PATIENCE)


@pytest.mark.timeout(60)  # what goes wrong here never ends
def test_who_has_just_taken_the_lock_to_wait_is_told_too(stop):
    with stop._cond:
        signal.raise_signal(signal.SIGTERM)
        assert not stop.is_set()
    assert stop.wait(PATIENCE)

"""The worker as a process: it works, survives faults, and ends when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from nudger.sandbox.faults import Fault
from nudger.worker import Schedule, Worker

ANA = "ana@ourco.example"


def wait_for(condition, seconds=90.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_the_loop_runs_by_itself_and_survives_a_fault(office):
    office.meet()
    office.world.faults.add(Fault("calendar.events.list", status=400, reason="invalid"))
    worker = Worker(office.ctx, Schedule(outgoing=0.1, incoming=0.1))
    worker.start()
    try:
        wait_for(lambda: office.calls.get("calendar.events.list"))
        office.later(hours=1)
        wait_for(lambda: office.inbox(ANA))
        office.reply("Dana agrees to a pilot\n2")
        office.later(minutes=2)
        wait_for(lambda: "Dana agrees to a pilot" in office.description("call1"))
    finally:
        assert worker.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told_to(office, number):
    process = subprocess.Popen(
        [sys.executable, "-m", "nudger", "--config", str(office.folder / "nudger.toml"), "run"],
        env={**os.environ, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: office.calls.get("calendar.events.list"))
    process.send_signal(number)
    out, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Nudger has stopped." in out

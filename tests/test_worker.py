"""The worker as a process: it works, survives faults, and ends when it is told to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import select

from nudger.runtime.pool import Pool
from nudger.sandbox.faults import Fault
from nudger.store import tables
from nudger.worker import Schedule, Worker, incoming
from tests.waiting import PATIENCE, wait_for
from tests.web.conftest import free_port

ANA = "ana@ourco.example"


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """What is to be ended at a stop may take a busy machine longer than we let it in earnest."""
    monkeypatch.setattr("nudger.worker.GRACE_SECONDS", PATIENCE)


def put_off(office):
    """Why a calendar is to be read again later."""
    with office.ctx.database.read() as tx:
        return tx.scalar(select(tables.calendar.c.last_error))


def test_the_loop_runs_by_itself_and_survives_a_fault(office):
    office.meet()
    office.world.faults.add(Fault("calendar.events.list", status=400, reason="invalid"))
    worker = Worker(office.ctx, Schedule(outgoing=0.1, incoming=0.1))
    worker.start()
    try:
        wait_for(lambda: put_off(office))
        office.later(hours=1)
        wait_for(lambda: office.inbox(ANA))
        office.reply("Dana agrees to a pilot\n2")
        office.later(minutes=2)
        wait_for(lambda: "Dana agrees to a pilot" in office.description("call1"))
    finally:
        assert worker.stop()


def round_of(monkeypatch, **steps):
    """Have the worker take these in place of its own steps."""
    for name in ("listen", "understand", "heed", "write", "ask", "settle"):
        monkeypatch.setattr(f"nudger.worker.{name}", steps.get(name, idle))


def idle(_ctx):
    """Nothing is due."""


def test_what_was_fetched_is_dealt_with_while_more_is_fetched_and_after_the_last(
    office, monkeypatch
):
    done, has_begun = [], threading.Event()

    def listen(_ctx):
        assert has_begun.wait(PATIENCE)
        done.append("listen")

    def understand(_ctx):
        done.append("understand")
        has_begun.set()

    def write(_ctx):
        done.append("write")

    round_of(monkeypatch, listen=listen, understand=understand, write=write)
    incoming(replace(office.ctx, pool=Pool(2)))
    fetched = done.index("listen")
    assert "understand" in done[:fetched]
    assert "understand" in done[fetched:]
    assert done[-1] == "write"


@pytest.mark.parametrize("size", [1, 2])
def test_a_step_that_fails_ends_the_round_before_those_after_it(office, monkeypatch, size):
    done = []

    def listen(_ctx):
        raise OSError("the mailbox")

    def write(_ctx):
        done.append("write")

    round_of(monkeypatch, listen=listen, write=write)
    with pytest.raises(OSError, match="the mailbox"):
        incoming(replace(office.ctx, pool=Pool(size)))
    assert not done


def test_a_step_that_takes_longer_than_its_interval_is_no_fault(office, caplog):
    may_go_on = threading.Event()
    calendar = office.ctx.accounts.calendar

    def slow(rep):
        assert may_go_on.wait(PATIENCE)
        return calendar(rep)

    office.ctx.accounts.calendar = slow
    worker = Worker(office.ctx, Schedule(outgoing=0.02, incoming=0.02))
    worker.start()
    time.sleep(0.5)
    may_go_on.set()
    assert worker.stop()
    assert "maximum number" not in caplog.text


class SeenLate(threading.Event):
    """A signal to stop: whoever looks for it just before it is given goes on when it has been."""

    def __init__(self):
        super().__init__()
        self.is_looked_for, self._was_given = threading.Event(), threading.Event()

    def is_set(self):
        found = super().is_set()
        if threading.current_thread() is not threading.main_thread():
            self.is_looked_for.set()
            assert self._was_given.wait(PATIENCE)
        return found

    def set(self):
        super().set()
        self._was_given.set()


def test_a_tick_that_began_just_before_a_stop_ends_too(office):
    stop, others = SeenLate(), set(threading.enumerate())
    worker = Worker(replace(office.ctx, stop=stop))
    worker.start()
    assert stop.is_looked_for.wait(PATIENCE)
    assert worker.stop()
    wait_for(lambda: not ticking(others))


def ticking(others):
    """The threads of ticks, which end with a worker that has stopped."""
    new = set(threading.enumerate()) - others
    return [one for one in new if one.name.startswith("ThreadPoolExecutor")]


@contextmanager
def running(office, *options):
    """`nudger run`, and the file with all that it says."""
    said = office.folder / "said"
    with said.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "nudger", "--config", str(office.file), "run", *options],
            env={**os.environ, "NO_COLOR": "1"},
            stdout=subprocess.DEVNULL if options else out,
            stderr=out if options else None,
        )
        try:
            yield process, said
        finally:
            process.kill()
            process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told_to(office, number):
    with running(office) as (process, said):
        wait_for(lambda: office.calls.get("calendar.events.list"))
        process.send_signal(number)
        assert process.wait(PATIENCE) == 0
        assert "Nudger has stopped." in said.read_text()


def test_it_tells_its_health_and_logs_json_while_it_runs(office):
    office.meet()
    address = f"127.0.0.1:{free_port()}"
    office.configure(f'[web]\naddress = "{address}"\nmetrics = true\n[log]\nformat = "json"\n')
    with running(office, "--verbose") as (process, said):
        wait_for(lambda: status_of(f"http://{address}/readyz") == 200)
        metrics = httpx.get(f"http://{address}/metrics", timeout=PATIENCE).text
        assert 'nudger_step_seconds_count{step="scan"}' in metrics
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    lines = [json.loads(line) for line in said.read_text().splitlines()]
    assert {"worker_runs", "worker_stopped"} <= {line["event"] for line in lines}
    assert status_of(f"http://{address}/healthz") is None


def status_of(url):
    try:
        return httpx.get(url, timeout=PATIENCE).status_code
    except httpx.TransportError:
        return None

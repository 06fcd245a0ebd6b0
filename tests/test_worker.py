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
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
from sqlalchemy import select

from nudger.admin.controls import pause_sending
from nudger.runtime.pool import Pool
from nudger.sandbox.faults import Fault
from nudger.store import tables
from nudger.worker import Schedule, Worker, incoming, outgoing
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


class PingReceiver:
    """Who waits for pings: a web server that keeps what it is asked."""

    def __init__(self, status=200):
        self.requests = []
        received = self.requests

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                length = int(self.headers.get("Content-Length", 0))
                received.append((self.path, self.rfile.read(length)))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_given):
                pass

        # At a port that nobody else is given once this is closed.
        self._server = HTTPServer(("127.0.0.1", free_port()), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/ping/abc/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver():
    made = PingReceiver()
    yield made
    made.close()


@pytest.fixture
def pinging(office, receiver):
    """A worker that has not begun, whose pings go to the receiver."""
    office.configure(f'[watch]\nping_url = "{receiver.url}"\n')
    return Worker(office.ctx)


def go_round(worker):
    for step in (outgoing, incoming):
        worker._tick(step)
    worker._tick(worker.watch)


def test_while_all_is_well_a_ping_tells_it_and_nothing_else(pinging, receiver):
    go_round(pinging)
    assert receiver.requests == [("/ping/abc/", b"")]


def test_before_a_round_has_gone_well_no_ping_goes_out(pinging, receiver, caplog):
    pinging._tick(pinging.watch)
    assert receiver.requests == []
    assert "health: no_good_round" in caplog.text


def test_after_a_round_that_failed_no_ping_goes_out(pinging, receiver, monkeypatch):
    go_round(pinging)
    monkeypatch.setattr("nudger.worker.listen", lambda _ctx: 1 / 0)
    go_round(pinging)
    assert len(receiver.requests) == 1


def test_rounds_that_ended_long_ago_are_no_sign_of_life(pinging, receiver, office):
    go_round(pinging)
    office.later(minutes=25)
    pinging._tick(outgoing)
    pinging._tick(pinging.watch)
    assert len(receiver.requests) == 1


def test_while_no_calendar_can_be_read_no_ping_goes_out(pinging, receiver, office, caplog):
    go_round(pinging)
    office.later(minutes=25)
    office.world.faults.add(Fault("calendar.events.list", status=400, reason="invalid"))
    go_round(pinging)
    assert len(receiver.requests) == 1
    assert "health: no_scan" in caplog.text


def test_a_pause_is_no_reason_for_alarm(pinging, receiver, office, caplog):
    pause_sending(office.ctx.database, None, office.ctx.clock())
    go_round(pinging)
    assert len(receiver.requests) == 1
    assert "health: paused" in caplog.text


def test_a_ping_that_fails_ends_nothing_and_its_address_is_not_logged(office, caplog):
    refusing = PingReceiver(status=500)
    office.configure(f'[watch]\nping_url = "{refusing.url}"\n')
    worker = Worker(office.ctx)
    go_round(worker)
    refusing.close()
    go_round(worker)
    assert len(refusing.requests) == 1
    assert caplog.text.count("the ping of [watch] ping_url failed") == 2
    assert "abc" not in caplog.text


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

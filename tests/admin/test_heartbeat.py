"""A worker's regular sign of life: a line in the log and, while all is well, a ping."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from nudger.admin.controls import pause_sending
from nudger.admin.heartbeat import watch
from nudger.sandbox.faults import Fault
from nudger.worker import Worker, incoming, outgoing
from tests.web.conftest import free_port


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
    worker._tick(watch)


def test_while_all_is_well_a_ping_tells_it_and_nothing_else(pinging, receiver):
    go_round(pinging)
    assert receiver.requests == [("/ping/abc/", b"")]


def test_before_a_round_has_gone_well_no_ping_goes_out(pinging, receiver, caplog):
    pinging._tick(watch)
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
    pinging._tick(watch)
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

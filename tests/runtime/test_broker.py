"""How often the message broker is asked how it is."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime, timedelta

from nudger.runtime import broker
from nudger.runtime.broker import Broker, glance_at
from tests.waiting import PATIENCE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_it_is_asked_once_a_minute_at_most(monkeypatch):
    monkeypatch.setattr(broker, "SECONDS_TO_CONNECT", PATIENCE)
    with socket.create_server(("127.0.0.1", 0)) as server:
        came = []

        def turn_away():
            while True:
                try:
                    wire, _ = server.accept()
                except OSError:
                    return
                came.append(wire)
                wire.close()

        threading.Thread(target=turn_away, daemon=True).start()
        url = f"amqp://127.0.0.1:{server.getsockname()[1]}/"
        assert glance_at(url, NOW) == Broker(answers=False)
        first = len(came)
        assert first
        glance_at(url, NOW + timedelta(seconds=59))
        assert len(came) == first
        glance_at(url, NOW + timedelta(seconds=60))
        assert len(came) > first
        again = len(came)
        glance_at(url, NOW)
        assert len(came) > again, "a clock that went back is no reason to know nothing new"
        server.shutdown(socket.SHUT_RDWR)

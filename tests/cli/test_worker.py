"""`nudger worker`: what it needs to work among others, and the process as it is started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.databases import SERVER
from tests.engine.rabbitmq import URL, broker_alone, needs_broker
from tests.waiting import PATIENCE, wait_for

AMONG_OTHERS = ("worker", "--engine", "celery")


@pytest.fixture
def kept_in(request):
    return getattr(request, "param", "sqlite")


on_postgresql = pytest.mark.parametrize("kept_in", ["postgresql"], indirect=True)
needs_postgresql = pytest.mark.skipif(not SERVER, reason="NUDGER_TEST_POSTGRESQL names no server")


def test_sqlite_is_one_machines(nudger_in_office):
    result = nudger_in_office(*AMONG_OTHERS)
    assert result.exit_code == 2
    assert "need PostgreSQL" in result.stderr
    assert "nudger db copy" in " ".join(result.stderr.split())


@needs_postgresql
@on_postgresql
def test_without_the_brokers_address_it_says_where_to_set_it(nudger_in_office):
    result = nudger_in_office(*AMONG_OTHERS)
    assert result.exit_code == 2
    assert "NUDGER_CELERY__BROKER" in result.stderr


def test_an_address_of_no_broker_is_told(office, nudger_in_office):
    file = office.folder / "nudger.toml"
    file.write_text(f'{file.read_text()}\n[celery]\nbroker = "redis://localhost"\n')
    result = nudger_in_office("status")
    assert result.exit_code == 1
    assert "redis" not in result.stderr
    assert "an address of RabbitMQ" in " ".join(result.stderr.split())


ENGINES = [
    pytest.param("embedded", "sqlite", id="embedded"),
    pytest.param("celery", "postgresql", id="celery", marks=needs_broker),
]


@pytest.mark.parametrize(("engine", "kept_in"), ENGINES, indirect=["kept_in"])
def test_it_works_and_ends_when_it_is_told_to(office, engine):
    command = [sys.executable, "-m", "nudger", "--config", str(office.file), "worker"]
    with broker_alone():
        process = subprocess.Popen(
            [*command, "--engine", engine],
            env={**os.environ, "NO_COLOR": "1", "NUDGER_CELERY__BROKER": URL or "amqp://none/"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            wait_for(lambda: office.calls.get("calendar.events.list"))
            process.send_signal(signal.SIGTERM)
            out, _ = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert process.returncode == 0
    assert "Nudger has stopped." in out

"""`nudger run` with pages: two processes that share rows, and end together."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from nudger.admin.health import find_concerns
from nudger.domain.health import Concern
from nudger.store import tables
from nudger.store.controls import pages_went_down, read_switches
from nudger.store.data_keys import add_data_key
from tests.office import run_once
from tests.waiting import PATIENCE, is_running, wait_for
from tests.web.answer.test_router import COMMITMENT
from tests.web.conftest import Pages, free_port

TOKEN = re.compile(r'name="token" value="([^"]+)"')


@dataclass
class Running:
    """`nudger run` of an office, and what it has said so far."""

    process: subprocess.Popen
    url: str
    said: Path

    @property
    def pages(self):
        """The process of the pages, by its number; `None` where there is none."""
        found = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        ids = [int(line.split()[0]) for line in found.splitlines() if "process_main" in line]
        return ids[0] if ids else None

    def status(self, path="/readyz"):
        try:
            return httpx.get(self.url + path, timeout=PATIENCE).status_code
        except httpx.TransportError:
            return None


@pytest.fixture
def url(office):
    """Where the office's pages will be."""
    address = f"127.0.0.1:{free_port()}"
    office.configure(f'[web]\naddress = "{address}"\npublic_url = "http://{address}"\n')
    return f"http://{address}"


NUDGER = ("-m", "nudger")


@contextmanager
def running(office, url, program=NUDGER):
    """In a group of processes of its own."""
    said = office.folder / "said"
    with said.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, *program, "--config", str(office.file), "run"],
            env={**os.environ, "NO_COLOR": "1"},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        started = Running(process, url, said)
        try:
            wait_for(lambda: started.status() == 200 or process.poll() is not None)
            assert process.poll() is None, said.read_text()
            yield started
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def run(office, url):
    with running(office, url) as started:
        yield started


PAGES_HELD = """
import sys
from nudger.cli import main
from nudger.web import process
held, *command = sys.argv.pop(1), *process.COMMAND
waits = f'while [ -e "{held}" ]; do sleep 0.1; done; exec "$@"'
process.COMMAND = ("/bin/sh", "-c", waits, "-", *command)
main()
"""
"""`nudger` whose pages begin as soon as a file is no more there."""


@pytest.fixture
def held(tmp_path):
    return tmp_path / "held"


@pytest.fixture
def run_held(office, url, held):
    """Whose pages, once they have ended, do not come back while `held` is there."""
    with running(office, url, ("-c", PAGES_HELD, str(held))) as started:
        yield started


def ask_next_monday(office):
    """Ana is asked about a call that lies ahead whenever this is tried."""
    today = datetime.now(UTC).replace(hour=8, minute=5, second=0, microsecond=0)
    monday = today + timedelta(days=7 - today.weekday())
    office.at(monday)
    office.meet(start=monday + timedelta(days=1, hours=5))
    run_once(office.ctx)


def test_what_is_answered_on_a_page_the_worker_writes(office, url):
    ask_next_monday(office)
    with running(office, url), httpx.Client(base_url=url, timeout=PATIENCE) as client:
        page = f"{Pages(office, url, client).link()}/1"
        token = TOKEN.search(client.get(page).text)[1]
        said = {"token": token, "commitment_objective": COMMITMENT}
        assert client.post(page, data=said).status_code == 303
        wait_for(lambda: COMMITMENT in office.description("call1"))


def test_pages_seal_with_a_data_key_that_was_made_since(office, url):
    """What is sealed with an older one is lost once that is forgotten."""
    ask_next_monday(office)
    with running(office, url), httpx.Client(base_url=url, timeout=PATIENCE) as client:
        page = f"{Pages(office, url, client).link()}/1"
        token, number = TOKEN.search(client.get(page).text)[1], count(1)
        add_data_key(office.ctx.database, office.ctx.vault, office.world.now())

        def is_sealed_anew():
            said = {"token": token, "commitment_objective": f"{COMMITMENT}, step {next(number)}"}
            assert client.post(page, data=said).status_code == 303
            with office.ctx.database.read() as tx:
                sealed = tx.scalars(select(tables.answer.c.content)).all()[-1]
            return sealed.startswith(office.ctx.vault.mark)

        wait_for(is_sealed_anew)


def test_pages_that_were_killed_come_back_and_the_worker_goes_on(run):
    first = run.pages
    os.kill(first, signal.SIGKILL)
    assert wait_for(lambda: run.pages not in (None, first) and run.pages)
    wait_for(lambda: run.status("/healthz") == 200)
    assert run.process.poll() is None
    assert "the process of the pages ended with -9" in run.said.read_text()


def test_status_tells_of_pages_that_died_until_they_are_back(run_held, held, nudger_in_office):
    def is_told():
        told = nudger_in_office.json("status")["concerns"]
        return "pages_down" in [one["code"] for one in told]

    assert not is_told()
    held.touch()
    os.kill(run_held.pages, signal.SIGKILL)
    wait_for(is_told)
    assert "The process of the pages ended" in nudger_in_office("status").stdout
    held.unlink()
    wait_for(lambda: not is_told())
    assert run_held.status("/healthz") == 200


def test_pages_that_end_with_their_worker_are_no_concern(run, office):
    os.kill(run.pages, signal.SIGKILL)
    run.process.send_signal(signal.SIGTERM)
    assert run.process.wait(PATIENCE) == 0
    with office.ctx.database.read() as tx:
        assert read_switches(tx).pages_down_since is None


def test_where_no_pages_are_served_any_more_none_are_missed(office):
    with office.ctx.database.begin() as tx:
        pages_went_down(tx, office.ctx.clock())
    assert Concern.PAGES_DOWN not in find_concerns(office.ctx)
    office.configure('[web]\naddress = "127.0.0.1:8025"\n')
    assert Concern.PAGES_DOWN in find_concerns(office.ctx)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_both_end_when_the_worker_is_told_to(run, number):
    pages = run.pages
    run.process.send_signal(number)
    assert run.process.wait(PATIENCE) == 0
    assert not is_running(pages)
    assert run.said.read_text().splitlines()[-1] == "Nudger has stopped."


def test_pages_that_are_told_to_end_as_the_worker_is_are_no_fault(run):
    os.killpg(run.process.pid, signal.SIGTERM)
    assert run.process.wait(PATIENCE) == 0
    assert "the process of the pages" not in run.said.read_text()


def test_pages_end_with_a_worker_that_was_killed(run):
    pages = run.pages
    run.process.kill()
    wait_for(lambda: not is_running(pages))


def test_an_address_that_is_taken_is_told(office, nudger_in_office):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        office.configure(f'[web]\naddress = "{address}"\npublic_url = "http://{address}"\n')
        result = nudger_in_office("run")
    assert result.exit_code == 1
    assert f"cannot listen at {address}: Address already in use" in result.stderr

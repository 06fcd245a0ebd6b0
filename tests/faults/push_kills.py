"""Hints are told, the process that takes and uses them is killed, and what it had acknowledged is
looked for: it must be in the database, or have been read already.

    python -m tests.faults.push_kills --kills 500 --seed 1

prints one JSON object; ends with 1 where an acknowledged hint was lost, or none was acknowledged.
"""

from __future__ import annotations

import argparse
import base64
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from sqlalchemy import select

from nudger.config import Settings, load_settings
from nudger.demo.installation import Installation, install, introduce
from nudger.domain.event import Provider
from nudger.jobs.scan import scan
from nudger.jobs.subscribe import subscribe
from nudger.runtime.startup import open_context
from nudger.sandbox.entries import Entry
from nudger.sandbox.google.channels import GoogleChannel
from nudger.sandbox.server import SandboxServer
from nudger.sandbox.world import World
from nudger.store import tables
from nudger.store.database import Database
from nudger.store.people import NewRep
from nudger.web.push import taking
from nudger.web.serving import WebServer
from tests.web.conftest import free_port

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
REPS, TELLERS = 8, 3
MOST_IN_A_LIFE = 12
STARTS_WITHIN_SECONDS = 300
DEFECTS = ("acknowledge_first",)
FORKED = multiprocessing.get_context("fork")


def serve(settings: Settings, clock: Any, ready: Any, defect: str | None) -> None:
    """Take hints and use them, until killed."""
    _build_in(defect)

    def now() -> datetime:
        return datetime.fromtimestamp(clock.value, UTC)

    with open_context(settings, now) as ctx, WebServer(ctx):
        ready.set()
        while True:
            scan(ctx)
            time.sleep(0.005)


def _build_in(defect: str | None) -> None:
    """What the campaign must find."""
    if defect == "acknowledge_first":
        taking.hints.hint_calendars = lambda _tx, reps, _now: len(reps)


@dataclass
class Campaign:
    """`acknowledged` is the last change of each rep's calendar whose hint was acknowledged."""

    server: SandboxServer
    settings: Settings
    chance: random.Random
    database: Database
    defect: str | None = None
    acknowledged: dict[str, int] = field(default_factory=dict)
    told: int = 0
    lost: int = 0
    _left: int = 0
    _enough: threading.Event = field(default_factory=threading.Event)

    def run(self, kills: int) -> dict[str, Any]:
        world = self.server.world
        # Without a lock: who is killed while holding it never gives it back.
        clock = FORKED.Value("d", MONDAY.timestamp(), lock=False)
        for _ in range(kills):
            self._one_life(clock)
            clock.value += 60
            world.set_now(datetime.fromtimestamp(clock.value, UTC))
            self.lost += len(self._missing())
        with open_context(self.settings, world.now) as ctx:
            for _ in range(3):
                world.set_now(world.now() + timedelta(minutes=20))
                scan(ctx)
            unread = [rep for rep, change in self.acknowledged.items() if self._read(rep) < change]
        return {"kills": kills, "acknowledged": self.told, "lost": self.lost + len(unread)}

    def _one_life(self, clock: Any) -> None:
        ready = FORKED.Event()
        process = FORKED.Process(
            target=serve, args=(self.settings, clock, ready, self.defect), daemon=True
        )
        process.start()
        if not ready.wait(STARTS_WITHIN_SECONDS):
            raise RuntimeError("the process did not start")
        self._left = self.chance.randint(1, MOST_IN_A_LIFE)
        self._enough.clear()
        seeds = [self.chance.random() for _ in range(TELLERS)]
        tellers = [threading.Thread(target=self._tell, args=(seed,)) for seed in seeds]
        for teller in tellers:
            teller.start()
        self._enough.wait(STARTS_WITHIN_SECONDS)
        time.sleep(self.chance.uniform(0, 0.02))
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        for teller in tellers:
            teller.join()

    def _tell(self, seed: float) -> None:
        chance, (host, port) = random.Random(seed), self._address
        connection = HTTPConnection(host, port, timeout=STARTS_WITHIN_SECONDS)
        channels = list(self.server.google.channels.open.values())
        while True:
            channel = chance.choice(channels)
            change = self._change(channel.owner)
            try:
                connection.request("POST", "/push/google", headers=_headers(channel))
                answer = connection.getresponse()
                answer.read()
            except (OSError, HTTPException):
                return
            if answer.status == 204:
                self._keep(channel.owner, change)

    def _keep(self, rep: str, change: int) -> None:
        with self.server.world.lock:
            self.told += 1
            self._left -= 1
            if self._left <= 0:
                self._enough.set()
            self.acknowledged[rep] = max(self.acknowledged.get(rep, 0), change)

    def _change(self, rep: str) -> int:
        world = self.server.world
        with world.lock:
            entry = world.calendars.find(rep, f"call-{rep}")
            assert entry is not None
            world.calendars.change(entry, rep, False, title=f"Review {world.calendars.clock}")
            return entry.changed

    def _missing(self) -> list[str]:
        return [
            rep
            for rep, change in self.acknowledged.items()
            if self._read(rep) < change and not self._hinted(rep)
        ]

    def _row(self, rep: str) -> Any:
        with self.database.read() as tx:
            calendar, reps = tables.calendar, tables.rep.c
            found = select(calendar).join(tables.rep, reps.id == calendar.c.rep_id)
            return tx.execute(found.where(reps.email == rep)).one()

    def _hinted(self, rep: str) -> bool:
        return bool(self._row(rep).hints > 0)

    def _read(self, rep: str) -> int:
        """Up to which change the calendar was read, as the sandbox's token tells."""
        cursor = self._row(rep).cursor
        return int(json.loads(base64.urlsafe_b64decode(cursor))["at"]) if cursor else 0

    @property
    def _address(self) -> tuple[str, int]:
        host, _, port = self.settings.web.address.rpartition(":")
        return host, int(port)


def _headers(channel: GoogleChannel) -> dict[str, str]:
    return {
        "X-Goog-Channel-ID": channel.id,
        "X-Goog-Channel-Token": channel.token,
        "X-Goog-Resource-State": "exists",
        "Content-Length": "0",
    }


def campaign(kills: int, seed: int, defect: str | None = None) -> dict[str, Any]:
    """How many hints were acknowledged, and how many of these were lost, over so many kills."""
    world = World()
    world.set_now(MONDAY)
    reps = [f"rep{number}@ourco.example" for number in range(REPS)]
    for rep in reps:
        world.add_person(rep, rep, zone="Europe/Berlin")
        start = MONDAY + timedelta(days=1)
        world.calendars.add(
            Entry(
                id=f"call-{rep}", owner=rep, organizer=rep, uid=f"{rep}@x", title="Review",
                start=start, end=start + timedelta(hours=1),
            )
        )  # fmt: skip
    with tempfile.TemporaryDirectory() as name, SandboxServer(world) as server:
        settings = _installed(Path(name), server)
        with open_context(settings, world.now) as ctx:
            introduce(ctx, [NewRep(rep, Provider.GOOGLE, rep) for rep in reps])
            subscribe(ctx)
            scan(ctx)
        database = Database(settings.database)
        try:
            found = Campaign(server, settings, random.Random(seed), database, defect)
            return found.run(kills)
        finally:
            database.close()


def _installed(folder: Path, server: SandboxServer) -> Settings:
    address = f"127.0.0.1:{free_port()}"
    tables_of = f'[web]\naddress = "{address}"\npublic_url = "http://{address}"\n'
    chosen = Installation(
        {"google": None}, tables=f"{tables_of}[push]\nenabled = true\n", at_once=4
    )
    file = install(folder, server.url, chosen)
    file.write_text(f'database = "sqlite:///{folder}/nudger.db"\n{file.read_text()}')
    return load_settings(file)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--defect", choices=DEFECTS)
    given = parser.parse_args()
    found = campaign(given.kills, given.seed, given.defect)
    json.dump(found, sys.stdout)
    sys.stdout.write("\n")
    return int(found["lost"] > 0 or not found["acknowledged"])


if __name__ == "__main__":
    sys.exit(main())

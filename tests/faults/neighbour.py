"""The sandbox in a process of its own, which keeps what people see while workers die beside it.

The driver asks it over a pipe: to lay the world as it was, to let people act, to tell what they see.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

from tests.faults.faulty import Faulty, Strike
from tests.waiting import PATIENCE

ANA, BEN, MIA = "ana@ourco.example", "ben@ourco.example", "mia@ourco.example"
NUDGER, DANA = "nudger@ourco.example", "dana@acme.example"
PEOPLE = {
    ANA: "Ana Weber",
    BEN: "Ben Okafor",
    MIA: "Mia Berg",
    NUDGER: "Nudger",
    DANA: "Dana Reyes",
}
ZONE = "Europe/Berlin"
FOREIGN = "Agenda: 1 < 2 & “quotes”\r\n\r\n\thttps://meet.google.com/abc-defg-hij  \n"
FOREIGN_HTML = (
    "<html>\r\n<body><p>Agenda: 1 &lt; 2</p>\r\n<div>________<br>Join: "
    '<a href="https://teams.microsoft.com/l/1">Join</a></div></body></html>'
)


class Neighbour:
    """What the driver and its children call; each method is carried out in the other process."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any) -> Any:
            self._connection.send((name, args))
            failed, result = self._connection.recv()
            if failed:
                raise NeighbourRefused(result)
            return result

        return call


class NeighbourRefused(Exception):
    """What a person was to do cannot be done, as when the mail to answer is not there."""


@contextmanager
def a_neighbour(folder: Path) -> Iterator[tuple[Neighbour, str]]:
    """Run the sandbox beside us; gives it and its address."""
    socket = str(folder / "neighbour.sock")
    with Listener(socket, "AF_UNIX") as listener:
        process = subprocess.Popen([sys.executable, "-m", "tests.faults.neighbour", socket])
        try:
            with listener.accept() as connection:
                yield Neighbour(connection), connection.recv()
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


class Served:
    """The same methods where they are carried out."""

    def __init__(self) -> None:
        from nudger.sandbox.server import SandboxServer

        self.server = SandboxServer()
        config = self.server._server.config
        self.faulty = config.app = Faulty(config.app)  # type: ignore[arg-type,assignment]
        self.world = self.server.world

    def found(self, provider: str) -> None:
        """A new world, in which nothing has happened yet."""
        world = self.world
        self._clear()
        for email, name in PEOPLE.items():
            inside = email.endswith("@ourco.example")
            kept_by = provider if inside else "google"
            world.add_person(email, name, zone=ZONE, provider=kept_by)

    def _clear(self) -> None:
        from nudger.sandbox.world import World

        _lay(self.world, _kept(World()))

    def kept(self) -> bytes:
        return pickle.dumps(_kept(self.world))

    def lay(self, kept: bytes, strikes: list[Strike]) -> None:
        """Put the world back as it was, with these faults to come."""
        _lay(self.world, pickle.loads(kept))  # noqa: S301 - our own bytes
        self.faulty.reset(strikes)

    def struck(self) -> int:
        return self.faulty.struck

    def settle(self, requests: int) -> None:
        """Wait until what was sent to us has been dealt with."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self.faulty.received >= requests and not self.faulty.in_hand:
                return
            time.sleep(0.001)

    def forgive(self) -> None:
        """No more faults."""
        self.faulty.strikes = []

    def set_now(self, moment: datetime) -> None:
        self.world.set_now(moment)

    def meet(self, entry_id: str, title: str, start: datetime, guests: list[str]) -> None:
        from nudger.sandbox.entries import Entry, Guest

        outlook = self.world.people[ANA].provider == "microsoft"
        self.world.calendars.add(
            Entry(
                entry_id, ANA, entry_id if outlook else f"{entry_id}@google.com", ANA, title, start,
                start + timedelta(minutes=45), zone=ZONE,
                description=FOREIGN_HTML if outlook else FOREIGN,
                guests=[Guest(one, PEOPLE[one], "accepted") for one in guests],
            )
        )  # fmt: skip

    def change(self, entry_id: str, fields: dict[str, Any]) -> None:
        entry = self.world.calendars.find(ANA, entry_id)
        assert entry is not None
        if "start" in fields:
            fields = {**fields, "end": fields["start"] + (entry.end - entry.start)}
        self.world.calendars.change(entry, ANA, False, **fields)

    def reply(self, person: str, subject: str, text: str) -> None:
        """Answer the newest mail whose subject has these words."""
        from nudger.sandbox.people_pages import reply_to

        mails = [one for one in self._received(person) if subject in _subject(one)]
        if not mails:
            raise LookupError(f"{person} has no mail “{subject}” to answer")
        reply_to(self.world, person, mails[-1], text)

    def _received(self, person: str) -> list[Any]:
        mails = self.world.mailboxes.of(person).values()
        return [one for one in mails if not one.labels & {"SENT", "DRAFT"}]

    def sights(self) -> dict[str, Any]:
        """All that people see: mails, entries, drafts, and what reached the guests."""
        world = self.world
        people = [one for one in world.people if one != NUDGER]
        mails = [
            (one, _subject(mail), mail.received_at)
            for one in people
            for mail in self._received(one)
        ]
        entries = [
            (owner, entry.title, entry.start, entry.description)
            for owner in world.people
            for entry in world.calendars.of(owner).values()
            if entry.status != "cancelled"
        ]
        boxes = world.mailboxes
        drafts = sum(len(boxes.drafts_of(one)) for one in world.people) + sum(
            "DRAFT" in mail.labels for one in world.people for mail in boxes.of(one).values()
        )
        guests = [asdict(one) for one in world.ledger.mails_outside(["ourco.example"])]
        return {"mails": mails, "entries": entries, "drafts": drafts, "guests": guests}


def _kept(world: Any) -> dict[str, dict[str, Any]]:
    parts = {"world": world, "ledger": world.ledger}
    parts |= {"calendars": world.calendars, "mailboxes": world.mailboxes}
    return {
        name: {k: v for k, v in vars(part).items() if _is_content(v)}
        for name, part in parts.items()
    }


def _is_content(value: Any) -> bool:
    """Whether it is something that happened, not how a part hangs together with others."""
    if callable(value):
        return False
    return value is None or type(value).__module__ in ("builtins", "collections", "datetime")


def _lay(world: Any, kept: dict[str, dict[str, Any]]) -> None:
    clock = world.calendars.clock
    with world.lock:
        for name, values in kept.items():
            part = world if name == "world" else getattr(world, name)
            vars(part).update(values)
        # The sandbox keeps what it made of an entry by its etag: no etag ever comes again.
        world.calendars.clock = max(clock, world.calendars.clock)


def _subject(mail: Any) -> str:
    return str(make_header(decode_header(mail.headers.get("subject", ""))))


def main() -> None:
    served = Served()
    with served.server, Client(sys.argv[1], "AF_UNIX") as driver:
        driver.send(served.server.url)
        while True:
            try:
                name, args = driver.recv()
            except EOFError:
                return
            try:
                with served.world.lock if name != "settle" else _Nothing():
                    result = getattr(served, name)(*args)
                driver.send((False, result))
            except Exception as error:
                driver.send((True, f"{type(error).__name__}: {error}"))


class _Nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_what: object) -> None: ...


if __name__ == "__main__":
    main()

"""Nudger in an office of the sandbox, as tests see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from nudger.config import load_settings
from nudger.demo.installation import Installation, install, introduce
from nudger.runtime.context import Context
from nudger.runtime.pool import Pool
from nudger.runtime.startup import open_context
from nudger.sandbox.entries import Entry, Guest
from nudger.sandbox.people_pages import reply_to
from nudger.sandbox.server import SandboxServer
from nudger.sandbox.world import World
from nudger.store.people import NewRep
from nudger.worker import incoming, outgoing

NOW = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)  # a Monday, 9:05 in Berlin
ANA, BEN, NUDGER = "ana@ourco.example", "ben@ourco.example", "nudger@ourco.example"
DANA = "dana@acme.example"
BERLIN = "Europe/Berlin"
TABLES = """
[scan]
every_seconds = 60
[[milestones]]
name = "First call"
[[milestones]]
name = "Needs analysis"
[[milestones]]
name = "Decision"
"""


def run_once(ctx: Context) -> None:
    """The whole flow once: what is due goes out, what came in is understood and answered."""
    outgoing(ctx)
    incoming(ctx)


@dataclass
class Office:
    """The sandbox around Nudger, the context of its jobs, and shorthands for a test."""

    server: SandboxServer
    file: Path
    ctx: Context = field(init=False)
    _opened: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.ctx = self._open()

    @property
    def folder(self) -> Path:
        return self.file.parent

    @property
    def world(self) -> World:
        return self.server.world

    @property
    def is_outlook(self) -> bool:
        return self.world.people[ANA].provider == "microsoft"

    @property
    def calls(self) -> dict[str, int]:
        calls = self.world.ledger.calls
        return {name: count for name, count in calls.items() if not name.endswith(".token")}

    def meet(self, entry_id: str = "call1", **changes: Any) -> Entry:
        """Put a meeting of Ana with Dana tomorrow at 14:00 in Berlin into the calendars."""
        start = changes.pop("start", datetime(2026, 11, 24, 13, 0, tzinfo=UTC))
        guests = changes.pop("guests", [ANA, DANA])
        entry = Entry(
            **{
                "id": entry_id,
                "owner": ANA,
                "organizer": changes.get("owner", ANA),
                "uid": f"{entry_id}{'' if self.is_outlook else '@google.com'}",
                "title": "ACME: pilot review",
                "start": start,
                "end": start + timedelta(minutes=45),
                "description": "Agenda\nhttps://meet.google.com/abc-defg-hij",
                "guests": [
                    one if isinstance(one, Guest) else Guest(one, "", "accepted") for one in guests
                ],
                **changes,
            }
        )
        with self.world.lock:
            return self.world.calendars.add(entry)

    def at(self, moment: datetime) -> None:
        self.world.set_now(moment)

    def later(self, **by: float) -> None:
        self.world.set_now(self.world.now() + timedelta(**by))

    def inbox(self, person: str) -> list[Any]:
        with self.world.lock:
            mails = self.world.mailboxes.of(person).values()
            return [one for one in mails if "SENT" not in one.labels and "DRAFT" not in one.labels]

    def reply(self, text: str, person: str = ANA, mail: int = -1) -> None:
        """Answer a mail in this person's inbox, the newest unless told otherwise."""
        with self.world.lock:
            reply_to(self.world, person, self.inbox(person)[mail], text)

    def description(self, entry_id: str, person: str = ANA) -> str:
        with self.world.lock:
            found = self.world.calendars.find(person, entry_id)
            assert found is not None
            return found.description

    def statements(self, run: Callable[[], object]) -> list[str]:
        """The SQL that `run` has the database do."""
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            seen.append(statement)

        event.listen(self.ctx.database.engine, "before_cursor_execute", note)
        try:
            run()
        finally:
            event.remove(self.ctx.database.engine, "before_cursor_execute", note)
        return seen

    def another_worker(self) -> Context:
        """A second process on the same database, with its own connections and tokens."""
        return replace(self._open(), owner="other")

    def configure(self, text: str) -> None:
        """Go on with these settings put before the tables of nudger.toml, or after with one."""
        old = self.file.read_text()
        self.file.write_text(old + text if text.lstrip().startswith("[") else text + old)
        self.ctx = replace(self._open(), owner=self.ctx.owner)

    def close(self) -> None:
        self._opened.close()

    def _open(self) -> Context:
        """On a pool where a piece that takes long, as all do on a machine that stands still for
        seconds, is not one that hangs: tests of those make their own."""
        settings = load_settings(self.file)
        ctx = self._opened.enter_context(open_context(settings, self.world.now))
        pool = Pool(settings.at_once, hangs_after=timedelta(days=1))
        self._opened.callback(pool.close)
        return replace(ctx, pool=pool)


@contextmanager
def open_office(
    folder: Path, server: SandboxServer, database: str, *reps: NewRep, at_once: int = 1
) -> Iterator[Office]:
    """Install Nudger in the folder on this database, with a mailbox where the reps are. One piece
    of work at a time is done in the order in which it is due."""
    (provider,) = {rep.provider.value for rep in reps}
    chosen = Installation(
        {provider: NUDGER}, outlook_may_notify_guests=True, tables=TABLES, at_once=at_once
    )
    file = install(folder, server.url, chosen)
    file.write_text(f'database = "{database}"\n{file.read_text()}')
    office = Office(server, file)
    try:
        introduce(office.ctx, reps)
        yield office
    finally:
        office.close()

"""What tests share: a sandbox with people in it, and Nudger configured against it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from nudger.config import Settings, load_settings
from nudger.domain.event import Provider
from nudger.runtime.accounts import open_accounts
from nudger.runtime.context import Context
from nudger.sandbox.entries import Entry, Guest
from nudger.sandbox.google.oauth import service_account_info
from nudger.sandbox.microsoft.identity import app_credentials
from nudger.sandbox.people_pages import reply_to
from nudger.sandbox.server import SandboxServer
from nudger.sandbox.world import World
from nudger.store import people
from nudger.store.data_keys import use_data_keys
from nudger.store.database import Database
from nudger.store.people import NewRep
from nudger.store.vault import load_vault, new_key

NOW = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)  # a Monday, 9:05 in Berlin
ANA, BEN, NUDGER = "ana@ourco.example", "ben@ourco.example", "nudger@ourco.example"
DANA = "dana@acme.example"
BERLIN = "Europe/Berlin"
KEY = new_key()


@pytest.fixture(scope="session")
def service_account() -> dict[str, Any]:
    """A key takes time to make; its tokens' address is put in for each sandbox."""
    return service_account_info("http://127.0.0.1:1")


@pytest.fixture
def kept_by() -> str:
    """Who keeps our people's calendars and mailboxes; a module that runs on both overrides it."""
    return "google"


@pytest.fixture
def server(kept_by: str) -> Iterator[SandboxServer]:
    world = World()
    for email, name in ((ANA, "Ana Weber"), (BEN, "Ben Okafor"), (NUDGER, "Nudger"),
                        (DANA, "Dana Reyes")):  # fmt: skip
        inside = email.endswith("@ourco.example")
        world.add_person(email, name, zone=BERLIN, provider=kept_by if inside else "google")
    world.set_now(NOW)
    with SandboxServer(world) as running:
        yield running


@dataclass
class Office:
    """Nudger in an office: the sandbox around it, its context, and shorthands for a test."""

    server: SandboxServer
    ctx: Context
    folder: Path
    contexts: list[Context] = field(default_factory=list)

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
        return self._open(self.ctx.settings, "other")

    def configure(self, text: str) -> None:
        """Go on with these settings put before the tables of nudger.toml, or after with one."""
        file = self.folder / "nudger.toml"
        old = file.read_text()
        file.write_text(old + text if text.lstrip().startswith("[") else text + old)
        self.ctx = self._open(load_settings(file), self.ctx.owner)

    def _open(self, settings: Settings, owner: str) -> Context:
        database = Database(settings.database)
        accounts = open_accounts(settings, database, self.ctx.vault, self.world.now)
        made = Context(
            settings, database, self.ctx.vault, accounts, clock=self.world.now, owner=owner
        )
        self.contexts.append(made)
        return made


SETTINGS = """
write_back = "meeting"
time_zone = "Europe/Berlin"
[{kept_by}]
mailbox = "nudger@ourco.example"
{endpoints}
[scan]
every_seconds = 60
[[milestones]]
name = "First call"
[[milestones]]
name = "Needs analysis"
[[milestones]]
name = "Decision"
"""


ENDPOINTS = {
    "google": 'api_root = "{root}"',
    "microsoft": 'graph_root = "{root}/v1.0"\nauthority = "{root}"\n'
    "outlook_may_notify_guests = true",
}


def write_settings(
    folder: Path, server: SandboxServer, service_account: dict[str, Any], kept_by: str
) -> Path:
    """A nudger.toml, credentials and a key that point at the sandbox."""
    server.google.tokens.register(service_account)
    account = {**service_account, "token_uri": f"{server.url}/token"}
    credentials = {"google_service_account": account, "microsoft_app": app_credentials()}
    (folder / "credentials.json").write_text(json.dumps(credentials))
    (folder / "nudger.key").write_text(KEY)
    for name in ("credentials.json", "nudger.key"):
        (folder / name).chmod(0o600)
    file = folder / "nudger.toml"
    endpoints = ENDPOINTS[kept_by].format(root=server.url)
    file.write_text(SETTINGS.format(kept_by=kept_by, endpoints=endpoints))
    return file


def open_context(file: Path, server: SandboxServer) -> Context:
    """What a job needs, on a fresh database, with the sandbox's clock."""
    settings = load_settings(file)
    vault = load_vault(settings.key, settings.key_file)
    database = Database(settings.database)
    database.upgrade()
    use_data_keys(vault, database, server.world.now())
    accounts = open_accounts(settings, database, vault, server.world.now)
    clock = server.world.now
    return Context(settings, database, vault, accounts, clock=clock, stop=threading.Event())


@pytest.fixture
def settings_file(
    tmp_path: Path, server: SandboxServer, service_account: dict[str, Any], kept_by: str
) -> Path:
    return write_settings(tmp_path, server, service_account, kept_by)


@pytest.fixture
def office(server: SandboxServer, settings_file: Path, kept_by: str) -> Iterator[Office]:
    ctx = open_context(settings_file, server)
    with ctx.database.begin() as tx:
        people.set_domains(tx, ["ourco.example"], "ours", NOW)
        people.add_rep(tx, NewRep(ANA, Provider(kept_by), "Ana Weber"), NOW)
    made = Office(server, ctx, settings_file.parent)
    yield made
    for context in [ctx, *made.contexts]:
        context.database.close()

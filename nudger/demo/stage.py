"""Setting up the demonstration: a sandbox with a week in it, and Nudger configured against it.

Nudger runs as it does in production: settings from a nudger.toml, credentials from a file, the
real client libraries over a socket. Only the clock is the sandbox's, so that a week can pass.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from nudger.config import load_settings
from nudger.domain.event import Provider
from nudger.runtime.accounts import open_accounts
from nudger.runtime.context import Context
from nudger.sandbox.google.oauth import new_service_account
from nudger.sandbox.microsoft.identity import app_credentials
from nudger.sandbox.scenario import ANA, BEN, NUDGER, ZONE, week
from nudger.sandbox.server import SandboxServer
from nudger.store import people
from nudger.store.data_keys import use_data_keys
from nudger.store.database import Database
from nudger.store.people import NewRep
from nudger.store.vault import load_vault, new_key

SETTINGS = """\
write_back = "meeting"
time_zone = "{zone}"

[google]
{google_mailbox}api_root = "{root}"

[microsoft]
{microsoft_mailbox}graph_root = "{root}/v1.0"
authority = "{root}"
outlook_may_notify_guests = {may_notify}

[scan]
every_seconds = 5

[meetings]
watch = "all_outside"

[[milestones]]
name = "First call"
[[milestones]]
name = "Needs analysis"
[[milestones]]
name = "All decision makers met"
[[milestones]]
name = "Proposal meeting"
[[milestones]]
name = "Decision"
"""
DOMAINS = (
    ("ours", "ourco.example"), ("partner", "sistercorp.example"), ("customer", "acme.example"),
)  # fmt: skip
REPS = ((ANA, "Ana Weber"), (BEN, "Ben Okafor"))


@dataclass(frozen=True)
class Stage:
    """The running sandbox and the context that the jobs work with."""

    server: SandboxServer
    ctx: Context
    events: int


@dataclass(frozen=True, slots=True)
class Company:
    """Where the reps are ("google", "microsoft" or "both"), and whether their admin lets Outlook
    mail guests about a write."""

    provider: str = "google"
    may_notify_guests: bool = False


@contextmanager
def stage(port: int = 0, company: Company = Company()) -> Iterator[Stage]:
    """A sandbox on `port` (0 for any free one) and Nudger set up to work on it.

    Raises `OSError` where the port is taken.
    """
    with tempfile.TemporaryDirectory(prefix="nudger-demo-") as name:
        folder = Path(name)
        monday = first_morning()
        with SandboxServer(week(monday, provider=company.provider), port) as server:
            server.world.run_from(monday)
            ctx = _configured(folder, server, company)
            try:
                _add_people(ctx, server)
                yield Stage(server, ctx, _count_events(server))
            finally:
                ctx.database.close()


def first_morning() -> datetime:
    """Five past nine on this week's Monday in the sandbox's zone."""
    today = datetime.now(ZoneInfo(ZONE))
    monday = today - timedelta(days=today.weekday())
    return monday.replace(hour=9, minute=5, second=0, microsecond=0)


def _configured(folder: Path, server: SandboxServer, company: Company) -> Context:
    file = folder / "nudger.toml"
    mailbox = f'mailbox = "{NUDGER}"\n'
    is_outlook = company.provider == "microsoft"
    text = SETTINGS.format(
        zone=ZONE,
        root=server.url,
        google_mailbox="" if is_outlook else mailbox,
        microsoft_mailbox=mailbox if is_outlook else "",
        may_notify=str(company.may_notify_guests).lower(),
    )
    file.write_text(text, encoding="utf-8")
    credentials = {
        "google_service_account": new_service_account(server.url),
        "microsoft_app": app_credentials(),
    }
    (folder / "credentials.json").write_text(json.dumps(credentials), encoding="utf-8")
    (folder / "nudger.key").write_text(new_key(), encoding="utf-8")
    for name in ("credentials.json", "nudger.key"):
        (folder / name).chmod(0o600)
    settings = load_settings(file)
    vault = load_vault(settings.key, settings.key_file)
    database = Database(settings.database)
    database.upgrade()
    use_data_keys(vault, database, server.world.now())
    accounts = open_accounts(settings, database, vault, server.world.now)
    return Context(settings, database, vault, accounts, clock=server.world.now)


def _add_people(ctx: Context, server: SandboxServer) -> None:
    with ctx.database.begin() as tx:
        for kind, domain in DOMAINS:
            people.set_domains(tx, [domain], kind, ctx.clock())
        for email, name in REPS:
            provider = Provider(server.world.people[email].provider)
            people.add_rep(tx, NewRep(email, provider, name), ctx.clock())


def _count_events(server: SandboxServer) -> int:
    """The events in the reps' calendars that are not cancelled."""
    calendars = server.world.calendars
    held = (entry for email, _ in REPS for entry in calendars.of(email).values())
    return len([entry for entry in held if entry.status != "cancelled"])

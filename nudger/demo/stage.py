"""Setting up the demonstration: a sandbox with a week in it, and Nudger configured against it.

Nudger runs as it does in production: settings from a nudger.toml, credentials from a file, the
real client libraries over a socket. Only the clock is the sandbox's, so that a week can pass.
"""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from nudger.admin.google_addon import deployment_of
from nudger.config import load_settings
from nudger.demo.installation import Installation, install, introduce
from nudger.domain.event import Provider
from nudger.runtime.context import Context
from nudger.runtime.startup import open_context
from nudger.sandbox.mail_views import newest_link
from nudger.sandbox.scenario import ANA, BEN, NUDGER, ZONE, week
from nudger.sandbox.server import SandboxServer
from nudger.sandbox.world import World
from nudger.store.people import NewRep
from nudger.web.serving import WebServer

TABLES = """
[scan]
every_seconds = 5

[meetings]
watch = "everybody"

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
DOMAINS = {"ourco.example": "ours", "sistercorp.example": "partner", "acme.example": "customer"}
REPS = ((ANA, "Ana Weber"), (BEN, "Ben Okafor"))


@dataclass(frozen=True)
class Stage:
    """The running sandbox, the context that the jobs work with, and where it shows."""

    server: SandboxServer
    ctx: Context
    events: int

    @property
    def answer_page(self) -> str | None:
        """The page behind the link in the newest question; `None` before the first."""
        world = self.server.world
        with world.lock:
            mails = [mail for rep, _ in REPS for mail in world.mailboxes.of(rep).values()]
            return newest_link(mails, world.answer_pages or "")


@dataclass(frozen=True, slots=True)
class Company:
    """Where the reps are ("google", "microsoft" or "both"), and whether their admin lets Outlook
    mail guests about a write."""

    provider: str = "google"
    may_notify_guests: bool = False

    @property
    def installation(self) -> Installation:
        is_outlook = self.provider == "microsoft"
        mailboxes = {
            "google": None if is_outlook else NUDGER,
            "microsoft": NUDGER if is_outlook else None,
        }
        return Installation(
            mailboxes,
            self.may_notify_guests,
            TABLES + _pages_at(free_port()),
            has_google_addon=not is_outlook,
        )


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _pages_at(port: int) -> str:
    address = f"127.0.0.1:{port}"
    return f'[web]\naddress = "{address}"\npublic_url = "http://{address}"\n'


@contextmanager
def stage(port: int = 0, company: Company = Company()) -> Iterator[Stage]:
    """A sandbox on `port` (0 for any free one) and Nudger set up to work on it, its pages served.

    Raises `OSError` where the port is taken.
    """
    with tempfile.TemporaryDirectory(prefix="nudger-demo-") as name:
        folder = Path(name)
        monday = first_morning()
        with SandboxServer(week(monday, provider=company.provider), port) as server:
            server.world.run_from(monday)
            settings = load_settings(install(folder, server.url, company.installation))
            if settings.google_addon.is_installed:
                server.google.addons.install(deployment_of(settings))
            server.world.answer_pages = f"{settings.web.public_url}/answer/"
            with open_context(settings, server.world.now) as ctx, WebServer(ctx):
                introduce(ctx, _reps(server.world), DOMAINS)
                yield Stage(server, ctx, _count_events(server.world))


def first_morning() -> datetime:
    """Five past nine on this week's Monday in the sandbox's zone."""
    today = datetime.now(ZoneInfo(ZONE))
    monday = today - timedelta(days=today.weekday())
    return monday.replace(hour=9, minute=5, second=0, microsecond=0)


def _reps(world: World) -> Iterator[NewRep]:
    for email, name in REPS:
        yield NewRep(email, Provider(world.people[email].provider), name)


def _count_events(world: World) -> int:
    """The events in the reps' calendars that are not cancelled."""
    held = (entry for email, _ in REPS for entry in world.calendars.of(email).values())
    return len([entry for entry in held if entry.status != "cancelled"])

"""Setting up the demonstration: a sandbox with a week in it, and Nudger configured against it.

Nudger runs as it does in production: settings from a nudger.toml, credentials from a file, the
real client libraries over a socket. Only the clock is the sandbox's, so that a week can pass.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from nudger.admin.console_account import CALLBACK
from nudger.admin.google_addon import deployment_of
from nudger.admin.outlook_manifests import manifests_of
from nudger.admin.page_sign_in import site_url
from nudger.config import load_settings
from nudger.demo.company import AT_GOOGLE, REPS, Company, gather
from nudger.demo.doors import doors_of
from nudger.demo.installation import install
from nudger.runtime.context import Context
from nudger.runtime.startup import open_context
from nudger.sandbox.doors import Doors
from nudger.sandbox.mail_views import newest_link
from nudger.sandbox.scenario import ZONE, week
from nudger.sandbox.server import SandboxServer
from nudger.sandbox.world import World
from nudger.web.serving import WebServer


class Stopped(Exception):
    """Whoever started the demonstration wants no more of it."""


@dataclass(frozen=True)
class Stage:
    """The running sandbox, the context that the jobs work with, and where it shows."""

    server: SandboxServer
    ctx: Context
    events: int
    doors: Doors

    @property
    def answer_page(self) -> str | None:
        """The page behind the link in the newest question; `None` before the first."""
        world = self.server.world
        with world.lock:
            mails = [mail for rep, _ in REPS for mail in world.mailboxes.of(rep).values()]
            return newest_link(mails, self.doors.answers)

    def go_on(self) -> None:
        """Raises `Stopped`."""
        go_on_unless(self.ctx.stop)


def go_on_unless(stop: threading.Event) -> None:
    """Raises `Stopped`."""
    if stop.is_set():
        raise Stopped


@contextmanager
def stage(
    port: int = 0, company: Company = AT_GOOGLE, stop: threading.Event | None = None
) -> Iterator[Stage]:
    """A sandbox on `port` (0 for any free one) and Nudger set up to work on it, its pages served.

    Raises `OSError` where the port is taken, and `Stopped` where `stop` is set meanwhile.
    """
    stop = stop or threading.Event()
    with tempfile.TemporaryDirectory(prefix="nudger-demo-") as name:
        folder = Path(name)
        monday = first_morning()
        go_on_unless(stop)
        with SandboxServer(week(monday, provider=company.provider), port) as server:
            world = server.world
            world.run_from(monday)
            settings = load_settings(install(folder, server.url, company.installation(server.url)))
            if settings.google_addon.is_installed:
                server.google.addons.install(deployment_of(settings))
            if settings.outlook_addin.is_installed:
                server.microsoft.addins.install(manifests_of(settings, before=None).xml)
            go_on_unless(stop)
            with open_context(settings, world.now, stop) as ctx, WebServer(ctx):
                go_on_unless(stop)
                gather(ctx, world)
                go_on_unless(stop)
                server.openid.redirect_uris.add(f"{site_url(ctx)}{CALLBACK}")
                world.doors = doors_of(ctx)
                yield Stage(server, ctx, _count_events(world), world.doors)


def first_morning() -> datetime:
    """Five past nine on this week's Monday in the sandbox's zone."""
    today = datetime.now(ZoneInfo(ZONE))
    monday = today - timedelta(days=today.weekday())
    return monday.replace(hour=9, minute=5, second=0, microsecond=0)


def _count_events(world: World) -> int:
    """The events in the reps' calendars that are not cancelled."""
    held = (entry for email, _ in REPS for entry in world.calendars.of(email).values())
    return len([entry for entry in held if entry.status != "cancelled"])

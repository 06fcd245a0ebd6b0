"""Each provider's calendar and mailbox against the sandbox, behind one face for the suite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from nudger.providers.base import Calendar, Mailbox
from nudger.providers.google.auth import CALENDAR_SCOPE, MAIL_SCOPE, Delegation
from nudger.providers.google.calendar import GoogleCalendar
from nudger.providers.google.mailbox import GmailResources, GoogleMailbox
from nudger.providers.google.transport import Caller, Waiting, service
from nudger.sandbox.server import SandboxServer

ANA, NUDGER = "ana@ourco.example", "nudger@ourco.example"


@dataclass
class Provider:
    """One provider under test."""

    name: str
    server: SandboxServer
    calendar: Calendar
    mailbox: Mailbox


@pytest.fixture(params=["google"])
def provider(
    request: pytest.FixtureRequest, server: SandboxServer, service_account: dict[str, Any]
) -> Provider:
    account = {**service_account, "token_uri": f"{server.url}/token"}
    delegation = Delegation(account)
    waiting = Waiting(sleep=lambda _seconds: None)

    def caller(person: str, scope: str) -> Caller:
        return Caller(delegation.credentials_for(person, scope), person, waiting)

    events = service("calendar", "v3", server.url).events()
    gmail = GmailResources(service("gmail", "v1", server.url))
    return Provider(
        "google",
        server,
        GoogleCalendar(events, caller(ANA, CALENDAR_SCOPE), ANA),
        GoogleMailbox(gmail, caller(NUDGER, MAIL_SCOPE), NUDGER),
    )

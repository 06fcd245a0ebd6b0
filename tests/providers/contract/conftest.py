"""Each provider's calendar and mailbox against the sandbox, behind one face for the suite."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from nudger.providers.base import Calendar, Channels, Mailbox
from nudger.providers.google.auth import CALENDAR_SCOPE, MAIL_SCOPE, Delegation
from nudger.providers.google.calendar import GoogleCalendar
from nudger.providers.google.channels import CalendarChannels
from nudger.providers.google.mailbox import GmailResources, GoogleMailbox
from nudger.providers.google.tokens import organization_tokens
from nudger.providers.google.transport import Caller, service
from nudger.providers.microsoft.auth import OrganizationApp, OrganizationTokens
from nudger.providers.microsoft.calendar import OutlookCalendar
from nudger.providers.microsoft.graph import Graph, new_http
from nudger.providers.microsoft.mailbox import OutlookMailbox
from nudger.providers.microsoft.request import Account
from nudger.providers.microsoft.subscriptions import EVENTS, Subscriptions
from nudger.providers.retry import Patience, Retries
from nudger.sandbox.google.oauth import new_service_account
from nudger.sandbox.microsoft.identity import CLIENT_ID, CLIENT_SECRET, TENANT
from nudger.sandbox.server import SandboxServer

ANA, NUDGER = "ana@ourco.example", "nudger@ourco.example"
RETRIES = Retries(Patience(longest_wait=timedelta(seconds=5)), sleep=lambda _seconds: None)


@dataclass
class Provider:
    """One provider under test. `calls` names its calls by what they are for."""

    name: str
    server: SandboxServer
    calendar: Calendar
    mailbox: Mailbox
    channels: Channels
    calls: dict[str, str]


def google(server: SandboxServer) -> Provider:
    delegation = Delegation(new_service_account(server.url))

    def caller(person: str, scope: str) -> Caller:
        tokens = organization_tokens(delegation.credentials_for(person, scope))
        return Caller(tokens, RETRIES)

    events = service("calendar", "v3", server.url).events()
    gmail = GmailResources(service("gmail", "v1", server.url))
    return Provider(
        "google",
        server,
        GoogleCalendar(events, caller(ANA, CALENDAR_SCOPE), ANA),
        GoogleMailbox(gmail, caller(NUDGER, MAIL_SCOPE), NUDGER),
        CalendarChannels(
            events,
            service("calendar", "v3", server.url).channels(),
            caller(ANA, CALENDAR_SCOPE),
            ANA,
        ),
        {
            "open": "calendar.events.watch",
            "list": "calendar.events.list",
            "draft": "gmail.users.drafts.create",
            "send": "gmail.users.drafts.send",
            "discard": "gmail.users.drafts.delete",
            "get": "calendar.events.get",
            "patch": "calendar.events.patch",
            "delete": "calendar.events.delete",
        },
    )


def microsoft(server: SandboxServer) -> Provider:
    for person in server.world.people.values():
        person.provider = "microsoft"
    http = new_http()
    tokens = OrganizationTokens(
        OrganizationApp(TENANT, CLIENT_ID, secret=CLIENT_SECRET), http, authority=server.url
    )
    graph = Graph(
        tokens,
        http,
        root=f"{server.url}/v1.0",
        retries=RETRIES,
    )
    return Provider(
        "microsoft",
        server,
        OutlookCalendar(graph, Account.of_organization(ANA)),
        OutlookMailbox(graph, Account.of_organization(NUDGER), server.world.now),
        Subscriptions(graph, Account.of_organization(ANA), EVENTS),
        {
            "open": "graph.subscription.create",
            "list": "graph.calendar.delta",
            "draft": "graph.mail.draft",
            "send": "graph.mail.send",
            "discard": "graph.mail.delete",
            "get": "graph.calendar.get",
            "patch": "graph.calendar.update",
            "delete": "graph.calendar.delete",
        },
    )


@pytest.fixture(params=["google", "microsoft"])
def provider(request: pytest.FixtureRequest, server: SandboxServer) -> Provider:
    return google(server) if request.param == "google" else microsoft(server)

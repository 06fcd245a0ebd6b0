"""Calendars and mailboxes at Microsoft 365, by address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property

import httpx

from nudger.config import Settings
from nudger.domain.event import Provider
from nudger.providers.base import Calendar, Channels, Directory, Mailbox, SortedMailbox
from nudger.providers.google.auth import read_credentials
from nudger.providers.microsoft.admin_consent import admin_consent_link
from nudger.providers.microsoft.auth import OrganizationTokens, PersonalTokens
from nudger.providers.microsoft.calendar import OutlookCalendar
from nudger.providers.microsoft.credentials import organization_app, personal_app
from nudger.providers.microsoft.directory import EntraDirectory
from nudger.providers.microsoft.gate import Gates
from nudger.providers.microsoft.graph import Graph, new_http
from nudger.providers.microsoft.mailbox import OutlookMailbox
from nudger.providers.microsoft.owners import mailbox_of
from nudger.providers.microsoft.places import OutlookPlaces
from nudger.providers.microsoft.request import Account
from nudger.providers.microsoft.subscriptions import EVENTS, MESSAGES, Subscriptions
from nudger.runtime.consents import Consents
from nudger.runtime.subjects import Subjects

Clock = Callable[[], datetime]


class MicrosoftAccounts:
    """Calendars and mailboxes at Microsoft 365."""

    def __init__(
        self, settings: Settings, consents: Consents, subjects: Subjects,
        keep: Callable[[str, str], None], clock: Clock,
    ):  # fmt: skip
        self._settings = settings
        self._consents = consents
        self._subjects = subjects
        self._keep_consent = keep
        self._clock = clock
        self._personal: dict[str, Graph] = {}
        self._kept: dict[str, str] = {}
        self._gates = Gates()

    def calendar(self, person: str) -> Calendar:
        return OutlookCalendar(*self._reach(person))

    def mailbox(self, address: str) -> Mailbox:
        return OutlookMailbox(*self._reach(address), self._clock)

    def calendar_channels(self, person: str) -> Channels:
        return Subscriptions(*self._reach(person), EVENTS)

    def mailbox_channels(self, address: str) -> Channels:
        return Subscriptions(*self._reach(address), MESSAGES)

    def require_credentials(self) -> None:
        if self._settings.mode == "organization":
            assert self.tokens  # noqa: S101 - made here, or it raises
        else:
            personal_app(read_credentials(self._settings.credentials))

    def directory(self) -> Directory:
        return EntraDirectory(self.organization)

    def places(self, person: str) -> SortedMailbox:
        return OutlookPlaces(*self._reach(person))

    def owner_of(self, object_id: str) -> str | None:
        """The address of the mailbox of a person of our directory, by the person's id there; `None`
        where there is none, or the app may not open it. Raises `ProviderError`."""
        if self._settings.mode != "organization":
            return None
        return mailbox_of(self.organization, object_id)

    @property
    def admin_consent(self) -> str:
        """The link by which an admin consents for people who may not do so themselves."""
        microsoft = self._settings.microsoft
        app = personal_app(read_credentials(self._settings.credentials))
        return admin_consent_link(
            app, authority=microsoft.authority, graph_root=microsoft.graph_root
        )

    def _reach(self, person: str) -> tuple[Graph, Account]:
        if self._settings.mode == "organization":
            self._subjects.require(person)
            return self.organization, Account.of_organization(person)
        return self._graph_of(person), Account.of_person(person)

    @cached_property
    def tokens(self) -> OrganizationTokens:
        """The tokens of the organization's app."""
        content = read_credentials(self._settings.credentials)
        app = organization_app(content, self._settings.credentials.parent)
        microsoft = self._settings.microsoft
        return OrganizationTokens(
            app, self.http, authority=microsoft.authority, graph_root=microsoft.graph_root
        )

    @cached_property
    def organization(self) -> Graph:
        """Graph as the organization's app sees it."""
        root = self._settings.microsoft.graph_root
        return Graph(self.tokens, self.http, root=root, gates=self._gates)

    @cached_property
    def http(self) -> httpx.Client:
        return new_http()

    def _graph_of(self, person: str) -> Graph:
        """Graph as a person who connected sees it; a new consent makes it anew."""
        consent = self._consents.of(Provider.MICROSOFT, person)
        known = self._personal.get(person)
        if known is not None and self._kept.get(person) == consent:
            return known
        microsoft = self._settings.microsoft
        tokens = PersonalTokens(
            personal_app(read_credentials(self._settings.credentials)),
            consent,
            lambda cache: self._keep(person, cache),
            self.http,
            authority=microsoft.authority,
            graph_root=microsoft.graph_root,
        )
        graph = Graph(tokens, self.http, root=microsoft.graph_root, gates=self._gates)
        self._personal[person], self._kept[person] = graph, consent
        return graph

    def _keep(self, person: str, cache: str) -> None:
        """Store what the library's token cache has become."""
        self._kept[person] = cache
        self._keep_consent(person, cache)

"""Which credentials reach which calendar and mailbox: by the settings and by consent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol, cast

import httpx

from nudger.config import Settings
from nudger.domain.event import Provider
from nudger.mail.sender import EXCHANGE_ONLINE, GMAIL, Trust
from nudger.providers.base import Calendar, Directory, Mailbox, ProviderError, SortedMailbox
from nudger.providers.google.auth import (
    CALENDAR_SCOPE,
    MAIL_SCOPE,
    oauth_client,
    personal_credentials,
    read_credentials,
)
from nudger.providers.google.calendar import GoogleCalendar
from nudger.providers.google.delegation import Delegates, delegation
from nudger.providers.google.directory import (
    MEMBERS_SCOPE,
    USERS_SCOPE,
    DirectoryCallers,
    GoogleDirectory,
)
from nudger.providers.google.mailbox import GmailResources, GoogleMailbox
from nudger.providers.google.tokens import organization_tokens, personal_tokens
from nudger.providers.google.transport import Caller, service
from nudger.providers.microsoft.admin_consent import admin_consent_link
from nudger.providers.microsoft.auth import OrganizationTokens, PersonalTokens
from nudger.providers.microsoft.calendar import OutlookCalendar
from nudger.providers.microsoft.credentials import organization_app, personal_app
from nudger.providers.microsoft.directory import EntraDirectory
from nudger.providers.microsoft.gate import Gates
from nudger.providers.microsoft.graph import Graph, new_http
from nudger.providers.microsoft.mailbox import OutlookMailbox
from nudger.providers.microsoft.places import OutlookPlaces
from nudger.providers.microsoft.request import Account
from nudger.runtime.consents import Consents
from nudger.runtime.guard import Circuits, Guarded, Line
from nudger.runtime.subjects import Subjects
from nudger.store import people
from nudger.store.database import Database
from nudger.store.people import Rep
from nudger.store.vault import Vault

Clock = Callable[[], datetime]


class ProviderAccounts(Protocol):
    """The calendars and mailboxes at one provider, by address."""

    def calendar(self, person: str) -> Calendar: ...

    def mailbox(self, address: str) -> Mailbox: ...

    def directory(self) -> Directory: ...

    def require_credentials(self) -> None:
        """Raises `ProviderError` where the credentials file has not what this provider needs."""
        ...


def google_credentials_in(settings: Settings) -> Mapping[str, Any]:
    """What the credentials file holds; nothing where there is none and none is needed, since the
    identity attached to this machine signs. Raises `ProviderError`."""
    if settings.google.sign_as is not None and not settings.credentials.exists():
        return {}
    return read_credentials(settings.credentials)


class GoogleAccounts:
    """Calendars and mailboxes at Google."""

    def __init__(self, settings: Settings, consents: Consents, subjects: Subjects) -> None:
        self._settings = settings
        self._consents = consents
        self._subjects = subjects
        self._callers: dict[tuple[str, str], Caller] = {}

    def calendar(self, person: str) -> Calendar:
        return GoogleCalendar(self._events, self._caller(person, CALENDAR_SCOPE), person)

    def mailbox(self, address: str) -> Mailbox:
        return GoogleMailbox(self._gmail, self._caller(address, MAIL_SCOPE), address)

    def require_credentials(self) -> None:
        if self._settings.mode == "organization":
            assert self._delegation  # noqa: S101 - made here, or it raises
        else:
            oauth_client(self._credentials_file)

    def directory(self) -> Directory:
        """Asked as `directory_admin`, who need not be a rep: with scopes that open no mailbox."""
        admin = self._settings.google.directory_admin
        if admin is None:
            raise ProviderError(
                "Google tells who is in a group to an admin of the organization alone: put the "
                "address of one as `directory_admin` under [google] in nudger.toml "
                "(docs/setup-google.md#reps-from-a-group)."
            )
        api = service("admin", "directory_v1", self._settings.google.api_root)
        callers = DirectoryCallers(
            *(
                Caller(organization_tokens(self._delegation.credentials_for(admin, scope)))
                for scope in (MEMBERS_SCOPE, USERS_SCOPE)
            )
        )
        return GoogleDirectory(api, callers, admin)

    @cached_property
    def _events(self) -> Any:
        return service("calendar", "v3", self._settings.google.api_root).events()

    @cached_property
    def _gmail(self) -> GmailResources:
        return GmailResources(service("gmail", "v1", self._settings.google.api_root))

    @cached_property
    def _credentials_file(self) -> Mapping[str, Any]:
        return google_credentials_in(self._settings)

    @cached_property
    def _delegation(self) -> Delegates:
        google = self._settings.google
        return delegation(
            self._credentials_file,
            google.sign_as,
            iam_root=google.iam_root,
            token_uri=google.token_uri,
        )

    def _caller(self, person: str, scope: str) -> Caller:
        """One caller a person and scope, or a consent, so that an access token serves until it
        runs out and a new consent is used at once."""
        if self._settings.mode == "organization":
            self._subjects.require(person)
            key = (person, scope)
            if key not in self._callers:
                credentials = self._delegation.credentials_for(person, scope)
                self._callers[key] = Caller(organization_tokens(credentials))
            return self._callers[key]
        consent = self._consents.of(Provider.GOOGLE, person)
        key = (person, consent)
        if key not in self._callers:
            credentials = personal_credentials(consent, oauth_client(self._credentials_file))
            self._callers[key] = Caller(personal_tokens(credentials, person))
        return self._callers[key]


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

    def require_credentials(self) -> None:
        if self._settings.mode == "organization":
            assert self.tokens  # noqa: S101 - made here, or it raises
        else:
            personal_app(read_credentials(self._settings.credentials))

    def directory(self) -> Directory:
        return EntraDirectory(self.organization)

    def places(self, person: str) -> SortedMailbox:
        return OutlookPlaces(*self._reach(person))

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


class ConfiguredAccounts:
    """The accounts that the settings describe; see `context.Accounts`."""

    def __init__(self, settings: Settings, database: Database, vault: Vault, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._circuits = Circuits(clock)
        consents, subjects = Consents(database, vault), Subjects(settings, database, clock)

        def keep(person: str, consent: str) -> None:
            consents.keep(Provider.MICROSOFT, person, consent, clock())

        self.microsoft = MicrosoftAccounts(settings, consents, subjects, keep, clock)
        self._providers: Mapping[Provider, ProviderAccounts] = {
            Provider.GOOGLE: GoogleAccounts(settings, consents, subjects),
            Provider.MICROSOFT: self.microsoft,
        }

    def calendar(self, rep: Rep) -> Calendar:
        line = Line(rep.provider, rep.email)
        return cast("Calendar", self._guard(line, self._providers[rep.provider].calendar))

    def mailbox(self, address: str) -> Mailbox:
        line = Line(self._provider_of(address), address)
        return cast("Mailbox", self._guard(line, self._providers[line.provider].mailbox))

    def places_of(self, rep: Rep) -> SortedMailbox | None:
        if rep.provider is not Provider.MICROSOFT:
            return None
        line = Line(rep.provider, rep.email)
        return cast("SortedMailbox", self._guard(line, self.microsoft.places))

    def directory(self, provider: Provider) -> Directory:
        if self._settings.mode == "personal":
            raise ProviderError(
                'in mode = "personal" one person has given consent, and nobody may read groups.'
            )
        return self._providers[provider].directory()

    def _guard(self, line: Line, reach: Callable[[str], object]) -> Guarded:
        """Raises `LeftAlone` at once, before anything is begun that the call would end."""
        self._circuits.require_closed(line)
        return Guarded(reach(line.person), line, self._circuits, self._database)

    def require_credentials(self, provider: Provider) -> None:
        """Raises `ProviderError` where the credentials file has not what this provider needs."""
        self._providers[provider].require_credentials()

    def mailbox_for(self, rep: Rep) -> str:
        if self._settings.mode == "personal":
            return rep.email
        google, microsoft = self._settings.google.mailbox, self._settings.microsoft.mailbox
        own, other = (google, microsoft) if rep.provider is Provider.GOOGLE else (microsoft, google)
        mailbox = own or other
        if mailbox is None:
            raise ProviderError(
                f"No shared mailbox is set: put `mailbox` under [{rep.provider}] in nudger.toml."
            )
        return mailbox

    def trust(self, address: str) -> Trust:
        is_outlook = self._provider_of(address) is Provider.MICROSOFT
        return EXCHANGE_ONLINE if is_outlook else GMAIL

    def _provider_of(self, address: str) -> Provider:
        """Who keeps this mailbox: by the settings, or as its rep's calendar."""
        if self._settings.mode == "organization":
            is_outlook = address == self._settings.microsoft.mailbox
            return Provider.MICROSOFT if is_outlook else Provider.GOOGLE
        with self._database.read() as tx:
            rep = people.find_rep(tx, address)
        return rep.provider if rep else Provider.GOOGLE


def open_accounts(
    settings: Settings, database: Database, vault: Vault, clock: Clock
) -> ConfiguredAccounts:
    """`clock` gives aware moments."""
    return ConfiguredAccounts(settings, database, vault, clock)

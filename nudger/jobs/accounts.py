"""Which credentials reach which calendar and mailbox: by the settings and by consent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from nudger.config import Settings
from nudger.domain.event import Provider
from nudger.mail.sender import EXCHANGE_ONLINE, GMAIL, Trust
from nudger.providers.base import Calendar, Mailbox, ProviderError, ReconnectNeeded
from nudger.providers.google.auth import (
    CALENDAR_SCOPE,
    MAIL_SCOPE,
    Delegation,
    oauth_client,
    personal_credentials,
    read_credentials,
    service_account_info,
)
from nudger.providers.google.calendar import GoogleCalendar
from nudger.providers.google.mailbox import GmailResources, GoogleMailbox
from nudger.providers.google.transport import Caller, service
from nudger.store.database import Database
from nudger.store.people import Rep
from nudger.store.secrets import Secrets
from nudger.store.vault import Vault


def google_secret(person: str) -> str:
    """The name under which a person's Google consent is kept."""
    return f"google:{person}"


class GoogleAccounts:
    """Calendars and mailboxes at Google."""

    def __init__(self, settings: Settings, database: Database, vault: Vault) -> None:
        self._settings = settings
        self._database = database
        self._secrets = Secrets(vault)
        self._callers: dict[tuple[str, str], Caller] = {}

    def calendar(self, person: str) -> GoogleCalendar:
        return GoogleCalendar(self._events, self._caller(person, CALENDAR_SCOPE), person)

    def mailbox(self, address: str) -> GoogleMailbox:
        return GoogleMailbox(self._gmail, self._caller(address, MAIL_SCOPE), address)

    @cached_property
    def _events(self) -> Any:
        return service("calendar", "v3", self._settings.google.api_root).events()

    @cached_property
    def _gmail(self) -> GmailResources:
        return GmailResources(service("gmail", "v1", self._settings.google.api_root))

    @cached_property
    def _credentials_file(self) -> Mapping[str, Any]:
        return read_credentials(self._settings.credentials)

    @cached_property
    def _delegation(self) -> Delegation:
        return Delegation(service_account_info(self._credentials_file))

    def _caller(self, person: str, scope: str) -> Caller:
        """One caller a person and scope, or a consent, so that an access token serves until it
        runs out and a new consent is used at once."""
        if self._settings.mode == "organization":
            key = (person, scope)
            if key not in self._callers:
                credentials = self._delegation.credentials_for(person, scope)
                self._callers[key] = Caller(credentials, person)
            return self._callers[key]
        consent = self._consent(person)
        key = (person, consent)
        if key not in self._callers:
            credentials = personal_credentials(consent, oauth_client(self._credentials_file))
            self._callers[key] = Caller(credentials, person)
        return self._callers[key]

    def _consent(self, person: str) -> str:
        with self._database.read() as tx:
            stored = self._secrets.get(tx, google_secret(person))
        if stored is None:
            raise ReconnectNeeded(
                f"{person} has not connected Google yet: run `nudger connect google {person}`."
            )
        return stored


class ConfiguredAccounts:
    """The accounts that the settings describe; see `context.Accounts`."""

    def __init__(self, settings: Settings, database: Database, vault: Vault) -> None:
        self._settings = settings
        self._google = GoogleAccounts(settings, database, vault)

    def calendar(self, rep: Rep) -> Calendar:
        self._require_google(rep.provider)
        return self._google.calendar(rep.email)

    def mailbox(self, address: str) -> Mailbox:
        return self._google.mailbox(address)

    def mailbox_for(self, rep: Rep) -> str:
        if self._settings.mode == "personal":
            return rep.email
        shared = {
            Provider.GOOGLE: self._settings.google.mailbox,
            Provider.MICROSOFT: self._settings.microsoft.mailbox,
        }
        mailbox = shared.get(rep.provider) or self._settings.google.mailbox
        if mailbox is None:
            raise ProviderError(
                "No shared mailbox is set: put `mailbox` under [google] in nudger.toml."
            )
        return mailbox

    def trust(self, address: str) -> Trust:
        return EXCHANGE_ONLINE if address == self._settings.microsoft.mailbox else GMAIL

    @staticmethod
    def _require_google(provider: Provider) -> None:
        if provider is not Provider.GOOGLE:
            raise ProviderError("Outlook calendars are not supported yet: use provider google.")


def open_accounts(settings: Settings, database: Database, vault: Vault) -> ConfiguredAccounts:
    return ConfiguredAccounts(settings, database, vault)

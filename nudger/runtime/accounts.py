"""Which credentials reach which calendar and mailbox: by the settings and by consent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol, cast

from nudger.config import Settings
from nudger.domain.event import Provider
from nudger.mail.genuine_sender import EXCHANGE_ONLINE, GMAIL, Trust
from nudger.providers.base import (
    Calendar,
    Channels,
    Directory,
    Mailbox,
    ProviderError,
    SortedMailbox,
)
from nudger.runtime.consents import Consents
from nudger.runtime.provider_guard import Circuits, Guarded, Line
from nudger.runtime.subjects import Subjects
from nudger.store import people
from nudger.store.database import Database
from nudger.store.people import Rep
from nudger.store.vault import Vault

if TYPE_CHECKING:
    from nudger.runtime.google_accounts import GoogleAccounts
    from nudger.runtime.microsoft_accounts import MicrosoftAccounts

Clock = Callable[[], datetime]


class ProviderAccounts(Protocol):
    """The calendars and mailboxes at one provider, by address."""

    def calendar(self, person: str) -> Calendar: ...

    def mailbox(self, address: str) -> Mailbox: ...

    def directory(self) -> Directory: ...

    def calendar_channels(self, person: str) -> Channels: ...

    def mailbox_channels(self, address: str) -> Channels: ...

    def require_credentials(self) -> None:
        """Raises `ProviderError` where the credentials file has not what this provider needs."""
        ...


class ConfiguredAccounts:
    """The accounts that the settings describe; see `context.Accounts`."""

    def __init__(self, settings: Settings, database: Database, vault: Vault, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._circuits = Circuits(clock)
        consents, subjects = Consents(database, vault), Subjects(settings, database, clock)

        def keep(person: str, consent: str) -> None:
            consents.keep(Provider.MICROSOFT, person, consent, clock())

        def google() -> GoogleAccounts:
            from nudger.runtime.google_accounts import GoogleAccounts  # noqa: PLC0415 - see below

            return GoogleAccounts(settings, consents, subjects)

        def microsoft() -> MicrosoftAccounts:
            from nudger.runtime.microsoft_accounts import MicrosoftAccounts  # noqa: PLC0415

            return MicrosoftAccounts(settings, consents, subjects, keep, clock)

        # The providers' libraries take longer to import than most commands need in all.
        self._makers: Mapping[Provider, Callable[[], ProviderAccounts]] = {
            Provider.GOOGLE: google,
            Provider.MICROSOFT: microsoft,
        }
        self._made: dict[Provider, ProviderAccounts] = {}
        self._making = threading.Lock()

    @property
    def microsoft(self) -> MicrosoftAccounts:
        return cast("MicrosoftAccounts", self._at(Provider.MICROSOFT))

    @property
    def _google(self) -> GoogleAccounts:
        return cast("GoogleAccounts", self._at(Provider.GOOGLE))

    def _at(self, provider: Provider) -> ProviderAccounts:
        """One for all threads, since the limits of a provider are counted in it."""
        with self._making:
            if provider not in self._made:
                self._made[provider] = self._makers[provider]()
            return self._made[provider]

    def calendar(self, rep: Rep) -> Calendar:
        line = Line(rep.provider, rep.email)
        return cast("Calendar", self._guard(line, self._at(rep.provider).calendar))

    def calendar_shown_to(self, rep: Rep, calendar_id: str) -> Calendar:
        line = Line(rep.provider, rep.email)
        reach = partial(self._google.calendar_shown_to, calendar_id=calendar_id)
        return cast("Calendar", self._guard(line, reach))

    def mailbox(self, address: str) -> Mailbox:
        line = Line(self.provider_of(address), address)
        return cast("Mailbox", self._guard(line, self._at(line.provider).mailbox))

    def calendar_channels(self, rep: Rep) -> Channels:
        line = Line(rep.provider, rep.email)
        return cast("Channels", self._guard(line, self._at(rep.provider).calendar_channels))

    def mailbox_channels(self, address: str) -> Channels:
        line = Line(self.provider_of(address), address)
        return cast("Channels", self._guard(line, self._at(line.provider).mailbox_channels))

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
        return self._at(provider).directory()

    def _guard(self, line: Line, reach: Callable[[str], object]) -> Guarded:
        """Raises `LeftAlone` at once, before anything is begun that the call would end."""
        self._circuits.require_closed(line)
        return Guarded(reach(line.person), line, self._circuits, self._database)

    def require_credentials(self, provider: Provider) -> None:
        """Raises `ProviderError` where the credentials file has not what this provider needs."""
        self._at(provider).require_credentials()

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

    def owner_of(self, object_id: str) -> str | None:
        return self.microsoft.owner_of(object_id)

    def trust(self, address: str) -> Trust:
        is_outlook = self.provider_of(address) is Provider.MICROSOFT
        return EXCHANGE_ONLINE if is_outlook else GMAIL

    def provider_of(self, address: str) -> Provider:
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

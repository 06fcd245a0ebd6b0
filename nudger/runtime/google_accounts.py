"""Calendars and mailboxes at Google, by address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from nudger.config import Settings
from nudger.domain.event import Provider
from nudger.providers.base import Calendar, Channels, Directory, Mailbox, ProviderError
from nudger.providers.google.auth import (
    CALENDAR_SCOPE,
    MAIL_SCOPE,
    oauth_client,
    personal_credentials,
    read_credentials,
)
from nudger.providers.google.calendar import GoogleCalendar
from nudger.providers.google.channels import CalendarChannels
from nudger.providers.google.delegation import Delegates, delegation
from nudger.providers.google.directory import (
    MEMBERS_SCOPE,
    USERS_SCOPE,
    DirectoryCallers,
    GoogleDirectory,
)
from nudger.providers.google.mail_channels import MailChannels
from nudger.providers.google.mailbox import GmailResources, GoogleMailbox
from nudger.providers.google.tokens import organization_tokens, personal_tokens
from nudger.providers.google.transport import Caller, service
from nudger.runtime.consents import Consents
from nudger.runtime.subjects import Subjects


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

    def calendar_shown_to(self, person: str, calendar_id: str) -> Calendar:
        """Any calendar that the person sees at Google, as they see it."""
        return GoogleCalendar(self._events, self._caller(person, CALENDAR_SCOPE), calendar_id)

    def mailbox(self, address: str) -> Mailbox:
        return GoogleMailbox(self._gmail, self._caller(address, MAIL_SCOPE), address)

    def calendar_channels(self, person: str) -> Channels:
        channels = service("calendar", "v3", self._settings.google.api_root).channels()
        caller = self._caller(person, CALENDAR_SCOPE)
        return CalendarChannels(self._events, channels, caller, person)

    def mailbox_channels(self, address: str) -> Channels:
        users = service("gmail", "v1", self._settings.google.api_root).users()
        topic = self._settings.push.gmail_topic or ""
        return MailChannels(users, self._caller(address, MAIL_SCOPE), topic)

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

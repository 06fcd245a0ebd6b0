"""What a job works with: settings, store, providers, clock."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Protocol

from nudger.config import Settings
from nudger.domain.event import Provider
from nudger.mail.genuine_sender import Trust
from nudger.providers.base import Calendar, Channels, Directory, Mailbox, SortedMailbox
from nudger.providers.chat import Chat
from nudger.runtime.chat_account import open_chat
from nudger.runtime.mail_reader import Reader, shared_reader
from nudger.runtime.pool import Pool
from nudger.runtime.rounds import Rounds
from nudger.store.answers import Answers
from nudger.store.database import Database
from nudger.store.inbox import Inbox
from nudger.store.leases import DEFAULT_WAIT, Claimant
from nudger.store.meetings import Meetings
from nudger.store.outcomes import Outcomes
from nudger.store.people import Rep
from nudger.store.secrets import Secrets
from nudger.store.vault import Vault


class Accounts(Protocol):
    """Whose calendars and mailboxes we can reach, and as whom."""

    def calendar(self, rep: Rep) -> Calendar: ...

    def mailbox(self, address: str) -> Mailbox: ...

    def calendar_channels(self, rep: Rep) -> Channels:
        """How the rep's provider is asked to tell of changes in the rep's calendar."""
        ...

    def mailbox_channels(self, address: str) -> Channels:
        """How its provider is asked to tell of mail in this mailbox."""
        ...

    def places_of(self, rep: Rep) -> SortedMailbox | None:
        """Where mails lie in the rep's own mailbox; `None` where that is not for us to see."""
        ...

    def mailbox_for(self, rep: Rep) -> str:
        """The address that asks this rep: the shared mailbox, or the rep's own."""
        ...

    def provider_of(self, address: str) -> Provider:
        """Who keeps this mailbox: by the settings, or as its rep's calendar."""
        ...

    def calendar_shown_to(self, rep: Rep, calendar_id: str) -> Calendar:
        """Another calendar at Google, as the rep sees it. Raises `ProviderError`."""
        ...

    def directory(self, provider: Provider) -> Directory:
        """The groups of the organization. Raises `ProviderError` where the settings reach none."""
        ...

    def owner_of(self, object_id: str) -> str | None:
        """The address of the mailbox of a person of our directory at Microsoft, by the person's id
        there; `None` where the settings reach none. Raises `ProviderError`."""
        ...

    def trust(self, address: str) -> Trust:
        """Whose word on a sender counts in this mailbox."""
        ...


def current_time() -> datetime:
    return datetime.now(UTC)


def worker_name() -> str:
    """A name for this process that no other worker has."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def _tell_nobody(_what: str, _why: str) -> None:
    """The log and the row tell it already."""


@dataclass(frozen=True)
class Context:
    """Passed to every job. `clock` gives aware UTC moments, `random_bytes` unguessable ones.

    When `stop` is set, a job ends after the pieces of work in hand. `on_failure` is told of each
    piece of work that failed: what it was, and why in one line. With `leaves_behind` a job ends
    although some pieces hang, which go on by themselves.
    """

    settings: Settings
    database: Database
    vault: Vault
    accounts: Accounts
    clock: Callable[[], datetime] = current_time
    random_bytes: Callable[[int], bytes] = secrets.token_bytes
    owner: str = field(default_factory=worker_name)
    stop: threading.Event = field(default_factory=threading.Event)
    reader: Reader = field(default_factory=shared_reader)
    on_failure: Callable[[str, str], None] = _tell_nobody
    rounds: Rounds = field(default_factory=Rounds)
    pool: Pool = field(default_factory=Pool)
    leaves_behind: bool = False

    def claimant(self) -> Claimant:
        often = (self.settings.scan.every_seconds, self.settings.listen_every_seconds)
        longest = max(DEFAULT_WAIT, *(timedelta(seconds=one) for one in often))
        return Claimant(self.owner, self.clock(), longest_wait=longest)

    @cached_property
    def chat(self) -> Chat | None:
        """Where reps are asked who chose it; `None` where there is none."""
        return open_chat(self.settings.slack)

    @cached_property
    def meetings(self) -> Meetings:
        return Meetings(self.vault)

    @cached_property
    def answers(self) -> Answers:
        return Answers(self.vault)

    @cached_property
    def outcomes(self) -> Outcomes:
        return Outcomes(self.vault)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.vault)

    @cached_property
    def secrets(self) -> Secrets:
        return Secrets(self.vault)

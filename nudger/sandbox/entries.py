"""What a calendar of the sandbox holds: one entry is one event in one person's calendar."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class Guest:
    """A line of a guest list; `response` is Google's word for it."""

    email: str
    name: str = ""
    response: str = "needsAction"
    resource: bool = False
    optional: bool = False


@dataclass
class Entry:
    """One copy of an event. The organizer's copy rules; guests' copies follow it.

    `series_id` and `original_start` are set for a date of a series. `quirk` says what a write by a
    guest does: "refuse" (403), "ignore" (200 without effect) or "local" (this copy only).
    """

    id: str
    owner: str
    uid: str
    organizer: str
    title: str
    start: datetime
    end: datetime
    zone: str = "Europe/Berlin"
    all_day: bool = False
    description: str = ""
    guests: list[Guest] = field(default_factory=list)
    status: str = "confirmed"
    kind: str = "default"
    transparent: bool = False
    visibility: str = "default"
    location: str = ""
    series_id: str | None = None
    original_start: datetime | None = None
    guests_hidden: bool = False
    guests_omitted: bool = False
    locked: bool = False
    quirk: str = "refuse"
    private_properties: dict[str, str] = field(default_factory=dict)
    source: dict[str, str] | None = None
    sequence: int = 0
    changed: int = 0

    @property
    def etag(self) -> str:
        return f'"{self.changed}"'

    @property
    def is_organizers(self) -> bool:
        return self.owner == self.organizer


SHARED_FIELDS = (
    "title", "start", "end", "zone", "all_day", "description", "status", "location", "guests",
)  # fmt: skip


@dataclass
class StoredMessage:
    """A mail as it lies in one mailbox."""

    id: str
    thread_id: str
    owner: str
    raw: bytes
    labels: set[str]
    history_id: int
    received_at: datetime
    rfc_message_id: str
    headers: dict[str, str]
    properties: dict[str, str] = field(default_factory=dict)
    tab: str = "focused"

    def summary(self) -> dict[str, Any]:
        return {"id": self.id, "threadId": self.thread_id}


@dataclass
class Draft:
    id: str
    owner: str
    message: StoredMessage


@dataclass
class WorkingWeek:
    """Working hours as somebody set them in Outlook, in Graph's words. `zone` stands beside them,
    the mailbox's own unless said otherwise."""

    starts: str = "08:00:00.0000000"
    ends: str = "17:00:00.0000000"
    days: tuple[str, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")
    zone: str | None = None


@dataclass
class Person:
    """Somebody with a calendar and a mailbox; outside guests are people too.

    `provider` is "google" or "microsoft": who keeps both. `outlook_zone` is what Outlook calls the
    zone where that is not what `zone` is called there, as for a zone of one's own making.
    `usual_tab` is where Outlook sorts mail of senders for whom `tabs` says nothing; mail from
    `junk` senders goes to the junk folder. `is_admin` is an admin of the organization, who may
    read its groups.
    """

    email: str
    name: str
    provider: str = "google"
    zone: str = "Europe/Berlin"
    outlook_zone: str | None = None
    week: WorkingWeek = field(default_factory=WorkingWeek)
    has_calendar: bool = True
    revoked: bool = False
    usual_tab: str = "focused"
    tabs: dict[str, str] = field(default_factory=dict)
    junk: set[str] = field(default_factory=set)
    aliases: tuple[str, ...] = ()
    suspended: bool = False
    is_admin: bool = False


@dataclass
class Group:
    """A group of the organization; `members` are addresses of people and of groups."""

    email: str
    id: str
    members: list[str] = field(default_factory=list)

"""What is kept of a customer meeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nudger.domain.commitment import MeetingState
from nudger.domain.event import Attendee
from nudger.store.vault import SealBroken, Sealed


@dataclass(frozen=True, slots=True)
class MeetingDetails:
    """What a mail needs to show of a meeting; sealed in the database. `all_day` is of whole days,
    from the midnight that it starts to the one that it ends."""

    title: str = field(repr=False)
    guests: tuple[Attendee, ...] = field(repr=False)
    link: str = field(default="", repr=False)
    all_day: bool = False

    def as_json(self) -> dict[str, Any]:
        guests = [[guest.email, guest.name] for guest in self.guests]
        shown = {"title": self.title, "guests": guests, "link": self.link}
        return shown | {"all_day": True} if self.all_day else shown

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> MeetingDetails:
        guests = tuple(Attendee(email=email, name=name) for email, name in value["guests"])
        return cls(value["title"], guests, value["link"], value.get("all_day", False))


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """A meeting as the latest reading of a calendar judged it. `start` and `end` are aware.

    `fingerprint` is what its copies at different providers have in common.
    """

    meeting_key: str
    rep_id: int
    rep_reason: str
    reason: str
    start: datetime
    end: datetime
    time_zone: str
    customers: tuple[str, ...]
    details: MeetingDetails
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    id: int
    meeting_key: str
    rep_id: int
    rep_reason: str
    state: MeetingState
    reason: str
    start: datetime
    end: datetime
    time_zone: str
    customers: tuple[str, ...]
    sealed_details: Sealed = field(repr=False, compare=False)

    @property
    def details(self) -> MeetingDetails:
        """Raises `SealBroken`."""
        return MeetingDetails.from_json(self.sealed_details.open_json())

    @property
    def is_all_day(self) -> bool:
        """Whether it is known to last whole days."""
        try:
            return self.details.all_day
        except SealBroken:
            return False

    @property
    def known_title(self) -> str | None:
        """The title; `None` where its seal is broken."""
        try:
            return self.details.title
        except SealBroken:
            return None

    @property
    def shown_title(self) -> str:
        """The title, or that it cannot be read."""
        return self.known_title or "(its title cannot be read)"

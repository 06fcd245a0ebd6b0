"""The sandbox's world: people, their calendars and mailboxes, and a clock that can be driven."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from nudger.sandbox.calendars import Calendars
from nudger.sandbox.doors import Doors
from nudger.sandbox.entries import Group, Person
from nudger.sandbox.faults import Faults
from nudger.sandbox.ledger import Ledger
from nudger.sandbox.mailboxes import Mailboxes


class World:
    """`lock` guards everything: requests and tests come from several threads.

    `doors` lead to what a visitor may try of the product that runs here, where one does;
    `seconds_away` how long each call to a provider takes before anything happens. Visitors
    turn the clock where it `has_own_time`; else the product goes by another.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.ledger = Ledger()
        self.faults = Faults()
        self.calendars = Calendars(self.ledger, self._has_calendar)
        self.mailboxes = Mailboxes(self.ledger, self.now, self.people)
        self.doors: Doors | None = None
        self.seconds_away = 0.0
        self.has_own_time = True
        self._fixed: datetime | None = None
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The sandbox's time: the real one, or where `set_now` put it."""
        return self._fixed if self._fixed is not None else datetime.now(UTC) + self._ahead

    def local_now(self, zone: str) -> datetime:
        return self.now().astimezone(ZoneInfo(zone))

    def set_now(self, moment: datetime | None) -> None:
        self._fixed = moment

    def run_from(self, moment: datetime) -> None:
        """Let time run on from this moment."""
        self._fixed, self._ahead = None, moment - datetime.now(UTC)

    def add_person(self, email: str, name: str, **more: object) -> Person:
        person = Person(email=email, name=name, **more)  # type: ignore[arg-type]
        self.people[email] = person
        return person

    def add_group(self, email: str, *members: str) -> Group:
        """A group of people and of other groups, by address; each kind of directory knows it."""
        group = Group(email, str(uuid.uuid5(uuid.NAMESPACE_DNS, email)), list(members))
        self.groups[email] = group
        return group

    def person_of(self, address: str) -> Person | None:
        """Whose address or alias this is."""
        by_alias = (one for one in self.people.values() if address in one.aliases)
        return self.people.get(address) or next(by_alias, None)

    def reads(self, email: str) -> dict[str, str]:
        """Event id -> the description that this person reads now."""
        with self.lock:
            entries = self.calendars.of(email).values()
            return {one.id: one.description for one in entries if one.status != "cancelled"}

    def receives(self, email: str) -> list[str]:
        """The subjects of all that was mailed to this person."""
        return [one.subject for one in self.ledger.deliveries if one.to == email]

    def _has_calendar(self, email: str) -> bool:
        person = self.people.get(email)
        return person is not None and person.has_calendar

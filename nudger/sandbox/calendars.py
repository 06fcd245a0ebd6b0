"""The calendars of the sandbox: who sees what, and what a change does to whom."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from nudger.sandbox.entries import SHARED_FIELDS, Entry, Guest
from nudger.sandbox.ledger import Delivery, Ledger


class Calendars:
    """Every person's entries. `change` stamps; `people` tells who has a calendar of their own;
    `readers` has by its owner, or its id, with whom a calendar is shared."""

    def __init__(self, ledger: Ledger, has_calendar: Callable[[str], bool]) -> None:
        self._ledger = ledger
        self._has_calendar = has_calendar
        self._entries: dict[str, dict[str, Entry]] = {}
        self.readers: dict[str, set[str]] = {}
        self.clock = 0
        self.expired_before: dict[str, int] = {}
        self.page_size: int | None = None
        self.empty_pages = False
        self.gives_tokens = True
        self.search_is_careless = False

    def of(self, owner: str) -> dict[str, Entry]:
        return self._entries.setdefault(owner, {})

    def find(self, owner: str, entry_id: str) -> Entry | None:
        return self.of(owner).get(entry_id)

    def copies(self, entry: Entry) -> Iterator[Entry]:
        """The copies of an event in all calendars."""
        for calendar in self._entries.values():
            found = calendar.get(entry.id)
            if found is not None and found.uid == entry.uid:
                yield found

    def add(self, entry: Entry) -> Entry:
        """Put the organizer's entry and a copy into each guest's calendar, mailing nobody."""
        self._put(entry)
        for guest in entry.guests:
            if guest.email != entry.owner and self._has_calendar(guest.email):
                self._put(_copy_for(entry, guest.email))
        return entry

    def add_series(self, first: Entry, dates: int, every: timedelta) -> list[Entry]:
        """Put the dates of a series, each an entry of its own with its original start."""
        added = []
        for number in range(dates):
            one = copy.deepcopy(first)
            one.start, one.end = first.start + every * number, first.end + every * number
            one.series_id = first.id
            one.original_start = one.start
            one.id = f"{first.id}_{one.start:%Y%m%dT%H%M%SZ}"
            added.append(self.add(one))
        return added

    def change(self, entry: Entry, by: str, notify: bool, **fields: Any) -> None:  # noqa: FBT001
        """Change a copy as `by`; the organizer's shared fields reach all copies."""
        targets = list(self.copies(entry)) if by == entry.organizer else [entry]
        for target in targets:
            for name, value in fields.items():
                if target is entry or name in SHARED_FIELDS:
                    setattr(target, name, copy.deepcopy(value))
            self._stamp(target)
        if by == entry.organizer:
            self._invite_new_guests(entry)
            if notify:
                self._mail_guests(entry)

    def cancel(self, entry: Entry, by: str, notify: bool = False) -> None:  # noqa: FBT001, FBT002
        self.change(entry, by, notify, status="cancelled")

    def respond(self, owner: str, entry_id: str, response: str) -> None:
        """A guest answers the invitation: the only thing that flows back to the organizer."""
        for target in list(self.copies(self.of(owner)[entry_id])):
            for guest in target.guests:
                if guest.email == owner:
                    guest.response = response
            self._stamp(target)

    def expire_tokens(self, owner: str) -> None:
        self.expired_before[owner] = self.clock + 1
        self.clock += 1

    def _put(self, entry: Entry) -> None:
        self.of(entry.owner)[entry.id] = entry
        self._stamp(entry)

    def _stamp(self, entry: Entry) -> None:
        self.clock += 1
        entry.changed = self.clock
        entry.sequence += 1

    def _invite_new_guests(self, entry: Entry) -> None:
        holders = {found.owner for found in self.copies(entry)}
        for guest in entry.guests:
            if guest.email not in holders and self._has_calendar(guest.email):
                self._put(_copy_for(entry, guest.email))

    def _mail_guests(self, entry: Entry) -> None:
        for guest in entry.guests:
            if guest.email != entry.organizer and not guest.resource:
                subject = f"Updated invitation: {entry.title}"
                update = Delivery(guest.email, entry.organizer, subject, "calendar_update")
                self._ledger.delivered(update)


def _copy_for(entry: Entry, owner: str) -> Entry:
    made = copy.deepcopy(entry)
    made.owner = owner
    made.private_properties = {}
    made.transparent = False
    return made


def new_entry_id() -> str:
    return secrets.token_hex(13)


def guest(email: str, name: str = "", response: str = "accepted") -> Guest:
    return Guest(email, name, response)


def moved(entry: Entry, start: datetime) -> dict[str, datetime]:
    """The fields that moving an entry to another start changes."""
    return {"start": start, "end": start + (entry.end - entry.start)}

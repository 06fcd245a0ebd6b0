"""What is longer or larger than a call: an onsite of a customer's, or no meeting of a rep's at all?

A workshop at a listed customer is the call worth most, a trade fair or a webinar is none. A guest
who accepted tells them apart, since calendars are full of days that somebody only marked.
Sources: docs/how-it-works.md#onsites.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from nudger.domain.event import Attendee, Event, Response

LONGEST_VISIT = timedelta(days=14)
"""What lasts longer is a phase of a project that somebody drew into the calendar."""


class Onsites(StrEnum):
    """Which events are asked about that last all day, or longer than a call: those that a guest
    from a listed customer, or anybody watched, accepted or organizes; or none."""

    CUSTOMERS = "customers"
    ASK = "ask"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody from outside who has not declined: whose guest, and whether their customer is
    listed."""

    attendee: Attendee
    customer: str
    is_listed: bool
    organizes: bool

    @property
    def comes(self) -> bool:
        return self.organizes or self.attendee.response is Response.ACCEPTED


def is_onsite(event: Event, guests: Sequence[Guest], which: Onsites) -> bool:
    """Whether a long event is one to ask about."""
    if which is Onsites.SKIP or event.end - event.start > LONGEST_VISIT:
        return False
    return any(guest.comes and (guest.is_listed or which is Onsites.ASK) for guest in guests)


def is_shown_free(event: Event, guests: Sequence[Guest]) -> bool:
    """Whether "free" says that nobody has to be there. Of a whole day it says nothing once a listed
    customer's guest accepted our invitation: both calendars show each new one so."""
    if event.busy:
        return False
    accepted = (g for g in guests if g.is_listed and not g.organizes)
    return not (event.all_day and any(g.attendee.response is Response.ACCEPTED for g in accepted))


def is_crowd(guests: Sequence[Guest], most: int) -> bool:
    """Whether more than `most` guests make it an event for many. Where a listed customer comes with
    half of them or more, it is that customer's workshop."""
    if len(guests) <= most:
        return False
    companies = Counter(guest.customer for guest in guests)
    coming = {guest.customer for guest in guests if guest.is_listed and guest.comes}
    return not any(2 * companies[customer] >= len(guests) for customer in coming)

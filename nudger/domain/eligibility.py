"""Does this event deserve a question, and whom to ask? Every verdict comes with its reason.

The rules in words: docs/how-it-works.md#which-meetings.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from nudger.domain.addresses import mailbox_of, plain_address
from nudger.domain.domains import DomainRules, Party, PartyKind
from nudger.domain.event import (
    Attendee,
    AttendeeKind,
    Event,
    EventKind,
    EventStatus,
    Response,
    Visibility,
)
from nudger.domain.extent import Guest, Onsites, is_crowd, is_onsite, is_shown_free
from nudger.domain.reasons import Reason
from nudger.domain.rooms import is_room
from nudger.domain.titles import (
    TitleWords,
    bundled_title_words,
    has_word,
    is_cancelled_title,
    title_words,
)
from nudger.domain.verdict import Decision, Verdict
from nudger.domain.watching import HELD_BACK, Visit, Watch, why_not_watched

_KINDS = {
    EventKind.FOCUS_TIME: Reason.FOCUS_TIME,
    EventKind.OUT_OF_OFFICE: Reason.OUT_OF_OFFICE,
    EventKind.WORKING_LOCATION: Reason.WORKING_LOCATION,
    EventKind.BIRTHDAY: Reason.BIRTHDAY,
    EventKind.FROM_MAIL: Reason.FROM_MAIL,
}


@dataclass(frozen=True)
class Policy:
    """What an admin decides about meetings; the defaults need no thought.

    `watch` says which outside domains are watched that nobody listed, and `title_tells_trade` that
    a title may tell that an unknown guest is no customer. For a word of `title_words`, the bundled
    ones, nothing is asked unless a listed customer takes part; for one of `own_title_words`, which
    the admin chose, nothing is. `all_day` and `long` say which events are asked about that last
    whole days, or longer than `longest`.
    """

    rules: DomainRules
    watch: Watch = Watch.REVIEW
    ask_about_private: bool = False
    all_day: Onsites = Onsites.CUSTOMERS
    long: Onsites = Onsites.CUSTOMERS
    longest: timedelta = timedelta(hours=8)
    max_guests: int = 30
    title_words: tuple[str, ...] = field(default_factory=bundled_title_words)
    title_tells_trade: bool = True
    own_title_words: tuple[str, ...] = ()

    @cached_property
    def every_title_word(self) -> TitleWords:
        return title_words((*self.title_words, *self.own_title_words))

    @cached_property
    def chosen_title_word(self) -> TitleWords:
        return title_words(self.own_title_words)


@dataclass(frozen=True, slots=True)
class _Parties:
    """Who takes part, as far as it matters here."""

    guests: tuple[Guest, ...]
    customers: tuple[str, ...]
    listed: bool
    never: bool
    mass_sender: bool
    lookalike: bool


_NOBODY_FROM_OUTSIDE = _Parties(
    (), (), listed=False, never=False, mass_sender=False, lookalike=False
)


def judge(
    event: Event, rep: str, policy: Policy, now: datetime, aliases: Collection[str] = ()
) -> Verdict:
    """Ask about `event`, which lies in the calendar of the address `rep`, or not, and why. The rep
    may be invited under one of the `aliases`.

    A guest on the never list counts as nobody: alone it gives no question, beside a customer it
    takes none away.
    """
    parties = _parties(event, policy.rules)
    reason = (
        _by_the_event(event, (rep, *aliases), policy, now, parties.guests)
        or _by_who_comes(event, policy, parties)
        or _by_size_and_title(event, policy, parties)
    )
    asked_for = Reason.CUSTOMER if parties.listed else Reason.OUTSIDE
    return Verdict(
        Decision.SKIP if reason else Decision.ASK,
        reason or asked_for,
        parties.customers,
        tuple([guest.attendee for guest in parties.guests]),
        parties.lookalike,
    )


def _by_the_event(
    event: Event,
    rep: Collection[str],
    policy: Policy,
    now: datetime,
    guests: Sequence[Guest],
) -> Reason | None:
    if event.status is EventStatus.CANCELLED or is_cancelled_title(event.title):
        return Reason.CANCELLED
    is_visit = event.kind is EventKind.WORKING_LOCATION and bool(guests)
    if event.kind is not EventKind.MEETING and not is_visit:
        return _KINDS[event.kind]
    if event.all_day and not is_onsite(event, guests, policy.all_day):
        return Reason.ALL_DAY
    if _declined(event, rep):
        return Reason.DECLINED
    if event.start <= now:
        return Reason.PAST
    if event.visibility in _PRIVATE and not policy.ask_about_private:
        return Reason.PRIVATE
    return Reason.FREE if is_shown_free(event, guests) else None


_PRIVATE = (Visibility.PRIVATE, Visibility.CONFIDENTIAL)


def _declined(event: Event, rep: Collection[str]) -> bool:
    """Whether who has these addresses declined, under each that is invited."""
    if not any(a.response is Response.DECLINED for a in event.attendees):
        return False
    own = {mailbox_of(address) for address in rep}
    said = [a.response for a in event.attendees if mailbox_of(a.email) in own]
    return bool(said) and all(one is Response.DECLINED for one in said)


def _by_who_comes(event: Event, policy: Policy, parties: _Parties) -> Reason | None:
    if parties.listed:
        return None
    not_watched = _why_not_watched(event, policy, parties.customers)
    if parties.customers and not_watched is None:
        return None
    if parties.mass_sender:
        return Reason.MASS_INVITATION
    if not event.attendees_complete:
        return Reason.GUESTS_HIDDEN
    if not_watched is not None:
        return not_watched
    return Reason.NEVER if parties.never else Reason.NO_CUSTOMER


def _why_not_watched(event: Event, policy: Policy, customers: Sequence[str]) -> Reason | None:
    if not customers:
        return None
    host = _party_of(event.organizer, policy.rules).customer if event.organizer else None
    visit = Visit(customers, event.title, host, policy.rules.names, policy.title_tells_trade)
    reason = why_not_watched(policy.watch, visit)
    says_so = reason in HELD_BACK and has_word(event.title, policy.every_title_word)
    return Reason.TITLE_WORD if says_so else reason


def _by_size_and_title(event: Event, policy: Policy, parties: _Parties) -> Reason | None:
    is_long = not event.all_day and event.end - event.start > policy.longest
    if is_long and not is_onsite(event, parties.guests, policy.long):
        return Reason.TOO_LONG
    if is_crowd(parties.guests, policy.max_guests):
        return Reason.TOO_MANY_GUESTS
    words = policy.chosen_title_word if parties.listed else policy.every_title_word
    return Reason.TITLE_WORD if has_word(event.title, words) else None


def _parties(event: Event, rules: DomainRules) -> _Parties:
    """Sort everybody who takes part; the organizer counts, declined guests do not."""
    guests: list[Guest] = []
    never = mass_sender = lookalike = False
    for attendee in _everybody(event):
        party = _party_of(attendee, rules)
        if party.kind is PartyKind.NEVER:
            never = True
        elif party.kind is PartyKind.MASS_SENDER:
            mass_sender = True
        elif party.customer is not None and attendee.response is not Response.DECLINED:
            is_listed = party.kind is PartyKind.CUSTOMER
            organizes = event.organizer is not None and attendee.email == event.organizer.email
            guests.append(Guest(attendee, party.customer, is_listed, organizes))
            lookalike = lookalike or party.lookalike
    if not guests and not never and not mass_sender:
        return _NOBODY_FROM_OUTSIDE
    customers = tuple(dict.fromkeys([guest.customer for guest in guests]))
    listed = any(guest.is_listed for guest in guests)
    return _Parties(tuple(guests), customers, listed, never, mass_sender, lookalike)


def _everybody(event: Event) -> tuple[Attendee, ...]:
    organizer = event.organizer
    if organizer is None or any(a.email == organizer.email for a in event.attendees):
        return event.attendees
    return (organizer, *event.attendees)


_NOBODY = Party(PartyKind.NOBODY)


def _party_of(attendee: Attendee, rules: DomainRules) -> Party:
    if attendee.kind is AttendeeKind.RESOURCE or "@" not in attendee.email:
        return _NOBODY
    party = rules.classify(attendee.email)
    is_listed_by_address = party.entry is not None and "@" in party.entry
    if party.customer is None or is_listed_by_address:
        return party
    return _NOBODY if is_room(plain_address(attendee.email), attendee.name) else party

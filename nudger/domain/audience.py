"""Does this event deserve a question, and whom to ask? Every verdict comes with its reason.

The rules in words: docs/how-it-works.md#which-meetings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Protocol, TypeVar

from nudger.domain.addresses import is_room, mailbox_of
from nudger.domain.domains import DomainRules, Party, PartyKind
from nudger.domain.event import (
    Attendee,
    AttendeeKind,
    Event,
    EventKind,
    EventStatus,
    Provider,
    Response,
    Visibility,
)
from nudger.domain.titles import bundled_title_words, has_word, is_cancelled_title


class Decision(StrEnum):
    ASK = "ask"
    SKIP = "skip"


class ReasonCode(StrEnum):
    """Why an event is asked about or not; `words` says it to a person."""

    CUSTOMER = "customer"
    OUTSIDE = "outside"
    NO_CUSTOMER = "no_customer"
    NOT_WATCHED = "not_watched"
    NEVER = "never_domain"
    GUESTS_HIDDEN = "guests_hidden"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    PRIVATE = "private"
    ALL_DAY = "all_day"
    FREE = "free"
    OUT_OF_OFFICE = "out_of_office"
    FOCUS_TIME = "focus_time"
    WORKING_LOCATION = "working_location"
    BIRTHDAY = "birthday"
    FROM_MAIL = "from_mail"
    TOO_LONG = "too_long"
    TOO_MANY_GUESTS = "too_many_guests"
    TITLE_WORD = "title_word"
    MASS_INVITATION = "mass_invitation"
    PAST = "past"
    BEYOND_HORIZON = "beyond_horizon"
    SERIES_MUTED = "series_muted"
    OTHER_DATE = "other_date"

    @cached_property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    ReasonCode.CUSTOMER: "A customer that you watch takes part.",
    ReasonCode.OUTSIDE: "Somebody from outside takes part.",
    ReasonCode.NO_CUSTOMER: "Nobody from outside takes part.",
    ReasonCode.NOT_WATCHED: "Only listed customers are watched, and none of them takes part.",
    ReasonCode.NEVER: "The only outside guests are on the list never to be asked about.",
    ReasonCode.GUESTS_HIDDEN: "The guest list is hidden or cut, so we cannot see who comes.",
    ReasonCode.CANCELLED: "The meeting is cancelled.",
    ReasonCode.DECLINED: "The rep declined it.",
    ReasonCode.PRIVATE: "It is marked private.",
    ReasonCode.ALL_DAY: "It lasts all day.",
    ReasonCode.FREE: 'It is shown as "free".',
    ReasonCode.OUT_OF_OFFICE: "It is an out-of-office entry.",
    ReasonCode.FOCUS_TIME: "It is focus time.",
    ReasonCode.WORKING_LOCATION: "It says where the rep works.",
    ReasonCode.BIRTHDAY: "It is a birthday.",
    ReasonCode.FROM_MAIL: "The calendar made it from a mail, such as a flight.",
    ReasonCode.TOO_LONG: "It is longer than a meeting may be.",
    ReasonCode.TOO_MANY_GUESTS: "It has more guests than a meeting may have.",
    ReasonCode.TITLE_WORD: "Its title has a word for which nothing is asked.",
    ReasonCode.MASS_INVITATION: "A webinar or event service sent it to everybody who signed up.",
    ReasonCode.PAST: "It has already begun.",
    ReasonCode.BEYOND_HORIZON: "It is too far ahead.",
    ReasonCode.SERIES_MUTED: "The rep muted its series.",
    ReasonCode.OTHER_DATE: "Another date of its series is asked about.",
}

_KINDS = {
    EventKind.FOCUS_TIME: ReasonCode.FOCUS_TIME,
    EventKind.OUT_OF_OFFICE: ReasonCode.OUT_OF_OFFICE,
    EventKind.WORKING_LOCATION: ReasonCode.WORKING_LOCATION,
    EventKind.BIRTHDAY: ReasonCode.BIRTHDAY,
    EventKind.FROM_MAIL: ReasonCode.FROM_MAIL,
}


@dataclass(frozen=True)
class Policy:
    """What an admin decides about meetings; the defaults need no thought.

    `listed_only` watches customer domains alone; otherwise every outside domain is watched.
    `title_words` are those for which nothing is asked, the bundled ones unless the admin took them
    out.
    """

    rules: DomainRules
    listed_only: bool = False
    ask_about_private: bool = False
    longest: timedelta = timedelta(hours=8)
    most_guests: int = 30
    title_words: tuple[str, ...] = field(default_factory=bundled_title_words)
    horizon: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`customers` are those seen, also where nothing is asked; `guests` the people of theirs.

    `lookalike` marks a guest whose domain was made to be mistaken for ours.
    """

    decision: Decision
    reason: ReasonCode
    customers: tuple[str, ...] = ()
    guests: tuple[Attendee, ...] = ()
    lookalike: bool = False

    @property
    def asks(self) -> bool:
        return self.decision is Decision.ASK


@dataclass(frozen=True, slots=True)
class _Parties:
    """Who takes part, as far as it matters here."""

    customers: tuple[str, ...] = ()
    guests: tuple[Attendee, ...] = ()
    listed: bool = False
    never: bool = False
    mass_sender: bool = False
    lookalike: bool = False


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
        _by_the_event(event, (rep, *aliases), policy, now)
        or _by_who_comes(event, policy, parties)
        or _by_size_and_title(event, policy)
    )
    asked_for = ReasonCode.CUSTOMER if parties.listed else ReasonCode.OUTSIDE
    return Verdict(
        Decision.SKIP if reason else Decision.ASK,
        reason or asked_for,
        parties.customers,
        parties.guests,
        parties.lookalike,
    )


def _by_the_event(
    event: Event, rep: Collection[str], policy: Policy, now: datetime
) -> ReasonCode | None:
    if event.status is EventStatus.CANCELLED or is_cancelled_title(event.title):
        return ReasonCode.CANCELLED
    if event.kind is not EventKind.MEETING:
        return _KINDS[event.kind]
    if event.all_day:
        return ReasonCode.ALL_DAY
    if _declined(event, rep):
        return ReasonCode.DECLINED
    if event.start <= now:
        return ReasonCode.PAST
    if policy.horizon is not None and event.start > now + policy.horizon:
        return ReasonCode.BEYOND_HORIZON
    if event.visibility in _PRIVATE and not policy.ask_about_private:
        return ReasonCode.PRIVATE
    return None if event.busy else ReasonCode.FREE


_PRIVATE = (Visibility.PRIVATE, Visibility.CONFIDENTIAL)


def _declined(event: Event, rep: Collection[str]) -> bool:
    """Whether who has these addresses declined, under each that is invited."""
    if not any(a.response is Response.DECLINED for a in event.attendees):
        return False
    own = {mailbox_of(address) for address in rep}
    said = [a.response for a in event.attendees if mailbox_of(a.email) in own]
    return bool(said) and all(one is Response.DECLINED for one in said)


def _by_who_comes(event: Event, policy: Policy, parties: _Parties) -> ReasonCode | None:
    if parties.listed or (parties.customers and not policy.listed_only):
        return None
    if parties.mass_sender:
        return ReasonCode.MASS_INVITATION
    if not event.attendees_complete:
        return ReasonCode.GUESTS_HIDDEN
    if parties.customers:
        return ReasonCode.NOT_WATCHED
    return ReasonCode.NEVER if parties.never else ReasonCode.NO_CUSTOMER


def _by_size_and_title(event: Event, policy: Policy) -> ReasonCode | None:
    if event.end - event.start > policy.longest:
        return ReasonCode.TOO_LONG
    if len(event.attendees) > policy.most_guests < _people(event):
        return ReasonCode.TOO_MANY_GUESTS
    return ReasonCode.TITLE_WORD if has_word(event.title, policy.title_words) else None


def _people(event: Event) -> int:
    return sum(a.kind is not AttendeeKind.RESOURCE for a in event.attendees)


def _parties(event: Event, rules: DomainRules) -> _Parties:
    """Sort everybody who takes part; the organizer counts, declined guests do not."""
    customers: dict[str, None] = {}
    guests: list[Attendee] = []
    listed = never = mass_sender = lookalike = False
    for attendee in _everybody(event):
        party = _party_of(attendee, rules)
        if party.kind is PartyKind.NEVER:
            never = True
        elif party.kind is PartyKind.MASS_SENDER:
            mass_sender = True
        elif party.customer is not None and attendee.response is not Response.DECLINED:
            customers[party.customer] = None
            guests.append(attendee)
            listed = listed or party.kind is PartyKind.CUSTOMER
            lookalike = lookalike or party.lookalike
    return _Parties(tuple(customers), tuple(guests), listed, never, mass_sender, lookalike)


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
    return _NOBODY if is_room(attendee.email, attendee.name) else party


class HasPosition(Protocol):
    """A rep as far as choosing one goes: a lower `position` is asked first."""

    @property
    def position(self) -> int: ...


R = TypeVar("R", bound=HasPosition)


class RepReason(StrEnum):
    """Why this rep is asked and not another."""

    ORGANIZER = "organizer"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    UNANSWERED = "unanswered"
    CALENDAR_OWNER = "calendar_owner"
    HANDED_OVER = "handed_over"


_BY_RESPONSE = {
    Response.ACCEPTED: (1, RepReason.ACCEPTED),
    Response.TENTATIVE: (2, RepReason.TENTATIVE),
    Response.NEEDS_ACTION: (3, RepReason.UNANSWERED),
}


def choose_rep(
    event: Event, reps: Mapping[str, R], may_ask: Callable[[R], bool] = lambda _rep: True
) -> tuple[R, RepReason] | None:
    """Who is asked: the organizer if watched, else the first who accepted, is tentative, or has
    not answered; ties by position. `reps` maps addresses to reps; who may not be asked, as after
    "stop", comes last. `None` when the guest list names no rep."""
    candidates: list[tuple[int, R, RepReason]] = []
    for attendee in event.attendees:
        rep = reps.get(attendee.email)
        ranked = _BY_RESPONSE.get(attendee.response)
        if rep is not None and ranked is not None:
            candidates.append((ranked[0], rep, ranked[1]))
    organizer = event.organizer and reps.get(event.organizer.email)
    if organizer and not (event.organizer and _declined(event, (event.organizer.email,))):
        candidates.append((0, organizer, RepReason.ORGANIZER))
    if not candidates:
        return None
    best = min(candidates, key=lambda c: (not may_ask(c[1]), c[0], c[1].position))
    return best[1], best[2]


def fingerprint(event: Event) -> str:
    """What copies of one meeting at different providers have in common: organizer, start, title
    and people. Their identifiers are the providers' own and differ."""
    people = {a.email for a in event.attendees if a.kind is not AttendeeKind.RESOURCE}
    organizer = event.organizer.email if event.organizer else ""
    title = " ".join(event.title.casefold().split())
    parts = [organizer, str(int(event.start.timestamp())), title, *sorted(people | {organizer})]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def meeting_key(event: Event) -> str:
    """What copies of one meeting in several calendars of one provider have in common.

    Google's iCalUID is one for a whole series, so that the original start tells its dates apart;
    Outlook's differs for each date.
    """
    original = event.key.original_start
    if original is None or event.key.provider is Provider.MICROSOFT:
        return f"{event.key.provider}:{event.ical_uid}"
    return f"{event.key.provider}:{event.ical_uid}:{original:%Y%m%dT%H%M%SZ}"

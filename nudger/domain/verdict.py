"""Whether an event is asked about, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from nudger.domain.event import (
    Attendee,
)


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

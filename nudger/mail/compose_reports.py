"""Our mails that ask nothing: a rep's week, a manager's reps, a colleague who was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_interval

from nudger.domain.history import Tally
from nudger.domain.week import Remark, remark_on
from nudger.mail.catalogue import Catalogue
from nudger.mail.compose import Envelope, MeetingShown, meeting_values, message_of, short_day
from nudger.mail.display import display_address, display_text
from nudger.mail.templates import Templates

MOST_CALLS_SHOWN = 5
REMARKS = {
    Remark.REACHED: "%(reached)s of %(asked)s calls took a sale to its next milestone.",
    Remark.AGREED: "In %(agreed)s of %(asked)s calls the customer agreed to what you had planned.",
    Remark.ALL_IN_TIME: "You knew before every call what the customer should agree to.",
    Remark.VALID: "In %(valid)s of %(asked)s calls you had a real Commitment Objective.",
    Remark.IN_TIME: "You thought ahead before %(answered_in_time)s of %(asked)s calls.",
    Remark.NEW_START: "One line before each call is enough; this week is a new start.",
}


@dataclass(frozen=True, slots=True)
class CallShown:
    title: str
    start: datetime


@dataclass(frozen=True, slots=True)
class WeekShown:
    """A rep's week. `behind` and `ahead` are the first and the last day of each stretch, `zone` is
    the rep's.

    `unknown` are the calls of which we do not know what came, `bare` the coming ones without a
    Commitment Objective, `prepared` counts those with one. `manager` gets the same numbers.
    """

    behind: tuple[date, date]
    ahead: tuple[date, date]
    zone: ZoneInfo
    numbers: Tally
    unknown: Sequence[CallShown]
    bare: Sequence[CallShown]
    prepared: int
    manager: str | None = None


def compose_week(templates: Templates, envelope: Envelope, week: WeekShown) -> EmailMessage:
    """A rep's own calls: what became of last week's, what is still open of those ahead."""
    words, numbers = templates.words, week.numbers
    values = {
        "week": days_shown(words, week.behind),
        "week_ahead": days_shown(words, week.ahead),
        "numbers": numbers,
        "remark": words.say(REMARKS[remark_on(numbers)], **_counts(numbers)),
        "unknown": _calls(words, week.unknown, week.zone),
        "prepared": week.prepared,
        "bare": _calls(words, week.bare, week.zone),
        "bare_count": len(week.bare),
        "manager": _manager(week.manager),
    }
    return message_of(templates, envelope, "weekly", values)


def compose_week_notice(
    templates: Templates, envelope: Envelope, manager: str | None
) -> EmailMessage:
    """Tell a rep who has no numbers this week who will get them with the next."""
    return message_of(templates, envelope, "weekly_notice", {"manager": _manager(manager)})


def compose_manager_week(
    templates: Templates, envelope: Envelope, behind: tuple[date, date], lines: Sequence[Tally]
) -> EmailMessage:
    """A line for each rep, in the order given."""
    values = {
        "week": days_shown(templates.words, behind),
        "lines": [{**_counts(one), "name": display_text(one.name, 60)} for one in lines],
    }
    return message_of(templates, envelope, "manager_weekly", values)


@dataclass(frozen=True, slots=True)
class AskedColleague:
    """Who was asked about a meeting instead of the reader."""

    name: str
    address: str


def compose_colleague(
    templates: Templates, envelope: Envelope, calls: Sequence[tuple[MeetingShown, AskedColleague]]
) -> EmailMessage:
    """Tell who takes part in these meetings which colleague was asked about each."""
    shown = [
        {**meeting_values(templates.words, meeting), "asked": display_text(asked.name, 60)}
        for meeting, asked in calls
    ]
    values = {"calls": shown, "own_address": display_address(envelope.rep_address)}
    return message_of(templates, envelope, "colleague", values)


def days_shown(words: Catalogue, days: tuple[date, date]) -> str:
    """As in "16–22 Nov"."""
    return str(format_interval(*days, "MMMd", locale=words.locale))


def _counts(numbers: Tally) -> dict[str, Any]:
    return {
        "asked": numbers.asked,
        "answered_in_time": numbers.answered_in_time,
        "valid": numbers.valid,
        "agreed": numbers.agreed,
        "partly": numbers.partly,
        "not_agreed": numbers.not_agreed,
        "reached": numbers.reached,
    }


def _calls(words: Catalogue, calls: Sequence[CallShown], zone: ZoneInfo) -> list[str]:
    shown = [
        f"{display_text(one.title, 80) or words.say('(no title)')} "
        f"({short_day(words, one.start.astimezone(zone))})"
        for one in calls[:MOST_CALLS_SHOWN]
    ]
    more = len(calls) - len(shown)
    return [*shown, words.say("%(count)s more", count=more)] if more else shown


def _manager(address: str | None) -> str | None:
    return address and display_address(address)

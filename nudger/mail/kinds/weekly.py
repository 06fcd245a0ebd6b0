"""A rep's own week: what became of the calls, what is still open of those ahead.

A rep without numbers is only told who will get them with the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from nudger.domain.history import Tally
from nudger.domain.mails import MailKind
from nudger.domain.translatable import N_
from nudger.domain.week import Remark, Week, WeeklyPart, remark_on
from nudger.mail.catalogue import Catalogue
from nudger.mail.compose import Envelope, days_shown, message_of, short_day, tells
from nudger.mail.display import display_address, display_text
from nudger.mail.kind import Content, Kind, Letter, Scene
from nudger.mail.sample_people import MANAGER, NUMBERS
from nudger.mail.templates import Templates

MOST_CALLS_SHOWN = 5
REMARKS = {
    Remark.REACHED: N_("%(reached)s of %(asked)s calls took a sale to its next milestone."),
    Remark.AGREED: N_(
        "In %(agreed)s of %(asked)s calls the customer agreed to what you had planned."
    ),
    Remark.ALL_IN_TIME: N_("You knew before every call what the customer should agree to."),
    Remark.VALID: N_("In %(valid)s of %(asked)s calls you had a real Commitment Objective."),
    Remark.IN_TIME: N_("You thought ahead before %(answered_in_time)s of %(asked)s calls."),
    Remark.NEW_START: N_("One line before each call is enough; this week is a new start."),
}


class CallShown(NamedTuple):
    title: str
    start: datetime


class WeekShown(BaseModel):
    """A rep's week. `behind` and `ahead` are the first and the last day of each stretch.

    `unknown` are the calls of which we do not know what came, `bare` the coming ones without a
    Commitment Objective, `prepared` counts those with one. `manager` gets the same numbers, and
    reads what is planned where the rep `shares` it.
    """

    model_config = ConfigDict(frozen=True)

    part: WeeklyPart
    behind: tuple[date, date]
    ahead: tuple[date, date]
    numbers: Tally
    unknown: tuple[CallShown, ...]
    bare: tuple[CallShown, ...]
    prepared: int
    manager: str | None = None
    shares: bool = False


class OfWeek(Content):
    """What is known of a week's mail when it is planned."""

    week: Week


class WeeklyContent(OfWeek):
    """`shown` is known once the mail is about to go out."""

    shown: WeekShown | None = None


def render(letter: Letter[WeeklyContent], templates: Templates, envelope: Envelope) -> EmailMessage:
    week = letter.content.shown
    assert week is not None  # noqa: S101 - gathered before anything is drafted
    if week.part is WeeklyPart.NOTICE:
        values = {"manager": _manager(week.manager)}
        told = templates.words.say(
            "From now on your manager, %(manager)s, gets the numbers of your customer calls once a "
            "week.",
            **values,
        )
        return message_of(templates, envelope, "weekly_notice", tells(told), values)
    return _with_numbers(week, letter.zone, templates, envelope)


def _with_numbers(
    week: WeekShown, zone: ZoneInfo, templates: Templates, envelope: Envelope
) -> EmailMessage:
    words, numbers = templates.words, week.numbers
    remark = words.say(REMARKS[remark_on(numbers)], **asdict(numbers))
    values = {
        "week": days_shown(words, week.behind),
        "week_ahead": days_shown(words, week.ahead),
        "numbers": numbers,
        "remark": remark,
        "unknown": _calls(words, week.unknown, zone),
        "prepared": week.prepared,
        "bare": _calls(words, week.bare, zone),
        "bare_count": len(week.bare),
        "manager": _manager(week.manager),
        "shares": week.shares,
    }
    return message_of(templates, envelope, "weekly", tells(remark), values)


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


def sample(scene: Scene, part: WeeklyPart = WeeklyPart.NUMBERS) -> Letter[WeeklyContent]:
    first = scene.calls[0].shown.start
    today, day = first.date(), timedelta(days=1)
    shown = WeekShown(
        part=part,
        behind=(today - 7 * day, today - day),
        ahead=(today, today + 6 * day),
        numbers=NUMBERS[0],
        unknown=(CallShown("Initech: demo for operations", first - 2 * day),),
        bare=tuple(CallShown(one.shown.title, one.shown.start) for one in scene.calls),
        prepared=2,
        manager=MANAGER,
    )
    return scene.letter(WeeklyContent(week=Week.of(today), shown=shown))


def sample_notice(scene: Scene) -> Letter[WeeklyContent]:
    return sample(scene, WeeklyPart.NOTICE)


KIND = Kind(
    MailKind.WEEKLY, WeeklyContent, render, {"weekly": sample, "weekly_notice": sample_notice}
)

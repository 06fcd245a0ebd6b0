"""The admin's week: the outside domains that are new, and that nobody has listed."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

from pydantic import BaseModel, ConfigDict

from nudger.domain.mails import MailKind
from nudger.domain.translatable import N_
from nudger.domain.week import Week
from nudger.mail.compose import Envelope, message_of, tells
from nudger.mail.display import display_text
from nudger.mail.kind import Kind, Letter, Scene
from nudger.mail.kinds.weekly import OfWeek
from nudger.mail.templates import Templates

WHOSE = N_("Nobody has said yet whose these domains are. Their meetings are asked about:")
LONGEST_TITLE = 60
LONGEST_DOMAIN = 80


class NewDomain(BaseModel):
    """A domain whose meetings are asked about: how many are known, how many of them are ahead, and
    what some are called."""

    model_config = ConfigDict(frozen=True)

    domain: str
    meetings: int
    coming: int
    titles: tuple[str, ...] = ()


class DomainsShown(BaseModel):
    """`more` counts the new domains that are left for another week; `held_back` those that the
    start list keeps from being asked about, which are not named."""

    model_config = ConfigDict(frozen=True)

    new: tuple[NewDomain, ...]
    more: int = 0
    held_back: int = 0


class AdminWeeklyContent(OfWeek):
    """`shown` is known once the mail is about to go out."""

    shown: DomainsShown | None = None


def render(
    letter: Letter[AdminWeeklyContent], templates: Templates, envelope: Envelope
) -> EmailMessage:
    shown = letter.content.shown
    assert shown is not None  # noqa: S101 - gathered before anything is drafted
    lines = [
        {
            "domain": display_text(one.domain, LONGEST_DOMAIN),
            "meetings": one.meetings,
            "coming": one.coming,
            "titles": [display_text(title, LONGEST_TITLE) for title in one.titles],
        }
        for one in shown.new
    ]
    values = {"lines": lines, "more": shown.more, "held_back": shown.held_back}
    opening = tells(templates.words.say(WHOSE))
    return message_of(templates, envelope, "admin_weekly", opening, values)


def sample(scene: Scene) -> Letter[AdminWeeklyContent]:
    today = scene.calls[0].shown.start.date()
    new = (
        NewDomain(domain="globex.example", meetings=4, coming=2, titles=("Globex: first call",)),
        NewDomain(domain="initech.example", meetings=1, coming=1, titles=("Intro Initech",)),
    )
    content = AdminWeeklyContent(
        week=Week.of(today - timedelta(days=today.weekday())),
        shown=DomainsShown(new=new, more=3, held_back=7),
    )
    return scene.letter(content)


KIND = Kind(MailKind.ADMIN_WEEKLY, AdminWeeklyContent, render, {"admin_weekly": sample})

"""A manager's week: a line for each rep who was told."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from email.message import EmailMessage

from pydantic import BaseModel, ConfigDict

from nudger.domain.history import Tally
from nudger.domain.mails import MailKind
from nudger.domain.week import Week
from nudger.mail.compose import Envelope, days_shown, message_of, tells
from nudger.mail.display import display_text
from nudger.mail.kind import Kind, Letter, Scene
from nudger.mail.kinds.weekly import OfWeek
from nudger.mail.sample_people import NUMBERS
from nudger.mail.templates import Templates


class RepsShown(BaseModel):
    """`behind` are the first and the last day; a line for each rep, in the order given."""

    model_config = ConfigDict(frozen=True)

    behind: tuple[date, date]
    lines: tuple[Tally, ...]


class ManagerWeeklyContent(OfWeek):
    """`shown` is known once the mail is about to go out."""

    shown: RepsShown | None = None


def render(
    letter: Letter[ManagerWeeklyContent], templates: Templates, envelope: Envelope
) -> EmailMessage:
    reps = letter.content.shown
    assert reps is not None  # noqa: S101 - gathered before anything is drafted
    values = {
        "week": days_shown(templates.words, reps.behind),
        "lines": [{**asdict(one), "name": display_text(one.name, 60)} for one in reps.lines],
    }
    preview = templates.words.say(
        "How many calls your reps were asked about, answered in time and got agreed."
    )
    return message_of(templates, envelope, "manager_weekly", tells(preview), values)


def sample(scene: Scene) -> Letter[ManagerWeeklyContent]:
    today = scene.calls[0].shown.start.date()
    behind = (today - timedelta(days=7), today - timedelta(days=1))
    shown = RepsShown(behind=behind, lines=NUMBERS)
    return scene.letter(ManagerWeeklyContent(week=Week.of(today), shown=shown))


KIND = Kind(MailKind.MANAGER_WEEKLY, ManagerWeeklyContent, render, {"manager_weekly": sample})

"""What a rep reads before the first question: what Nudger does, who can read what, how to stop, and
whom to ask."""

from __future__ import annotations

from email.message import EmailMessage

from pydantic import BaseModel, ConfigDict

from nudger.domain.mails import MailKind
from nudger.domain.translatable import N_
from nudger.mail.compose import Audience, Envelope, message_of, tells
from nudger.mail.display import display_address
from nudger.mail.kind import Content, Kind, Letter, Scene
from nudger.mail.kinds.question import AUDIENCE_NOTES
from nudger.mail.sample_people import MANAGER
from nudger.mail.templates import Templates

WHAT_IT_DOES = N_(
    "Nudger is a program that asks you one thing before a customer call: which concrete action "
    "will the customer have agreed to take as a result of it?"
)

_AUDIENCE_NOTES = {
    **AUDIENCE_NOTES,
    Audience.OWN_COPY: N_(
        "Your answer goes into a private event on your own calendar or, where you are only "
        "invited, into your own copy of the meeting; the guests do not see it."
    ),
}


class PromisesShown(BaseModel):
    """What holds for the rep. `audience` is the widest that an answer may have; `holds_back` says
    that doubtful answers do not stand where guests read them, `is_counted` that there are weekly
    mails. `days_kept` are counted from the call."""

    model_config = ConfigDict(frozen=True)

    admin: str
    audience: Audience
    holds_back: bool
    asks_after: bool
    is_counted: bool
    days_kept: int
    manager: str | None = None


class AnnouncementContent(Content):
    """`shown` is known once the mail is about to go out."""

    shown: PromisesShown | None = None


def render(
    letter: Letter[AnnouncementContent], templates: Templates, envelope: Envelope
) -> EmailMessage:
    shown, words = letter.content.shown, templates.words
    assert shown is not None  # noqa: S101 - gathered before anything is drafted
    values = {
        "admin": display_address(shown.admin),
        "audience_note": words.say(_AUDIENCE_NOTES[shown.audience]),
        "holds_back": shown.holds_back,
        "asks_after": shown.asks_after,
        "is_counted": shown.is_counted,
        "manager": shown.manager and display_address(shown.manager),
        "days_kept": shown.days_kept,
    }
    return message_of(templates, envelope, "announcement", tells(words.say(WHAT_IT_DOES)), values)


def sample(scene: Scene) -> Letter[AnnouncementContent]:
    shown = PromisesShown(
        admin="ida@ourco.example",
        audience=scene.calls[0].audience,
        holds_back=scene.calls[0].audience is Audience.GUESTS,
        asks_after=True,
        is_counted=True,
        days_kept=400,
        manager=MANAGER,
    )
    return scene.letter(AnnouncementContent(shown=shown))


KIND = Kind(MailKind.ANNOUNCEMENT, AnnouncementContent, render, {"announcement": sample})

"""A sample of each mail, with made-up people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from nudger.config import Settings
from nudger.domain.commitment import Milestone
from nudger.domain.event import TextFormat
from nudger.domain.note import render
from nudger.domain.note_markers import markers_of
from nudger.mail.compose import Audience, Envelope, note_lines
from nudger.mail.kind import Scene
from nudger.mail.kinds import KINDS
from nudger.mail.sample_people import ANSWER, calls_on, envelope_on
from nudger.mail.sign_in_mail import sign_in_mail
from nudger.mail.templates import Templates
from nudger.mail.trial_mail import trial_mail

NOTE, SIGN_IN, TRIAL = "note", "sign_in", "trial"
_MAILS = {name: kind for kind in KINDS.values() for name in kind.samples}
SAMPLES = (*_MAILS, SIGN_IN, TRIAL, NOTE)
DEFAULT_MILESTONES = tuple(
    Milestone(name)
    for name in ("First call", "Needs analysis", "All decision makers met", "Proposal meeting",
                 "Decision")
)  # fmt: skip
_CODE, _LINK = "482913", "https://nudger.ourco.example/me/link/sample"


@dataclass(frozen=True, slots=True)
class Sample:
    """What a person reads: the subject and both parts."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Stage:
    """What samples are about: a day, the milestones, who will read an answer, and where mails link
    to that want one, if anywhere."""

    start: datetime
    milestones: Sequence[Milestone] = ()
    audience: Audience = Audience.GUESTS
    answer_url: str | None = None


def stage_of(settings: Settings | None, now: datetime) -> Stage:
    """Tomorrow, as a company with these settings has it."""
    start = now + timedelta(days=1)
    if settings is None:
        return Stage(start, DEFAULT_MILESTONES)
    listed = tuple(Milestone(one.name) for one in settings.milestones)
    audience = Audience.REP if settings.write_back == "private" else Audience.GUESTS
    zone = ZoneInfo(settings.time_zone)
    pages = settings.web.public_url
    answer_url = None if pages is None else f"{pages}/answer/sample"
    return Stage(start.astimezone(zone), listed or DEFAULT_MILESTONES, audience, answer_url)


def sample(
    name: str,
    templates: Templates,
    milestones: Sequence[Milestone],
    start: datetime,
    audience: Audience = Audience.GUESTS,
) -> Sample:
    """One of `SAMPLES`, about a meeting on the day of `start`, whose answer this audience will
    read.

    Raises `TemplateProblem`.
    """
    return sample_on(name, templates, Stage(start, milestones, audience))


def sample_on(name: str, templates: Templates, stage: Stage) -> Sample:
    """One of `SAMPLES`. Raises `TemplateProblem`."""
    if name == NOTE:
        lines, markers = note_lines(templates, ANSWER), markers_of(templates.words.language)
        text, page = (
            render(lines, form, markers) + "\n" for form in (TextFormat.PLAIN, TextFormat.HTML)
        )
        return Sample("", text, page)
    message = sample_mail(name, templates, stage, envelope_on(stage.start))
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None and html is not None  # noqa: S101, PT018 - every mail has both
    return Sample(str(message["Subject"]), str(plain.get_content()), str(html.get_content()))


def sample_mail(name: str, templates: Templates, stage: Stage, envelope: Envelope) -> EmailMessage:
    """One of `SAMPLES` but the note, as a mail. Raises `TemplateProblem`."""
    if name == SIGN_IN:
        return sign_in_mail(templates, envelope, _CODE, _LINK)
    if name == TRIAL:
        return trial_mail(templates, envelope)
    kind, words = _MAILS[name], templates.words
    envelope = replace(envelope, answer_url=stage.answer_url)
    scene = Scene(calls_on(stage.start, stage.audience), tuple(stage.milestones), words)
    return kind.render(kind.samples[name](scene), templates, envelope)

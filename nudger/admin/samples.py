"""A sample of each mail, with made-up people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nudger.domain.commitment import Milestone
from nudger.domain.event import TextFormat
from nudger.domain.note import render
from nudger.domain.note_markers import markers_of
from nudger.mail.compose import Audience, note_lines
from nudger.mail.kind import Scene
from nudger.mail.kinds import KINDS
from nudger.mail.sample_people import ANSWER, calls_on, envelope_on
from nudger.mail.templates import Templates

_MAILS = {name: kind for kind in KINDS.values() for name in kind.samples}
SAMPLES = (*_MAILS, "note")


@dataclass(frozen=True, slots=True)
class Sample:
    """What a person reads: the subject and both parts."""

    subject: str
    text: str
    html: str


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
    if name == "note":
        lines, markers = note_lines(templates, ANSWER), markers_of(templates.words.language)
        text, page = (
            render(lines, form, markers) + "\n" for form in (TextFormat.PLAIN, TextFormat.HTML)
        )
        return Sample("", text, page)
    kind = _MAILS[name]
    scene = Scene(calls_on(start, audience), tuple(milestones), templates.words)
    message = kind.render(kind.samples[name](scene), templates, envelope_on(start))
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None and html is not None  # noqa: S101, PT018 - every mail has both
    return Sample(str(message["Subject"]), str(plain.get_content()), str(html.get_content()))

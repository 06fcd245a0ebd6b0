"""The one reminder of a question that nobody has answered."""

from __future__ import annotations

from email.message import EmailMessage

from nudger.domain.mails import MailKind
from nudger.mail.compose import Envelope
from nudger.mail.kind import Content, Kind, Letter
from nudger.mail.kinds.question import render_digest, render_one, sample
from nudger.mail.templates import Templates


def render(letter: Letter[Content], templates: Templates, envelope: Envelope) -> EmailMessage:
    if len(letter.calls) > 1:
        return render_digest(letter, templates, envelope, MailKind.REMINDER)
    return render_one(letter, templates, envelope, MailKind.REMINDER)


KIND = Kind(MailKind.REMINDER, Content, render, {"reminder": sample})

"""The mail by which a rep signs in to their page. It is sent at once to who asked, is about no
meeting, and nothing keeps its token, so that no reply to it can become an answer."""

from __future__ import annotations

from email.message import EmailMessage

from nudger.domain.translatable import N_
from nudger.mail.compose import Envelope, message_of, tells
from nudger.mail.templates import Templates

CODE_DIGITS = 6
PREVIEW = N_("Somebody, hopefully you, asked to see your page. This counts for ten minutes.")


def sign_in_mail(templates: Templates, envelope: Envelope, code: str, url: str) -> EmailMessage:
    """To the rep, in the rep's language. The code is not in what a locked screen shows. Raises
    `TemplateProblem`."""
    shown = f"{code[:3]} {code[3:]}"
    values = {"code": shown, "url": url}
    opening = tells(templates.words.say(PREVIEW))
    return message_of(templates, envelope, "sign_in", opening, values)

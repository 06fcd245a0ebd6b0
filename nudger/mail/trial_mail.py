"""The mail by which an admin tries the way to a rep and back. No question: it is about no meeting,
and nothing keeps its token, so that no reply to it can become an answer."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from nudger.domain.translatable import N_
from nudger.mail.compose import Envelope, asks, message_of
from nudger.mail.templates import Templates

PLEASE_REPLY = N_("Please reply with one word, such as: ok")
OWN_SUBJECT = "Nudger tries its own address"


def trial_mail(templates: Templates, envelope: Envelope) -> EmailMessage:
    """To the rep, in the rep's language. Raises `TemplateProblem`."""
    words = templates.words
    return message_of(templates, envelope, "trial", asks(words, words.say(PLEASE_REPLY)), {})


def own_mail(envelope: Envelope) -> EmailMessage:
    """From the mailbox to its own address with a token: does what is sent there arrive?"""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = OWN_SUBJECT
    message["From"] = envelope.mailbox
    message["To"] = envelope.reply_to
    message["Message-ID"] = envelope.rfc_message_id
    message["Date"] = format_datetime(envelope.sent_at)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content("Sent by `nudger test-mail`. It can be deleted.\n")
    return message

"""A reply came that we do not believe to be the rep's, or that there was nothing to answer."""

from __future__ import annotations

from email.message import EmailMessage

from nudger.domain.mails import MailKind
from nudger.mail.compose import Envelope, asks, meeting_values, message_of, tells
from nudger.mail.display import display_address, display_text
from nudger.mail.kind import Content, Kind, Letter, Scene
from nudger.mail.kinds.command import command_values
from nudger.mail.phrases import (
    COLLEAGUE_SAID,
    NOTHING_TO_ANSWER,
    QUARANTINE_WORDS,
    QUARANTINE_WORDS_DEFAULT,
)
from nudger.mail.templates import Templates


class QuarantinedContent(Content):
    """`explanation` is a sentence in the reader's language, where the mail that was replied to
    asked nothing; `words` are what a colleague, at the address `sender`, replied about a call."""

    reason: str
    explanation: str | None = None
    sender: str = ""
    words: str = ""


def render(
    letter: Letter[QuarantinedContent], templates: Templates, envelope: Envelope
) -> EmailMessage:
    return (_about_call if letter.calls else _about_none)(letter, templates, envelope)


def _about_call(
    letter: Letter[QuarantinedContent], templates: Templates, envelope: Envelope
) -> EmailMessage:
    words = templates.words
    every = [meeting_values(words, call.shown) for call in letter.calls]
    title = ", ".join(dict.fromkeys(one["title"] for one in every))
    shown = {**every[0], "title": title} if len(every) == 1 else {"title": title, "when": ""}
    values = {**shown, "explanation": _explained(letter.content, templates)}
    opening = asks(words, words.say(_why(letter.content)))
    return message_of(templates, envelope, "quarantined", opening, values)


def _explained(held: QuarantinedContent, templates: Templates) -> str:
    if held.words:
        name, text = display_address(held.sender), display_text(held.words, 600)
        return templates.words.say(COLLEAGUE_SAID, name=name, text=text)
    return templates.words.say(_why(held))


def _why(held: QuarantinedContent) -> str:
    """The message that says it without a word of what was replied."""
    return QUARANTINE_WORDS.get(held.reason, QUARANTINE_WORDS_DEFAULT)


def _about_none(
    letter: Letter[QuarantinedContent], templates: Templates, envelope: Envelope
) -> EmailMessage:
    words = templates.words
    said = letter.content.explanation or words.say(QUARANTINE_WORDS_DEFAULT)
    explanation = display_text(said, 600)
    values = {
        **command_values((), templates),
        "done": words.say(NOTHING_TO_ANSWER),
        "explanation": explanation,
    }
    return message_of(templates, envelope, "command", tells(explanation), values)


def sample(scene: Scene) -> Letter[QuarantinedContent]:
    return scene.letter(QuarantinedContent(reason="auth_missing"), scene.calls[0])


KIND = Kind(MailKind.QUARANTINED, QuarantinedContent, render, {"quarantined": sample})

"""The question after a call: did they agree?"""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from urllib.parse import quote

from nudger.domain.mails import MailKind
from nudger.mail.calls import letter_of
from nudger.mail.catalogue import Catalogue
from nudger.mail.compose import (
    OUTCOME_WORDS,
    Envelope,
    answer_lines,
    asks,
    meeting_values,
    message_of,
)
from nudger.mail.kind import Content, Kind, Letter, Scene
from nudger.mail.sample_people import ANSWER
from nudger.mail.templates import Templates


def render(letter: Letter[Content], templates: Templates, envelope: Envelope) -> EmailMessage:
    """Each call with the note's lines. A link opens a reply that is filled in; a program that
    visits links sends nothing by it."""
    words, several = templates.words, len(letter.calls) > 1
    calls = [
        {
            **meeting_values(words, call.shown),
            "letter": letter_of(number),
            "answer_lines": answer_lines(templates, call.planned) if call.planned else (),
            "links": _reply_links(envelope, words, letter_of(number) if several else ""),
        }
        for number, call in enumerate(letter.calls, start=1)
    ]
    opening = asks(words, words.say("Did they agree? Reply yes, partly or no."))
    return message_of(templates, envelope, "follow_up", opening, {"calls": calls})


def _reply_links(envelope: Envelope, words: Catalogue, letter: str) -> dict[str, str]:
    lead = f"{letter}: " if letter else ""
    subject = quote(words.say("Did they agree?"))
    return {
        outcome.value: f"mailto:{envelope.reply_to}?subject={subject}"
        f"&body={quote(lead + words.say(word))}"
        for outcome, word in OUTCOME_WORDS.items()
    }


def sample(scene: Scene) -> Letter[Content]:
    return scene.letter(Content(), replace(scene.calls[0], planned=ANSWER))


KIND = Kind(MailKind.FOLLOW_UP, Content, render, {"follow_up": sample})

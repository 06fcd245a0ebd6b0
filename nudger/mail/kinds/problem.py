"""The answer could not be written where it should be."""

from __future__ import annotations

from email.message import EmailMessage

from nudger.domain.commitment import Answer
from nudger.domain.mails import MailKind
from nudger.mail.compose import Envelope, answer_lines, asks, meeting_values, message_of
from nudger.mail.kind import Content, Kind, Letter, Scene
from nudger.mail.phrases import PROBLEM_WORDS
from nudger.mail.sample_people import ANSWER
from nudger.mail.templates import Templates


class ProblemContent(Content):
    """The answer, and the reason code of why it does not stand."""

    reason: str
    answer: Answer


def render(
    letter: Letter[ProblemContent], templates: Templates, envelope: Envelope
) -> EmailMessage:
    explanation = templates.words.say(PROBLEM_WORDS[letter.content.reason])
    values = {
        **meeting_values(templates.words, letter.calls[0].shown),
        "explanation": explanation,
        "answer_lines": answer_lines(templates, letter.content.answer),
    }
    return message_of(templates, envelope, "problem", asks(templates.words, explanation), values)


def sample(scene: Scene) -> Letter[ProblemContent]:
    return scene.letter(ProblemContent(reason="write_refused", answer=ANSWER), scene.calls[0])


KIND = Kind(MailKind.PROBLEM, ProblemContent, render, {"problem": sample})

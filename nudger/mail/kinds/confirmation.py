"""What was saved of each answer, where it stands, and how to correct it."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage

from pydantic import BaseModel, ConfigDict

from nudger.domain.commitment import Answer
from nudger.domain.mails import MailKind
from nudger.domain.translatable import N_
from nudger.mail.calls import letter_of
from nudger.mail.catalogue import Catalogue
from nudger.mail.compose import (
    Envelope,
    answer_lines,
    asks,
    first_guest,
    meeting_values,
    message_of,
    tells,
)
from nudger.mail.display import display_text
from nudger.mail.kind import Content, Kind, Letter, Scene
from nudger.mail.phrases import MISSING_MILESTONE, PLACE_WORDS, PROBLEM_WORDS
from nudger.mail.sample_people import ANSWER
from nudger.mail.templates import Templates

_HOW_TO_CHANGE = N_(
    "To change it, just reply: only what you mention is changed. “undo” takes it back."
)

LONGEST_REMARK = 3_000
"""Longer than what replies are read of, so that the rep sees all that was left out."""
_LEFT_OUT = N_("Left out, for you alone: “%(remark)s”")


class Saved(BaseModel):
    """An answer that stands at `place`, for this reason, with the one question back, if any."""

    model_config = ConfigDict(frozen=True)

    reason: str
    place: str
    answer: Answer
    question: str | None = None

    @property
    def where(self) -> str:
        """The message that says it, and why there where it is elsewhere than was said."""
        return PROBLEM_WORDS.get(self.reason) or PLACE_WORDS[self.place]


class ConfirmationContent(Content):
    """What was saved for each of the mail's meetings, in their order."""

    reason: str
    saved: tuple[Saved, ...]


def render(
    letter: Letter[ConfirmationContent], templates: Templates, envelope: Envelope
) -> EmailMessage:
    words = templates.words
    saved = [
        {
            **meeting_values(words, call.shown),
            "letter": letter_of(number),
            "answer_lines": answer_lines(templates, one.answer),
            "where": words.say(one.where, guest=first_guest(words, call.shown)),
            "left_out": one.answer.remark
            and words.say(_LEFT_OUT, remark=display_text(one.answer.remark, LONGEST_REMARK)),
            "question": one.question and display_text(one.question, 600),
        }
        for number, (call, one) in enumerate(
            zip(letter.calls, letter.content.saved, strict=True), start=1
        )
    ]
    values = {"saved": saved, "how_to_change": words.say(_HOW_TO_CHANGE)}
    asks_back = any(one.question for one in letter.content.saved)
    preview = _preview(words, [one["where"] for one in saved])
    opening = asks(words, preview) if asks_back else tells(preview)
    return message_of(templates, envelope, "confirmation", opening, values)


def _preview(words: Catalogue, where: Sequence[str]) -> str:
    """That it is saved and where it stands, and of what stands there nothing."""
    if len(where) == 1:
        return " ".join((words.say("Your answer is saved."), where[0]))
    return " ".join((words.say("Your answers are saved."), words.say(_HOW_TO_CHANGE)))


def sample(scene: Scene) -> Letter[ConfirmationContent]:
    question = scene.words.say(MISSING_MILESTONE)
    saved = Saved(reason="as_asked", place="written", answer=ANSWER, question=question)
    content = ConfirmationContent(reason="as_asked", saved=(saved,))
    return scene.letter(content, scene.calls[0])


KIND = Kind(MailKind.CONFIRMATION, ConfirmationContent, render, {"confirmation": sample})

"""What a rep's manager says of a call before it begins. It tells and asks nothing; a reply amends
what is planned, as a reply to the question does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

from pydantic import BaseModel, ConfigDict

from nudger.domain.mails import MailKind
from nudger.mail.calls import letter_of
from nudger.mail.compose import Envelope, answer_lines, asks, meeting_values, message_of
from nudger.mail.display import display_lines, display_text
from nudger.mail.kind import Call, Content, Kind, Letter, Scene
from nudger.mail.kinds.question import values_of_a_reply
from nudger.mail.sample_people import ANSWER, MANAGER
from nudger.mail.templates import Templates

LONGEST_COMMENT, MOST_LINES, LONGEST_NAME = 600, 12, 60


class Remark(BaseModel):
    """What the manager at this address says of a meeting."""

    model_config = ConfigDict(frozen=True)

    meeting_id: int
    manager: str
    name: str
    text: str

    @property
    def lines(self) -> tuple[str, ...]:
        """As it is shown: a stranger's words, nothing of them markup or a link of ours."""
        return display_lines(self.text, LONGEST_COMMENT, MOST_LINES)


class CommentContent(Content):
    """In the order in which they were said."""

    remarks: tuple[Remark, ...]


def render(
    letter: Letter[CommentContent], templates: Templates, envelope: Envelope
) -> EmailMessage:
    words, remarks = templates.words, letter.content.remarks
    name = display_text(remarks[0].name, LONGEST_NAME)
    values = {
        **values_of_a_reply(words, letter.calls, envelope),
        "calls": [
            _call(templates, number, call, remarks)
            for number, call in enumerate(letter.calls, start=1)
        ],
        "name": name,
    }
    preview = words.say("%(name)s has a word on what you plan.", name=name)
    return message_of(templates, envelope, "comment", asks(words, preview), values)


def _call(
    templates: Templates, number: int, call: Call, remarks: Sequence[Remark]
) -> dict[str, Any]:
    said = [one for one in remarks if one.meeting_id == call.meeting_id]
    planned = call.planned if call.planned and not call.planned.is_empty else None
    return {
        **meeting_values(templates.words, call.shown),
        "letter": letter_of(number),
        "remarks": [(display_text(one.name, LONGEST_NAME), one.lines) for one in said],
        "answer_lines": answer_lines(templates, planned) if planned else (),
    }


def sample(scene: Scene) -> Letter[CommentContent]:
    call = replace(scene.calls[0], planned=ANSWER)
    text = scene.words.say("Good. Does Dana know who signs? Ask her to bring that person along.")
    remark = Remark(meeting_id=call.meeting_id, manager=MANAGER, name="Mia Brandt", text=text)
    return scene.letter(CommentContent(remarks=(remark,)), call)


KIND = Kind(MailKind.COMMENT, CommentContent, render, {"comment": sample})

"""What became of a command, or how commands are said."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any

from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason
from nudger.mail.catalogue import Catalogue
from nudger.mail.compose import Envelope, asks, meeting_values, message_of, tells
from nudger.mail.display import display_text
from nudger.mail.kind import Call, Content, Kind, Letter, Scene
from nudger.mail.phrases import COMMAND_WORDS, HELP_INTRO, HELP_LINES, NOT_DONE
from nudger.mail.templates import Templates

_NEEDS_HELP = (Reason.HELP, Reason.NOT_UNDERSTOOD)
_WANTS_AN_ANSWER = (Reason.NOT_UNDERSTOOD, Reason.UNPLACED, Reason.FILLER, Reason.ASKED_BACK)
_NO_MEETING: dict[str, Any] = {"day": "", "when": "", "guests": [], "customer": ""}


class CommandContent(Content):
    """`reason` is the command's code or why it was not carried out, `explanation` a sentence in the
    reader's language."""

    reason: str
    explanation: str


def render(
    letter: Letter[CommandContent], templates: Templates, envelope: Envelope
) -> EmailMessage:
    said, needs_help = letter.content, letter.content.reason in _NEEDS_HELP
    values = {
        **command_values(letter.calls, templates),
        "done": templates.words.say(COMMAND_WORDS.get(said.reason, NOT_DONE)),
        "explanation": display_text(said.explanation, 600),
        "help_lines": _help_lines(templates) if needs_help else [],
        "help_pairs": _help_pairs(templates) if needs_help else [],
    }
    preview = _preview(templates.words, said)
    again = said.reason in _WANTS_AN_ANSWER
    opening = asks(templates.words, preview) if again else tells(preview)
    return message_of(templates, envelope, "command", opening, values)


def _preview(words: Catalogue, said: CommandContent) -> str:
    """What became of it, without the words of a reply that we could not read."""
    if said.reason == Reason.UNPLACED:
        return words.say("A part of your reply could not be read.")
    return display_text(said.explanation, 600)


def command_values(calls: Sequence[Call], templates: Templates) -> dict[str, Any]:
    """What is shown of the meetings that a command was about, or of none; no help."""
    shown = [meeting_values(templates.words, call.shown) for call in calls]
    return {
        **(shown[0] if shown else _NO_MEETING),
        "count": len(shown),
        "title": ", ".join(dict.fromkeys(one["title"] for one in shown)),
        "help_lines": [],
        "help_pairs": [],
    }


def _help_lines(templates: Templates) -> list[str]:
    return [templates.words.say(line) for line in HELP_LINES]


def _help_pairs(templates: Templates) -> list[tuple[str, str]]:
    """What one says, and what it means, parted where the lines part them."""
    parts = (line.partition(":") for line in _help_lines(templates))
    return [(said.strip(), means.strip()) for said, _, means in parts]


def sample(scene: Scene) -> Letter[CommandContent]:
    content = CommandContent(reason="help", explanation=scene.words.say(HELP_INTRO))
    return scene.letter(content, scene.calls[0])


KIND = Kind(MailKind.COMMAND, CommandContent, render, {"command": sample})

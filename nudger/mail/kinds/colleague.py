"""Who takes part in a meeting is told which colleague was asked about it."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from typing import NamedTuple

from nudger.domain.mails import MailKind
from nudger.mail.compose import Envelope, meeting_values, message_of, tells
from nudger.mail.display import display_address, display_text
from nudger.mail.kind import Content, Kind, Letter, Scene
from nudger.mail.templates import Templates


class AskedColleague(NamedTuple):
    """Who was asked about a meeting instead of the reader."""

    name: str
    address: str


class ColleagueContent(Content):
    """Who was asked, by the meeting's id."""

    asked: Mapping[int, AskedColleague]


def render(
    letter: Letter[ColleagueContent], templates: Templates, envelope: Envelope
) -> EmailMessage:
    calls = [
        {
            **meeting_values(templates.words, call.shown),
            "asked": display_text(letter.content.asked[call.meeting_id].name, 60),
        }
        for call in letter.calls
    ]
    values = {"calls": calls, "own_address": display_address(envelope.rep_address)}
    asked = templates.words.say(
        "%(name)s was asked what the customer will agree to in this call.", name=calls[0]["asked"]
    )
    return message_of(templates, envelope, "colleague", tells(asked), values)


def sample(scene: Scene) -> Letter[ColleagueContent]:
    call = scene.calls[0]
    ben = AskedColleague("Ben Okafor", "ben@ourco.example")
    return scene.letter(ColleagueContent(asked={call.meeting_id: ben}), call)


KIND = Kind(MailKind.COLLEAGUE, ColleagueContent, render, {"colleague": sample})

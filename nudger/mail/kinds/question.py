"""The question before a call: what will the customer agree to? About several calls, a digest."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any

from nudger.domain.addresses import plain_address
from nudger.domain.commitment import Outcome
from nudger.domain.customer_names import person_name
from nudger.domain.event import Attendee
from nudger.domain.mails import MailKind
from nudger.domain.translatable import N_
from nudger.mail.calls import letter_of
from nudger.mail.catalogue import Catalogue
from nudger.mail.compose import (
    LOOKALIKE,
    Audience,
    Envelope,
    MeetingShown,
    asks,
    customer_shown,
    meeting_values,
    message_of,
)
from nudger.mail.display import display_text
from nudger.mail.kind import Call, Content, Kind, Letter, Scene
from nudger.mail.templates import Templates

AUDIENCE_NOTES = {
    Audience.GUESTS: N_(
        "Your answer goes into the meeting's description, where the guests can read it. Add the "
        "line “private” to keep it to yourself."
    ),
    Audience.REP: N_(
        "Your answer goes into a private event on your own calendar; the guests do not see it."
    ),
    Audience.OWN_COPY: N_(
        "Your answer goes into your own copy of the meeting; the guests do not see it."
    ),
}
_ASK = {
    MailKind.QUESTION: N_("By the end of this call, what will %(who)s have agreed to do?"),
    MailKind.REMINDER: N_(
        "This call has no Commitment Objective yet. By its end, what will %(who)s have agreed to "
        "do?"
    ),
}
PLANNED_LAST_TIME = {
    None: N_("Last time you planned: %(planned)s"),
    Outcome.YES: N_("Last time they agreed: %(planned)s"),
    Outcome.PARTLY: N_("Last time they agreed in part: %(planned)s"),
    Outcome.NO: N_("Last time they did not agree: %(planned)s"),
}


def render(letter: Letter[Content], templates: Templates, envelope: Envelope) -> EmailMessage:
    if len(letter.calls) > 1:
        return render_digest(letter, templates, envelope, MailKind.QUESTION)
    return render_one(letter, templates, envelope, MailKind.QUESTION)


def render_one(
    letter: Letter[Content], templates: Templates, envelope: Envelope, kind: MailKind
) -> EmailMessage:
    """The question about one call, or its reminder."""
    words, call = templates.words, letter.calls[0]
    values = {
        **meeting_values(words, call.shown),
        **_values_for_all(letter, words, envelope),
        "who": _who(words, call.shown),
        **_previous(words, call),
    }
    ask = words.say(_ASK[kind], who=values["who"])
    return message_of(templates, envelope, kind.value, asks(words, ask), values)


def render_digest(
    letter: Letter[Content], templates: Templates, envelope: Envelope, kind: MailKind
) -> EmailMessage:
    """One question about several calls, lettered in their order, or its reminder; it says who can
    read the answer that most can read."""
    words = templates.words
    shown = [
        {**meeting_values(words, call.shown), "letter": letter_of(number)}
        for number, call in enumerate(letter.calls, start=1)
    ]
    values = {
        **_values_for_all(letter, words, envelope),
        "meetings": shown,
        "count": len(shown),
        "is_reminder": kind is MailKind.REMINDER,
        "day": shown[0]["first_day"],
    }
    ask = words.say(
        "By the end of each of these %(count)s calls, what will the customer have agreed to do?",
        count=len(shown),
    )
    return message_of(templates, envelope, "digest", asks(words, ask), values)


def _values_for_all(
    letter: Letter[Content], words: Catalogue, envelope: Envelope
) -> dict[str, Any]:
    return {
        "example": _example(words, letter.calls[0].shown),
        "milestones": [display_text(milestone.name, 80) for milestone in letter.milestones],
        **values_of_a_reply(words, letter.calls, envelope),
    }


def values_of_a_reply(
    words: Catalogue, calls: Sequence[Call], envelope: Envelope
) -> dict[str, Any]:
    """Who reads what is replied about these calls, by the answer that most can read; and whom the
    rep may name instead."""
    audiences = [call.audience for call in calls]
    widest = Audience.GUESTS if Audience.GUESTS in audiences else audiences[0]
    return {
        "audience_note": words.say(AUDIENCE_NOTES[widest]),
        "guests_can_read": widest is Audience.GUESTS,
        "colleague": f"a.colleague@{envelope.rep_address.rpartition('@')[2]}",
    }


def _previous(words: Catalogue, call: Call) -> dict[str, Any]:
    last = call.previous
    if last is None:
        return {"last": None, "suggested_milestone": None}
    suggested = last.suggested_milestone
    return {
        "last": words.say(PLANNED_LAST_TIME[last.outcome], planned=display_text(last.planned, 200)),
        "suggested_milestone": suggested and display_text(suggested, 80),
    }


def _who(words: Catalogue, meeting: MeetingShown) -> str:
    first = _first_name(meeting.guests)
    if first and len(meeting.guests) == 1:
        return first
    if not meeting.customers:
        return words.say("the customer")
    shown = customer_shown(meeting, meeting.customers[0])
    return words.say(LOOKALIKE, guest=shown) if _is_marked(meeting) else shown


def _is_marked(meeting: MeetingShown) -> bool:
    """Whether the first customer is one whose domain could be mistaken for another."""
    marked = [g for g in meeting.guests if g.email in meeting.lookalikes]
    return any(plain_address(g.email).endswith(meeting.customers[0]) for g in marked)


def _example(words: Catalogue, meeting: MeetingShown) -> str:
    actor = _first_name(meeting.guests) or words.say("The customer")
    return words.say(
        "%(actor)s agrees to bring the CFO to a 30-minute review next week.", actor=actor
    )


def _first_name(guests: Sequence[Attendee]) -> str:
    shown = (person_name(guest.name) or display_text(guest.name, 40) for guest in guests)
    names = (name.split(" ")[0] for name in shown)
    return next((name for name in names if name.isalpha()), "")


def sample(scene: Scene) -> Letter[Content]:
    return scene.letter(Content(), scene.calls[0])


def sample_digest(scene: Scene) -> Letter[Content]:
    return scene.letter(Content(), *scene.calls)


KIND = Kind(MailKind.QUESTION, Content, render, {"question": sample, "digest": sample_digest})

"""Our mails: from what we know of a meeting to a finished message. No network, no clock.

Every mail is short, as text and as HTML, to the rep alone. The line at its top tells the reader of
replies where the quote begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_name

from nudger.domain.commitment import Answer, Milestone
from nudger.domain.event import Attendee
from nudger.mail.display import display_address, display_text, safe_header
from nudger.mail.templates import Templates

REPLY_ABOVE_LINE = "▲ Please reply above this line ▲"
MOST_GUESTS_SHOWN = 4


class Audience(StrEnum):
    """Who will be able to read the answer: every guest, the rep in a private event, or the rep in
    their own copy of the meeting."""

    GUESTS = "guests"
    REP = "rep"
    OWN_COPY = "own_copy"


_AUDIENCE_NOTES = {
    Audience.GUESTS: "Your answer goes into the meeting's description, where the guests can read "
    'it. Add the line "private" to keep it to yourself.',
    Audience.REP: "Your answer goes into a private event on your own calendar; the guests do not "
    "see it.",
    Audience.OWN_COPY: "Your answer goes into your own copy of the meeting; the guests do not see "
    "it.",
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who mails whom. `rfc_message_id` has its angle brackets; `sent_at` is aware."""

    mailbox: str
    rep_address: str
    rep_name: str
    reply_to: str
    rfc_message_id: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingShown:
    """A meeting as a mail shows it; `zone` is the rep's."""

    title: str
    start: datetime
    end: datetime
    zone: ZoneInfo
    guests: tuple[Attendee, ...]
    customers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    meeting: MeetingShown
    milestones: Sequence[Milestone]
    audience: Audience
    last_commitment: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a command: in two words for the subject, in a sentence, and help if asked."""

    short: str
    explanation: str
    help_lines: Sequence[str] = ()


def compose_question(
    templates: Templates, envelope: Envelope, question: Question, kind: str = "question"
) -> EmailMessage:
    """The question about a meeting, or with kind "reminder" its reminder."""
    return _message(templates, envelope, kind, question_values(question, envelope))


def compose_problem(
    templates: Templates,
    envelope: Envelope,
    meeting: MeetingShown,
    explanation: str,
    answer_lines: Sequence[str],
) -> EmailMessage:
    """Tell the rep that the answer could not be written where it should be."""
    values = {**_meeting_values(meeting), "explanation": explanation, "answer_lines": answer_lines}
    return _message(templates, envelope, "problem", values)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What stands after an answer. `where` says who can read it; `question` is at most one."""

    answer_lines: Sequence[str]
    where: str
    question: str | None = None


def compose_confirmation(
    templates: Templates, envelope: Envelope, meeting: MeetingShown, confirmed: Confirmed
) -> EmailMessage:
    """Tell the rep what was saved, where it stands, and how to correct it."""
    values = {
        **_meeting_values(meeting),
        "answer_lines": confirmed.answer_lines,
        "where": confirmed.where,
        "question": confirmed.question and display_text(confirmed.question, 600),
    }
    return _message(templates, envelope, "confirmation", values)


def compose_command(
    templates: Templates, envelope: Envelope, meeting: MeetingShown, done: Done
) -> EmailMessage:
    """Tell the rep that a command was obeyed, or how commands are said."""
    values = {
        **_meeting_values(meeting),
        "done": done.short,
        "explanation": display_text(done.explanation, 600),
        "help_lines": done.help_lines,
    }
    return _message(templates, envelope, "command", values)


def compose_held(
    templates: Templates, envelope: Envelope, meeting: MeetingShown, explanation: str
) -> EmailMessage:
    """Tell the rep that a reply came which we do not believe to be theirs."""
    values = {**_meeting_values(meeting), "explanation": explanation}
    return _message(templates, envelope, "held", values)


def note_lines(templates: Templates, answer: Answer) -> tuple[str, ...]:
    """The lines of the note for the event's description."""
    values = {
        "commitment_objective": answer.commitment_objective,
        "next_milestone": answer.next_milestone,
        "fallback": answer.fallback,
    }
    text = templates.render("note.txt.j2", values)
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def question_values(question: Question, envelope: Envelope) -> dict[str, Any]:
    meeting = question.meeting
    return {
        **_meeting_values(meeting),
        "who": _who(meeting),
        "example": _example(meeting),
        "milestones": [display_text(milestone.name, 80) for milestone in question.milestones],
        "audience_note": _AUDIENCE_NOTES[question.audience],
        "guests_can_read": question.audience is Audience.GUESTS,
        "last_commitment": question.last_commitment and display_text(question.last_commitment),
        "colleague": f"a.colleague@{envelope.rep_address.rpartition('@')[2]}",
    }


def _meeting_values(meeting: MeetingShown) -> dict[str, Any]:
    start = meeting.start.astimezone(meeting.zone)
    return {
        "title": display_text(meeting.title, 120) or "(no title)",
        "day": format_date(start, "EEE d MMM", locale="en"),
        "when": _when(meeting),
        "guests": _guest_names(meeting.guests),
        "customer": ", ".join(map(_shown_domain, meeting.customers[:2])) or "Your meeting",
    }


def _when(meeting: MeetingShown) -> str:
    start, end = meeting.start.astimezone(meeting.zone), meeting.end.astimezone(meeting.zone)
    day = format_date(start, "EEEE d MMMM", locale="en_GB")
    zone = get_timezone_name(start, width="short", locale="en_GB")
    begins, ends = (format_time(at, "HH:mm", locale="en_GB") for at in (start, end))
    return f"{day}, {begins}–{ends} ({zone})"


def _guest_names(guests: Sequence[Attendee]) -> list[str]:
    shown = [_guest(guest) for guest in guests[:MOST_GUESTS_SHOWN]]
    more = len(guests) - len(shown)
    return [*shown, f"{more} more"] if more else shown


def _guest(guest: Attendee) -> str:
    address = display_address(guest.email)
    name = display_text(guest.name, 60)
    return f"{name} ({address})" if name and name.lower() != guest.email else address


def _shown_domain(customer: str) -> str:
    return display_text(customer, 60)


def _who(meeting: MeetingShown) -> str:
    first = _first_name(meeting.guests)
    if first and len(meeting.guests) == 1:
        return first
    return _shown_domain(meeting.customers[0]) if meeting.customers else "the customer"


def _example(meeting: MeetingShown) -> str:
    actor = _first_name(meeting.guests) or "The customer"
    return f"{actor} agrees to bring the CFO to a 30-minute review next week."


def _first_name(guests: Sequence[Attendee]) -> str:
    names = (display_text(guest.name, 40).split(" ")[0] for guest in guests)
    return next((name for name in names if name.isalpha()), "")


def _message(
    templates: Templates, envelope: Envelope, kind: str, values: dict[str, Any]
) -> EmailMessage:
    shown = {**values, "reply_above_line": REPLY_ABOVE_LINE}
    subject = safe_header(templates.render(f"{kind}.subject.j2", shown))
    shown["subject"] = subject
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message["From"] = _address("Nudger", envelope.mailbox)
    message["To"] = _address(safe_header(envelope.rep_name), envelope.rep_address)
    message["Reply-To"] = _address("Nudger", envelope.reply_to)
    message["Message-ID"] = envelope.rfc_message_id
    message["Date"] = format_datetime(envelope.sent_at)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(templates.render(f"{kind}.txt.j2", shown), cte="quoted-printable")
    page = templates.render_html(f"{kind}.html.j2", shown)
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    return message


def _address(name: str, address: str) -> Address:
    return Address(display_name=name, addr_spec=address)

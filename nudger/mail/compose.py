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
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_gmt, get_timezone_name

from nudger.domain.commitment import Answer, Milestone, Outcome
from nudger.domain.event import Attendee
from nudger.mail.catalogue import Catalogue
from nudger.mail.display import display_address, display_text, safe_header
from nudger.mail.templates import Templates

REPLY_ABOVE = "Please reply above this line"
MOST_GUESTS_SHOWN = 4


class Audience(StrEnum):
    """Who will be able to read the answer: every guest, the rep in a private event, or the rep in
    their own copy of the meeting."""

    GUESTS = "guests"
    REP = "rep"
    OWN_COPY = "own_copy"


_AUDIENCE_NOTES = {
    Audience.GUESTS: "Your answer goes into the meeting's description, where the guests can read "
    "it. Add the line “private” to keep it to yourself.",
    Audience.REP: "Your answer goes into a private event on your own calendar; the guests do not "
    "see it.",
    Audience.OWN_COPY: "Your answer goes into your own copy of the meeting; the guests do not see "
    "it.",
}
OUTCOME_WORDS = {Outcome.YES: "yes", Outcome.PARTLY: "partly", Outcome.NO: "no"}
_LAST_TIME = {
    None: "Last time you planned: %(planned)s",
    Outcome.YES: "Last time they agreed: %(planned)s",
    Outcome.PARTLY: "Last time they agreed in part: %(planned)s",
    Outcome.NO: "Last time they did not agree: %(planned)s",
}
_HOW_TO_CHANGE = "To change it, just reply: only what you mention is changed. “undo” takes it back."


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
class PreviousCall:
    """What was planned with this customer before, what came of it, and the milestone after it."""

    planned: str
    outcome: Outcome | None = None
    suggested_milestone: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    meeting: MeetingShown
    milestones: Sequence[Milestone]
    audience: Audience
    last: PreviousCall | None = None


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
    return message_of(
        templates, envelope, kind, question_values(templates.words, question, envelope)
    )


@dataclass(frozen=True, slots=True)
class Digest:
    """Several meetings in one question; `audience` is the widest of theirs."""

    meetings: Sequence[MeetingShown]
    milestones: Sequence[Milestone]
    audience: Audience
    is_reminder: bool = False


def compose_digest(templates: Templates, envelope: Envelope, digest: Digest) -> EmailMessage:
    """One question about several meetings, numbered in their order."""
    words, first = templates.words, digest.meetings[0]
    values = {
        "meetings": [meeting_values(words, one) for one in digest.meetings],
        "count": len(digest.meetings),
        "is_reminder": digest.is_reminder,
        "day": meeting_values(words, first)["day"],
        "example": _example(words, first),
        "milestones": [display_text(milestone.name, 80) for milestone in digest.milestones],
        "audience_note": words.say(_AUDIENCE_NOTES[digest.audience]),
        "guests_can_read": digest.audience is Audience.GUESTS,
        "colleague": f"a.colleague@{envelope.rep_address.rpartition('@')[2]}",
    }
    return message_of(templates, envelope, "digest", values)


def compose_problem(
    templates: Templates,
    envelope: Envelope,
    meeting: MeetingShown,
    explanation: str,
    answer_lines: Sequence[str],
) -> EmailMessage:
    """Tell the rep that the answer could not be written where it should be."""
    shown = meeting_values(templates.words, meeting)
    values = {**shown, "explanation": explanation, "answer_lines": answer_lines}
    return message_of(templates, envelope, "problem", values)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What stands after an answer. `where` says who can read it; `question` is at most one."""

    answer_lines: Sequence[str]
    where: str
    question: str | None = None


def compose_confirmation(
    templates: Templates, envelope: Envelope, saved: Sequence[tuple[MeetingShown, Confirmed]]
) -> EmailMessage:
    """Tell the rep what was saved for each meeting, where it stands, and how to correct it."""
    values = {
        "saved": [
            {
                **meeting_values(templates.words, meeting),
                "answer_lines": one.answer_lines,
                "where": one.where,
                "question": one.question and display_text(one.question, 600),
            }
            for meeting, one in saved
        ],
        "how_to_change": templates.words.say(_HOW_TO_CHANGE),
    }
    return message_of(templates, envelope, "confirmation", values)


def compose_command(
    templates: Templates, envelope: Envelope, meetings: Sequence[MeetingShown], done: Done
) -> EmailMessage:
    """Tell the rep that a command was carried out, or how commands are said; about these meetings,
    or about none."""
    words = templates.words
    shown = [meeting_values(words, one) for one in meetings]
    values = {
        **(shown[0] if shown else _NO_MEETING),
        "count": len(shown),
        "title": ", ".join(dict.fromkeys(one["title"] for one in shown)),
        "done": done.short,
        "explanation": display_text(done.explanation, 600),
        "help_lines": done.help_lines,
    }
    return message_of(templates, envelope, "command", values)


_NO_MEETING: dict[str, Any] = {"day": "", "when": "", "guests": [], "customer": ""}


def compose_follow_up(
    templates: Templates,
    envelope: Envelope,
    planned: Sequence[tuple[MeetingShown, Sequence[str]]],
) -> EmailMessage:
    """After the calls: did they agree? Each call comes with the note's lines. A link opens a
    reply that is filled in; a program that visits links sends nothing by it."""
    words = templates.words
    calls = [
        {
            **meeting_values(words, meeting),
            "answer_lines": lines,
            "links": _reply_links(envelope, words, number if len(planned) > 1 else None),
        }
        for number, (meeting, lines) in enumerate(planned, start=1)
    ]
    return message_of(templates, envelope, "follow_up", {"calls": calls})


def _reply_links(envelope: Envelope, words: Catalogue, number: int | None) -> dict[str, str]:
    lead = f"{number}: " if number else ""
    subject = quote(words.say("Did they agree?"))
    return {
        outcome.value: f"mailto:{envelope.reply_to}?subject={subject}"
        f"&body={quote(lead + words.say(word))}"
        for outcome, word in OUTCOME_WORDS.items()
    }


def compose_quarantined(
    templates: Templates, envelope: Envelope, meeting: MeetingShown, explanation: str
) -> EmailMessage:
    """Tell the rep that a reply came which we do not believe to be theirs."""
    shown = meeting_values(templates.words, meeting)
    values = {**shown, "explanation": explanation}
    return message_of(templates, envelope, "quarantined", values)


def note_lines(
    templates: Templates, answer: Answer, outcome: Outcome | None = None
) -> tuple[str, ...]:
    """The lines of the note for the event's description; the outcome once the call is over."""
    values = {
        "commitment_objective": answer.commitment_objective,
        "next_milestone": answer.next_milestone,
        "fallback": answer.fallback,
        "outcome": outcome and OUTCOME_WORDS[outcome],
    }
    text = templates.render("note.txt.j2", values)
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def question_values(words: Catalogue, question: Question, envelope: Envelope) -> dict[str, Any]:
    meeting, last = question.meeting, question.last
    planned = last and display_text(last.planned, 200)
    suggested = last.suggested_milestone if last else None
    return {
        **meeting_values(words, meeting),
        "who": _who(words, meeting),
        "example": _example(words, meeting),
        "milestones": [display_text(milestone.name, 80) for milestone in question.milestones],
        "audience_note": words.say(_AUDIENCE_NOTES[question.audience]),
        "guests_can_read": question.audience is Audience.GUESTS,
        "last": last and words.say(_LAST_TIME[last.outcome], planned=planned),
        "suggested_milestone": suggested and display_text(suggested, 80),
        "colleague": f"a.colleague@{envelope.rep_address.rpartition('@')[2]}",
    }


def meeting_values(words: Catalogue, meeting: MeetingShown) -> dict[str, Any]:
    """What templates show of a meeting."""
    start = meeting.start.astimezone(meeting.zone)
    customer = ", ".join(map(_shown_domain, meeting.customers[:2]))
    return {
        "title": display_text(meeting.title, 120) or words.say("(no title)"),
        "day": short_day(words, start),
        "when": _when(words, meeting),
        "guests": _guest_names(words, meeting.guests),
        "customer": customer or words.say("Your meeting"),
    }


SHORT_DAY, LONG_DAY = "EEE d MMM", "EEEE d MMMM"


def short_day(words: Catalogue, moment: datetime) -> str:
    """As in "Tue 24 Nov", in the zone of `moment`."""
    return format_date(moment, words.translate(SHORT_DAY), locale=words.locale)


def long_day(words: Catalogue, moment: datetime) -> str:
    """As in "Tuesday 24 November", in the zone of `moment`."""
    return format_date(moment, words.translate(LONG_DAY), locale=words.locale)


def _when(words: Catalogue, meeting: MeetingShown) -> str:
    start, end = meeting.start.astimezone(meeting.zone), meeting.end.astimezone(meeting.zone)
    begins, ends = (format_time(at, "HH:mm", locale=words.locale) for at in (start, end))
    return f"{long_day(words, start)}, {begins}–{ends} ({_zone_name(words, start)})"


def _zone_name(words: Catalogue, moment: datetime) -> str:
    """As in "CET"; CLDR gives some zones no short name in some languages, and then a bare offset,
    in place of which the zone's own abbreviation is known to more people."""
    name = get_timezone_name(moment, width="short", locale=words.locale)
    if not name.startswith(("+", "-")):
        return name
    usual = moment.tzname() or ""
    return usual if usual.isalpha() else get_timezone_gmt(moment, locale=words.locale)


def _guest_names(words: Catalogue, guests: Sequence[Attendee]) -> list[str]:
    shown = [_guest(guest) for guest in guests[:MOST_GUESTS_SHOWN]]
    more = len(guests) - len(shown)
    return [*shown, words.say("%(count)s more", count=more)] if more else shown


def _guest(guest: Attendee) -> str:
    address = display_address(guest.email)
    name = display_text(guest.name, 60)
    return f"{name} ({address})" if name and name.lower() != guest.email else address


def _shown_domain(customer: str) -> str:
    return display_text(customer, 60)


def _who(words: Catalogue, meeting: MeetingShown) -> str:
    first = _first_name(meeting.guests)
    if first and len(meeting.guests) == 1:
        return first
    if meeting.customers:
        return _shown_domain(meeting.customers[0])
    return words.say("the customer")


def _example(words: Catalogue, meeting: MeetingShown) -> str:
    actor = _first_name(meeting.guests) or words.say("The customer")
    return words.say(
        "%(actor)s agrees to bring the CFO to a 30-minute review next week.", actor=actor
    )


def _first_name(guests: Sequence[Attendee]) -> str:
    names = (display_text(guest.name, 40).split(" ")[0] for guest in guests)
    return next((name for name in names if name.isalpha()), "")


def message_of(
    templates: Templates, envelope: Envelope, kind: str, values: dict[str, Any]
) -> EmailMessage:
    """The mail of this kind: its subject and both parts by the templates, its headers as ours."""
    shown = {**values, "reply_above_line": f"▲ {templates.words.say(REPLY_ABOVE)} ▲"}
    subject = safe_header(templates.render(f"{kind}.subject.j2", shown).strip())
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

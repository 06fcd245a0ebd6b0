"""What all our mails have in common: from what is known of a meeting to a finished message.

Every mail is short, as text and as HTML, to the rep alone. It begins with what an inbox shows of
it, which locked screens show to anybody: so nothing that a rep answered. The line below that, in
mails that want an answer, tells the reader of replies where the quote begins. What a mail of one
kind says stands in `nudger.mail.kinds`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import (
    format_date,
    format_interval,
    format_time,
    get_timezone_gmt,
    get_timezone_name,
)

from nudger.domain.addresses import plain_address
from nudger.domain.commitment import Answer, Outcome
from nudger.domain.customer_names import customer_name, person_name
from nudger.domain.event import Attendee
from nudger.domain.translatable import N_
from nudger.mail.catalogue import Catalogue
from nudger.mail.display import display_address, display_text, safe_header
from nudger.mail.templates import Templates

REPLY_ABOVE = N_("Please reply above this line")
LOOKALIKE = N_("%(guest)s [⚠ a domain that looks like a known one]")
STOP_SUBJECT = "stop"
PLANNED_BEFORE = N_("Planned before the call")
NOTED_LATER = N_("Noted after the call had begun")
MOST_GUESTS_SHOWN = 4


class _AddressOfAProgram(UnstructuredHeader, BaseHeader):
    """A header that programs read: in one line, since the library would otherwise encode what has
    no blank to break it at, and a mail program would find no address in it."""

    def fold(self, *, policy: Policy[Any]) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _AddressOfAProgram)
_POLICY = SMTP.clone(header_factory=_HEADERS)
ALL_DAY = N_("%(days)s, all day")
MOST_GUESTS_SHOWN = 4
_A_MOMENT = timedelta(microseconds=1)
OUTCOME_WORDS = {Outcome.YES: N_("yes"), Outcome.PARTLY: N_("partly"), Outcome.NO: N_("no")}


@dataclass(frozen=True, slots=True)
class Opening:
    """How a mail begins: what inboxes show of it beside the subject, and the line that replies
    stand above, empty in a mail that wants no answer."""

    preview: str
    reply_above: str = ""


def asks(words: Catalogue, preview: str) -> Opening:
    """The opening of a mail that wants an answer."""
    return Opening(preview, f"▲ {words.say(REPLY_ABOVE)} ▲")


def tells(preview: str) -> Opening:
    """The opening of a mail that wants none."""
    return Opening(preview)


class Audience(StrEnum):
    """Who will be able to read the answer: every guest, the rep in a private event, or the rep in
    their own copy of the meeting."""

    GUESTS = "guests"
    REP = "rep"
    OWN_COPY = "own_copy"


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who mails whom. `rfc_message_id` has its angle brackets; `sent_at` is aware. `stop_to` is
    where mail programs write to that the reader wants no more of these, where we mail unasked,
    `answer_url` the page where they can answer instead, `None` where there are no pages."""

    mailbox: str
    rep_address: str
    rep_name: str
    reply_to: str = field(repr=False)
    rfc_message_id: str
    sent_at: datetime
    answer_url: str | None = field(default=None, repr=False)
    stop_to: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class MeetingShown:
    """A meeting as a mail shows it; `zone` is the rep's. `lookalikes` are those guests' addresses
    whose domain could be mistaken for one of ours or of a listed customer; `all_day` tells of whole
    days, from midnight to midnight; `unnamed` are the customers who are shown by their domain or
    address, since their name could be taken for another's."""

    title: str = field(repr=False)
    start: datetime
    end: datetime
    zone: ZoneInfo
    guests: tuple[Attendee, ...]
    customers: tuple[str, ...]
    lookalikes: frozenset[str] = field(default=frozenset(), repr=False)
    all_day: bool = False
    unnamed: frozenset[str] = frozenset()

    @property
    def begins(self) -> datetime:
        return self.start.astimezone(self.zone)

    @property
    def ends(self) -> datetime:
        return self.end.astimezone(self.zone)

    @property
    def last_day(self) -> date:
        """The last day that it takes any of: an end at midnight is the day before's."""
        return max(self.begins, self.ends - _A_MOMENT).date()


@dataclass(frozen=True, slots=True)
class PreviousCall:
    """What was planned with this customer before, what came of it, and the milestone after it."""

    planned: str
    outcome: Outcome | None = None
    suggested_milestone: str | None = None


def note_lines(
    templates: Templates,
    answer: Answer,
    outcome: Outcome | None = None,
    heading: str = PLANNED_BEFORE,
) -> tuple[str, ...]:
    """The lines of the note for the event's description; the outcome once the call is over.

    `heading` says when that was thought of, so that nobody who reads along, a note-taker's program
    least of all, takes what was planned for what came of the call.
    """
    return (templates.words.say(heading), *answer_lines(templates, answer, outcome))


def answer_lines(
    templates: Templates, answer: Answer, outcome: Outcome | None = None
) -> tuple[str, ...]:
    """What an answer says, a line for each field that it has."""
    values = {
        "commitment_objective": answer.commitment_objective,
        "next_milestone": answer.next_milestone,
        "fallback": answer.fallback,
        "outcome": outcome and OUTCOME_WORDS[outcome],
    }
    text = templates.render("note.txt.j2", values)
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def meeting_values(words: Catalogue, meeting: MeetingShown) -> dict[str, Any]:
    """What templates show of a meeting."""
    customer = ", ".join(customer_shown(meeting, one) for one in meeting.customers[:2])
    return {
        "title": display_text(meeting.title, 120) or words.say("(no title)"),
        "day": _days(words, meeting) if meeting.all_day else short_day(words, meeting.begins),
        "first_day": short_day(words, meeting.begins),
        "when": _when(words, meeting),
        "guests": _guest_names(words, meeting),
        "customer": customer or words.say("Your meeting"),
    }


SHORT_DAY, LONG_DAY, DAY_ALONE = N_("EEE d MMM"), N_("EEEE d MMMM"), N_("EEE d")


def short_day(words: Catalogue, moment: date) -> str:
    """As in "Tue 24 Nov", in the zone of `moment`."""
    return _day(words, moment, SHORT_DAY)


def long_day(words: Catalogue, moment: date) -> str:
    """As in "Tuesday 24 November", in the zone of `moment`."""
    return _day(words, moment, LONG_DAY)


def _day(words: Catalogue, moment: date, form: str) -> str:
    """By the form that the catalogue has; by ours where that is no form of a day (CLDR)."""
    try:
        return format_date(moment, words.translate(form), locale=words.locale)
    except (ValueError, LookupError, AttributeError):
        return format_date(moment, form, locale=words.locale)


def days_shown(words: Catalogue, days: tuple[date, date]) -> str:
    """As in "16–22 Nov"."""
    return str(format_interval(*days, "MMMd", locale=words.locale))


def _when(words: Catalogue, meeting: MeetingShown) -> str:
    begins, ends = meeting.begins, meeting.ends
    if meeting.all_day:
        is_one = meeting.last_day == begins.date()
        days = long_day(words, begins) if is_one else _days(words, meeting)
        return words.say(ALL_DAY, days=days)
    at, until = (format_time(one, "HH:mm", locale=words.locale) for one in (begins, ends))
    zone = _zone_name(words, begins)
    if meeting.last_day == begins.date():
        return f"{long_day(words, begins)}, {at}–{until} ({zone})"
    return f"{short_day(words, begins)}, {at} – {short_day(words, ends)}, {until} ({zone})"


def _days(words: Catalogue, meeting: MeetingShown) -> str:
    """As in "Wed 3 Mar", "Mon 1 – Wed 3 Mar", "Wed 31 Mar – Fri 2 Apr"."""
    first, last = meeting.begins.date(), meeting.last_day
    if first == last:
        return short_day(words, first)
    alike = (first.year, first.month) == (last.year, last.month)
    return f"{_day(words, first, DAY_ALONE if alike else SHORT_DAY)} – {short_day(words, last)}"


def _zone_name(words: Catalogue, moment: datetime) -> str:
    """As in "CET"; CLDR gives some zones no short name in some languages, and then a bare offset,
    in place of which the zone's own abbreviation is known to more people."""
    name = get_timezone_name(moment, width="short", locale=words.locale)
    if not name.startswith(("+", "-")):
        return name
    usual = moment.tzname() or ""
    return usual if usual.isalpha() else get_timezone_gmt(moment, locale=words.locale)


def _guest_names(words: Catalogue, meeting: MeetingShown) -> list[str]:
    """The first guests; before them those whom one should look at twice."""
    marked = meeting.lookalikes
    guests = sorted(meeting.guests, key=lambda guest: guest.email not in marked)
    shown = [
        words.say(LOOKALIKE, guest=_guest(guest)) if guest.email in marked else _guest(guest)
        for guest in guests[:MOST_GUESTS_SHOWN]
    ]
    more = len(guests) - len(shown)
    return [*shown, words.say("%(count)s more", count=more)] if more else shown


def _guest(guest: Attendee) -> str:
    address = display_address(plain_address(guest.email))
    name = display_text(guest.name, 60)
    return f"{name} ({address})" if name and name.lower() != guest.email else address


def first_guest(words: Catalogue, meeting: MeetingShown) -> str:
    """The guest to name where all are meant: as in "Dana Reyes"."""
    names = (person_name(g.name) or display_text(g.name, 60) for g in meeting.guests)
    return next(filter(None, names), words.say("the customer"))


def customer_shown(meeting: MeetingShown, customer: str) -> str:
    """What the customer is called, or its domain or address where that could mislead."""
    if customer in meeting.unnamed:
        return display_address(customer)
    return display_text(customer_name(customer, meeting.guests, meeting.title), 60)


def message_of(
    templates: Templates, envelope: Envelope, kind: str, opening: Opening, values: dict[str, Any]
) -> EmailMessage:
    """The mail of this kind: its subject and both parts by the templates, its headers as ours."""
    shown = {
        **values,
        "answer_url": envelope.answer_url,
        "preheader": opening.preview,
        "reply_above_line": opening.reply_above,
    }
    subject = safe_header(templates.render(f"{kind}.subject.j2", shown).strip())
    shown["subject"] = subject
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = subject
    message["From"] = _address("Nudger", envelope.mailbox)
    message["To"] = _address(safe_header(envelope.rep_name), envelope.rep_address)
    message["Reply-To"] = _address("Nudger", envelope.reply_to)
    message["Message-ID"] = envelope.rfc_message_id
    message["Date"] = format_datetime(envelope.sent_at)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if envelope.stop_to is not None:
        message["List-Unsubscribe"] = f"<mailto:{envelope.stop_to}?subject={STOP_SUBJECT}>"
    message.set_content(templates.render(f"{kind}.txt.j2", shown), cte="quoted-printable")
    page = templates.render_html(f"{kind}.html.j2", shown)
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    return message


def _address(name: str, address: str) -> Address:
    return Address(display_name=name, addr_spec=address)

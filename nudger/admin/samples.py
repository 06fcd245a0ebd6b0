"""A sample of each mail, with made-up people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from nudger.domain.commitment import Answer, Milestone
from nudger.domain.event import Attendee
from nudger.domain.history import Tally
from nudger.mail.compose import (
    Audience,
    Confirmed,
    Digest,
    Done,
    Envelope,
    MeetingShown,
    Question,
    compose_command,
    compose_confirmation,
    compose_digest,
    compose_follow_up,
    compose_problem,
    compose_quarantined,
    compose_question,
    note_lines,
)
from nudger.mail.compose_reports import (
    AskedColleague,
    CallShown,
    WeekShown,
    compose_colleague,
    compose_manager_week,
    compose_week,
    compose_week_notice,
)
from nudger.mail.phrases import (
    COMMAND_WORDS,
    HELP_INTRO,
    HELP_LINES,
    MISSING_MILESTONE,
    PLACE_WORDS,
    PROBLEM_WORDS,
    QUARANTINE_WORDS_DEFAULT,
)
from nudger.mail.templates import Templates

KINDS = (
    "question", "reminder", "digest", "confirmation", "command", "follow_up", "problem",
    "quarantined", "weekly", "weekly_notice", "manager_weekly", "colleague", "note",
)  # fmt: skip
ANSWER = Answer(
    commitment_objective="Dana, the CFO, agrees to join a 30-minute ROI review by 4 December",
    next_milestone="Proposal meeting",
    fallback="Joe agrees to send us the roll-out figures",
)


MANAGER = "mia@ourco.example"
NUMBERS = (
    Tally("Ana Weber", 5, 4, 3, agreed=2, partly=1, not_agreed=0, reached=1),
    Tally("Ben Okafor", 4, 4, 4, agreed=1, partly=1, not_agreed=1, reached=1),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a person reads: the subject and both parts."""

    subject: str
    text: str
    html: str


def sample(
    kind: str,
    templates: Templates,
    milestones: Sequence[Milestone],
    start: datetime,
    audience: Audience = Audience.GUESTS,
) -> Sample:
    """A mail of this kind about a meeting at `start`, whose answer this audience will read.

    Raises `TemplateProblem`.
    """
    if kind == "note":
        text = "\n".join(note_lines(templates, ANSWER)) + "\n"
        return Sample("", text, text.replace("\n", "<br>\n"))
    message = _message(kind, templates, milestones, start, audience)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None and html is not None  # noqa: S101, PT018 - every mail has both
    return Sample(str(message["Subject"]), str(plain.get_content()), str(html.get_content()))


def _message(
    kind: str,
    templates: Templates,
    milestones: Sequence[Milestone],
    start: datetime,
    audience: Audience,
) -> EmailMessage:
    zone = start.tzinfo if isinstance(start.tzinfo, ZoneInfo) else ZoneInfo("UTC")
    at = start.replace(hour=14, minute=0, second=0, microsecond=0)
    guests = (
        Attendee("dana@acme.example", "Dana Reyes"),
        Attendee("joe@acme.example", "Joe Park"),
    )
    meeting = MeetingShown(
        "ACME: pilot review", at, at + timedelta(minutes=45), zone, guests, ("acme.example",)
    )
    envelope = Envelope(
        mailbox="nudger@ourco.example",
        rep_address="ana@ourco.example",
        rep_name="Ana Weber",
        reply_to="nudger+r-sample@ourco.example",
        rfc_message_id="<sample@ourco.example>",
        sent_at=start - timedelta(days=1),
    )
    other = replace(
        meeting,
        title="Globex: security questions",
        start=at + timedelta(hours=2),
        end=at + timedelta(hours=3),
    )
    say = templates.words.say
    lines = note_lines(templates, ANSWER)
    match kind:
        case "problem":
            explanation = say(PROBLEM_WORDS["write_refused"])
            return compose_problem(templates, envelope, meeting, explanation, lines)
        case "quarantined":
            return compose_quarantined(templates, envelope, meeting, say(QUARANTINE_WORDS_DEFAULT))
        case "digest":
            digest = Digest([meeting, other], milestones, audience)
            return compose_digest(templates, envelope, digest)
        case "confirmation":
            saved = Confirmed(lines, say(PLACE_WORDS["written"]), say(MISSING_MILESTONE))
            return compose_confirmation(templates, envelope, [(meeting, saved)])
        case "command":
            done = Done(
                say(COMMAND_WORDS["help"]), say(HELP_INTRO), [say(line) for line in HELP_LINES]
            )
            return compose_command(templates, envelope, [meeting], done)
        case "weekly" | "weekly_notice" | "manager_weekly" | "colleague":
            return _telling(kind, templates, envelope, (meeting, other))
        case "follow_up":
            return compose_follow_up(templates, envelope, [(meeting, lines)])
        case _:
            question = Question(meeting, milestones, audience)
            return compose_question(templates, envelope, question, kind)


def _telling(
    kind: str, templates: Templates, envelope: Envelope, meetings: Sequence[MeetingShown]
) -> EmailMessage:
    """A mail that asks nothing."""
    today = meetings[0].start.date()
    behind = (today - timedelta(days=7), today - timedelta(days=1))
    match kind:
        case "colleague":
            asked = AskedColleague("Ben Okafor", "ben@ourco.example")
            return compose_colleague(templates, envelope, [(meetings[0], asked)])
        case "manager_weekly":
            to_manager = replace(envelope, rep_address=MANAGER, rep_name="Mia Brandt")
            return compose_manager_week(templates, to_manager, behind, NUMBERS)
        case "weekly_notice":
            return compose_week_notice(templates, envelope, MANAGER)
        case _:
            calls = [CallShown(one.title, one.start) for one in meetings]
            over = CallShown("Initech: demo for operations", meetings[0].start - timedelta(days=2))
            ahead = (today, today + timedelta(days=6))
            week = WeekShown(behind, ahead, meetings[0].zone, NUMBERS[0], [over], calls, 2, MANAGER)
            return compose_week(templates, envelope, week)

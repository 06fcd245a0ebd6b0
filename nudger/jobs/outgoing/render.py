"""What a mail of the outbox shows: gathered from the store, handed to `mail.compose`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from email.message import EmailMessage
from typing import Any

from sqlalchemy import Connection

from nudger.domain.assignee import RepReason
from nudger.domain.commitment import Answer, Outcome, milestone_after
from nudger.domain.event import Provider
from nudger.domain.history import Tally
from nudger.domain.mails import MailKind
from nudger.domain.week import WeeklyPart
from nudger.mail.compose import (
    Audience,
    Confirmed,
    Digest,
    Done,
    Envelope,
    MeetingShown,
    PreviousCall,
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
from nudger.mail.message import Asked, AskedMeeting
from nudger.mail.phrases import (
    COMMAND_WORDS,
    HELP_LINES,
    NOT_DONE,
    NOTHING_TO_ANSWER,
    PLACE_WORDS,
    PROBLEM_WORDS,
    QUARANTINE_WORDS,
    QUARANTINE_WORDS_DEFAULT,
)
from nudger.mail.reply_text import folded
from nudger.mail.templates import Templates, templates_for
from nudger.mail.token import reply_address
from nudger.runtime.context import Context
from nudger.runtime.policies import milestones_of, zone_of
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail
from nudger.store.people import Rep

WITHOUT_MEETING = (
    MailKind.WEEKLY, MailKind.MANAGER_WEEKLY, MailKind.COMMAND, MailKind.QUARANTINED,
)  # fmt: skip


def where_it_stands(content: Mapping[str, Any]) -> str:
    """The message that says it, and why there where it is elsewhere than was said."""
    problem = PROBLEM_WORDS.get(content["reason"])
    return problem or PLACE_WORDS[content["place"]]


def templates_of(ctx: Context, rep: Rep) -> Templates:
    language = rep.language or ctx.settings.of_team(rep.team).language
    return templates_for(ctx.settings.templates, language)


def note_lines_of(
    ctx: Context, rep: Rep, answer: Answer, outcome: Outcome | None = None
) -> tuple[str, ...]:
    """The note's lines for an answer, by the templates of this rep's language."""
    return note_lines(templates_of(ctx, rep), answer, outcome)


def envelope_of(ctx: Context, rep: Rep, token: str, rfc_message_id: str) -> Envelope:
    mailbox = ctx.accounts.mailbox_for(rep)
    return Envelope(
        mailbox=mailbox,
        rep_address=rep.email,
        rep_name=rep.name,
        reply_to=reply_address(mailbox, token),
        rfc_message_id=rfc_message_id,
        sent_at=ctx.clock(),
    )


def compose(
    ctx: Context, mail: Mail, rep: Rep, meetings: Sequence[Meeting], envelope: Envelope
) -> EmailMessage:
    """The message that a row of the outbox stands for."""
    templates = templates_of(ctx, rep)
    say = templates.words.say
    shown = [_shown(ctx, rep, meeting) for meeting in meetings]
    content = opened_content(ctx, mail)
    match mail.kind:
        case MailKind.PROBLEM:
            lines = note_lines(templates, Answer(**content["answer"]))
            explanation = say(PROBLEM_WORDS[content["reason"]])
            return compose_problem(templates, envelope, shown[0], explanation, lines)
        case MailKind.CONFIRMATION:
            confirmed = [_confirmed(templates, one) for one in content["saved"]]
            return compose_confirmation(
                templates, envelope, list(zip(shown, confirmed, strict=True))
            )
        case MailKind.COMMAND:
            needs_help = content["reason"] in ("help", "not_understood")
            help_lines = [say(line) for line in HELP_LINES] if needs_help else ()
            short = say(COMMAND_WORDS.get(content["reason"], NOT_DONE))
            done = Done(short, content["explanation"], help_lines)
            return compose_command(templates, envelope, shown, done)
        case MailKind.QUARANTINED if not shown:
            done = Done(
                say(NOTHING_TO_ANSWER), content.get("explanation") or say(QUARANTINE_WORDS_DEFAULT)
            )
            return compose_command(templates, envelope, (), done)
        case MailKind.QUARANTINED:
            explanation = say(QUARANTINE_WORDS.get(content["reason"], QUARANTINE_WORDS_DEFAULT))
            return compose_quarantined(templates, envelope, shown[0], explanation)
        case MailKind.FOLLOW_UP:
            lines_of = [_latest_lines(ctx, rep, meeting) for meeting in meetings]
            return compose_follow_up(templates, envelope, list(zip(shown, lines_of, strict=True)))
        case MailKind.WEEKLY | MailKind.MANAGER_WEEKLY | MailKind.COLLEAGUE:
            return _told(ctx, mail, rep, meetings, envelope)
        case _:
            if len(meetings) > 1:
                return compose_digest(templates, envelope, _digest(ctx, mail, rep, meetings))
            audience = audience_of(ctx, rep, meetings[0])
            with ctx.database.read() as tx:
                last = previous_call(ctx, tx, rep, meetings[0])
            question = Question(shown[0], milestones_of(ctx.settings, rep), audience, last)
            return compose_question(templates, envelope, question, mail.kind.value)


def _told(
    ctx: Context, mail: Mail, rep: Rep, meetings: Sequence[Meeting], envelope: Envelope
) -> EmailMessage:
    """A mail that asks nothing, from what was gathered for it."""
    templates, content = templates_of(ctx, rep), opened_content(ctx, mail)
    if mail.kind is MailKind.COLLEAGUE:
        calls = [
            (_shown(ctx, rep, one), AskedColleague(*content["asked"][str(one.id)]))
            for one in meetings
        ]
        return compose_colleague(templates, envelope, calls)
    if mail.kind is MailKind.MANAGER_WEEKLY:
        lines = [Tally(**line) for line in content["lines"]]
        return compose_manager_week(templates, envelope, _days(content["behind"]), lines)
    if content["part"] == WeeklyPart.NOTICE:
        return compose_week_notice(templates, envelope, content["manager"])
    week = WeekShown(
        behind=_days(content["behind"]),
        ahead=_days(content["ahead"]),
        zone=zone_of(ctx.settings, rep),
        numbers=Tally(**content["numbers"]),
        unknown=_calls(content["unknown"]),
        bare=_calls(content["bare"]),
        prepared=content["prepared"],
        manager=content["manager"],
    )
    return compose_week(templates, envelope, week)


def _days(told: Sequence[str]) -> tuple[date, date]:
    return date.fromisoformat(told[0]), date.fromisoformat(told[1])


def _calls(told: Sequence[Sequence[str]]) -> list[CallShown]:
    return [CallShown(title, datetime.fromisoformat(start)) for title, start in told]


def _confirmed(templates: Templates, saved: Mapping[str, Any]) -> Confirmed:
    lines = note_lines(templates, Answer(**saved["answer"]))
    where = templates.words.say(where_it_stands(saved))
    return Confirmed(lines, where, saved["question"])


def _latest_lines(ctx: Context, rep: Rep, meeting: Meeting) -> tuple[str, ...]:
    with ctx.database.read() as tx:
        latest = _latest(ctx, tx, meeting.id)
    return note_lines_of(ctx, rep, latest) if latest else ()


def _digest(ctx: Context, mail: Mail, rep: Rep, meetings: Sequence[Meeting]) -> Digest:
    audiences = [audience_of(ctx, rep, meeting) for meeting in meetings]
    widest = Audience.GUESTS if Audience.GUESTS in audiences else audiences[0]
    shown = [_shown(ctx, rep, meeting) for meeting in meetings]
    is_reminder = mail.kind is MailKind.REMINDER
    return Digest(shown, milestones_of(ctx.settings, rep), widest, is_reminder)


def audience_of(ctx: Context, rep: Rep, meeting: Meeting) -> Audience:
    """Who will read an answer that is not marked private.

    Outlook mails every guest when an organizer changes a meeting, so that an organizer's note goes
    into a private event unless the admin allows the mails; an invited person changes their own
    copy alone.
    """
    if ctx.settings.write_back == "private":
        return Audience.REP
    if rep.provider is not Provider.MICROSOFT:
        return Audience.GUESTS
    if meeting.rep_reason != RepReason.ORGANIZER:
        return Audience.OWN_COPY
    may_notify = ctx.settings.microsoft.outlook_may_notify_guests
    return Audience.GUESTS if may_notify else Audience.REP


def _shown(ctx: Context, rep: Rep, meeting: Meeting) -> MeetingShown:
    return MeetingShown(
        title=meeting.details.title,
        start=meeting.start,
        end=meeting.end,
        zone=zone_of(ctx.settings, rep),
        guests=meeting.details.guests,
        customers=meeting.customers,
    )


def sealed_content(ctx: Context, once: str, content: dict[str, Any]) -> bytes:
    return ctx.vault.seal_json(content, f"mail.content:{once}")


def opened_content(ctx: Context, mail: Mail) -> dict[str, Any]:
    if mail.content is None:
        return {}
    content: dict[str, Any] = ctx.vault.open_json(mail.content, f"mail.content:{mail.once}")
    return content


def asked_of(
    ctx: Context, tx: Connection, mail: Mail, rep: Rep, meetings: Sequence[Meeting]
) -> Asked:
    """What the mail that is answered showed, for the reader of replies."""
    return Asked(
        lines=_own_lines(ctx, mail, rep, meetings),
        rep_name=rep.name,
        about_outcome=mail.kind is MailKind.FOLLOW_UP,
        milestones=milestones_of(ctx.settings, rep),
        meetings=tuple(
            AskedMeeting(
                number=number,
                title=meeting.details.title,
                customers=meeting.customers,
                last=_latest(ctx, tx, meeting.id) or _answer_before(ctx, tx, rep, meeting),
            )
            for number, meeting in enumerate(meetings, start=1)
        ),
    )


def _own_lines(ctx: Context, mail: Mail, rep: Rep, meetings: Sequence[Meeting]) -> frozenset[str]:
    """The lines of our own mail, which may come back in the reply as a quote; none where what it
    was about is gone."""
    if not meetings and mail.kind not in WITHOUT_MEETING:
        return frozenset()
    message = compose(ctx, mail, rep, meetings, envelope_of(ctx, rep, "0" * 32, "<quoted@nudger>"))
    body = message.get_body(("plain",))
    lines = str(body.get_content()).splitlines() if body is not None else []
    return frozenset(folded(line) for line in lines if line.strip())


def _latest(ctx: Context, tx: Connection, meeting_id: int) -> Answer | None:
    latest = ctx.answers.latest(tx, meeting_id)
    return latest[1] if latest else None


def _answer_before(ctx: Context, tx: Connection, rep: Rep, meeting: Meeting) -> Answer | None:
    before = ctx.meetings.answered_before(tx, rep.id, meeting)
    return _latest(ctx, tx, before.id) if before else None


def previous_call(ctx: Context, tx: Connection, rep: Rep, meeting: Meeting) -> PreviousCall | None:
    """What the rep planned in the last meeting with the same customer, and what came of it."""
    before = ctx.meetings.answered_before(tx, rep.id, meeting)
    answer = _latest(ctx, tx, before.id) if before else None
    if before is None or answer is None or not answer.commitment_objective:
        return None
    given = ctx.outcomes.find(tx, before.id)
    outcome = given.outcome if given else None
    suggested = milestone_after(milestones_of(ctx.settings, rep), answer.next_milestone, outcome)
    return PreviousCall(answer.commitment_objective, outcome, suggested)

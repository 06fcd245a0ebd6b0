"""The message that a row of the outbox stands for, from what was gathered for it."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage

from nudger.domain.assignee import RepReason
from nudger.domain.commitment import Answer, Milestone, Outcome, milestone_after
from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.jobs.outgoing.content import opened_content, opened_own_lines
from nudger.jobs.outgoing.facts import MeetingFacts
from nudger.mail.compose import Audience, Envelope, MeetingShown, PreviousCall, note_lines
from nudger.mail.kind import Call, Letter
from nudger.mail.kinds import KINDS
from nudger.mail.message import Asked, AskedMeeting
from nudger.mail.templates import Templates, templates_for
from nudger.mail.token import reply_address
from nudger.runtime.context import Context
from nudger.runtime.policies import milestones_of, zone_of
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail
from nudger.store.people import Rep


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
    ctx: Context, mail: Mail, rep: Rep, facts: Sequence[MeetingFacts], envelope: Envelope
) -> EmailMessage:
    """The message that a row of the outbox stands for. Nothing is read from the database."""
    kind = KINDS[mail.kind]
    letter = Letter(
        content=opened_content(ctx, mail, kind.content),
        calls=tuple(_call(ctx, rep, one) for one in facts),
        milestones=milestones_of(ctx.settings, rep),
        zone=zone_of(ctx.settings, rep),
    )
    return kind.render(letter, templates_of(ctx, rep), envelope)


def _call(ctx: Context, rep: Rep, facts: MeetingFacts) -> Call:
    meeting = facts.meeting
    shown = MeetingShown(
        title=meeting.details.title,
        start=meeting.start,
        end=meeting.end,
        zone=zone_of(ctx.settings, rep),
        guests=meeting.details.guests,
        customers=meeting.customers,
        lookalikes=facts.lookalikes,
        unnamed=facts.unnamed,
        all_day=meeting.details.all_day,
    )
    previous = _previous_call(facts, milestones_of(ctx.settings, rep))
    return Call(meeting.id, shown, audience_of(ctx, rep, meeting), facts.planned, previous)


def _previous_call(facts: MeetingFacts, milestones: Sequence[Milestone]) -> PreviousCall | None:
    answer, outcome = facts.planned_before, facts.outcome_before
    if answer is None or not answer.commitment_objective:
        return None
    suggested = milestone_after(milestones, answer.next_milestone, outcome)
    return PreviousCall(answer.commitment_objective, outcome, suggested)


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


def asked_of(ctx: Context, mail: Mail, rep: Rep, facts: Sequence[MeetingFacts]) -> Asked:
    """What the mail that is answered showed, for the reader of replies."""
    return Asked(
        lines=opened_own_lines(ctx, mail).all,
        rep_name=rep.name,
        about_outcome=mail.kind is MailKind.FOLLOW_UP,
        milestones=milestones_of(ctx.settings, rep),
        meetings=tuple(
            AskedMeeting(
                number=number,
                title=one.meeting.known_title or "",
                customers=one.meeting.customers,
                last=one.planned or one.planned_before,
                guests=tuple(
                    f"{guest.name} <{guest.email}>" for guest in one.meeting.details.guests
                ),
            )
            for number, one in enumerate(facts, start=1)
        ),
    )

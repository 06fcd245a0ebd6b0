"""The message that a row of the outbox stands for, from what was gathered for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from nudger.domain.assignee import RepReason
from nudger.domain.commitment import Answer, Milestone, Outcome, milestone_after
from nudger.domain.event import Provider
from nudger.domain.mails import PROACTIVE, MailKind
from nudger.domain.note_markers import Markers, markers_of
from nudger.domain.plans import is_plan
from nudger.jobs.outgoing.content import opened_content, opened_own_lines
from nudger.jobs.outgoing.facts import MeetingFacts
from nudger.mail.catalogue import Catalogue
from nudger.mail.compose import (
    NOTED_LATER,
    PLANNED_BEFORE,
    Audience,
    Envelope,
    MeetingShown,
    PreviousCall,
    note_lines,
)
from nudger.mail.kind import Call, Letter
from nudger.mail.kinds import KINDS
from nudger.mail.message import Asked, AskedMeeting
from nudger.mail.template_cache import templates_for
from nudger.mail.templates import Templates
from nudger.mail.token import reply_address, stop_address
from nudger.runtime.context import Context
from nudger.runtime.policies import milestones_of, zone_of
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail
from nudger.store.people import Rep

GivenAnswer = tuple[datetime, Answer]
"""An answer and when it was given."""


def templates_of(ctx: Context, rep: Rep) -> Templates:
    language = rep.language or ctx.settings.of_team(rep.team).language
    return templates_for(ctx.settings.templates, language)


@dataclass(frozen=True, slots=True)
class NoteShown:
    """A note in the words of a rep's language: its lines, and what they stand between."""

    words: Catalogue
    lines: tuple[str, ...] = field(repr=False)

    @property
    def markers(self) -> Markers:
        return markers_of(self.words.language)


def note_of(
    ctx: Context, rep: Rep, meeting: Meeting, given: Sequence[GivenAnswer], outcome: Outcome | None
) -> NoteShown:
    """The note of the last of the answers that were given for this meeting, of one at least."""
    templates, (_, last) = templates_of(ctx, rep), given[-1]
    heading = PLANNED_BEFORE if is_plan(given, meeting.start) else NOTED_LATER
    return NoteShown(templates.words, note_lines(templates, last, outcome, heading))


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a mail is known by again: `reply` where it is answered by mail, `link` on its page,
    `None` where it has none."""

    reply: str = field(repr=False)
    link: str | None = field(default=None, repr=False)


def envelope_of(ctx: Context, rep: Rep, token: str, rfc_message_id: str) -> Envelope:
    """The envelope of a mail to this rep whose replies carry the token."""
    mailbox = ctx.accounts.mailbox_for(rep)
    return Envelope(
        mailbox=mailbox,
        rep_address=rep.email,
        rep_name=rep.name,
        reply_to=reply_address(mailbox, token),
        rfc_message_id=rfc_message_id,
        sent_at=ctx.clock(),
    )


def envelope_of_mail(
    ctx: Context, mail: Mail, rep: Rep, tokens: Tokens, rfc_message_id: str
) -> Envelope:
    """The envelope of a mail of the outbox. A stop by header is offered with what we send of our
    own accord; not with the admin's, which the settings end, and not in a mailbox of the rep's own,
    where nothing but answers to our mails is opened."""
    envelope = envelope_of(ctx, rep, tokens.reply, rfc_message_id)
    can_stop = mail.kind in PROACTIVE and mail.kind is not MailKind.ADMIN_WEEKLY
    if can_stop and ctx.settings.mode == "organization":
        envelope = replace(envelope, stop_to=stop_address(envelope.mailbox, tokens.reply))
    if tokens.link is None:
        return envelope
    return replace(envelope, answer_url=f"{ctx.settings.web.public_url}/answer/{tokens.link}")


def compose(
    ctx: Context, mail: Mail, rep: Rep, facts: Sequence[MeetingFacts], envelope: Envelope
) -> EmailMessage:
    """The message that a row of the outbox stands for. Nothing is read from the database."""
    letter = letter_to(ctx, mail, rep, facts)
    return KINDS[mail.kind].render(letter, templates_of(ctx, rep), envelope)


def letter_to(ctx: Context, mail: Mail, rep: Rep, facts: Sequence[MeetingFacts]) -> Letter[Any]:
    """All that is said in a row of the outbox, by mail or otherwise."""
    return Letter(
        content=opened_content(ctx, mail, KINDS[mail.kind].content),
        calls=tuple(call_of(ctx, rep, one) for one in facts),
        milestones=milestones_of(ctx.settings, rep),
        zone=zone_of(ctx.settings, rep),
    )


def call_of(ctx: Context, rep: Rep, facts: MeetingFacts) -> Call:
    meeting, shown = facts.meeting, shown_of(ctx, rep, facts)
    previous = _previous_call(facts, milestones_of(ctx.settings, rep))
    return Call(meeting.id, shown, audience_of(ctx, rep, meeting), facts.planned, previous)


def shown_of(ctx: Context, rep: Rep, facts: MeetingFacts) -> MeetingShown:
    """The meeting as this rep is shown it."""
    meeting = facts.meeting
    return MeetingShown(
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

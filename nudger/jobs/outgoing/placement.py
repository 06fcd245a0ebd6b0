"""Where an answer belongs: in the meeting, or in the rep's private companion event, and why."""

from __future__ import annotations

from dataclasses import replace

from nudger.domain.coach import coach
from nudger.domain.commitment import Answer
from nudger.domain.publishing import Origin, PublishRule, same_sentences, why_kept_back
from nudger.domain.reasons import Reason
from nudger.jobs.outgoing.render import audience_of
from nudger.mail.compose import Audience
from nudger.runtime.context import Context
from nudger.runtime.policies import milestones_of
from nudger.store.answers import Note, NotePlace, Placement
from nudger.store.meetings import Meeting
from nudger.store.people import Rep


def placement_of(
    ctx: Context, rep: Rep, meeting: Meeting, answer: Answer, origin: Origin = Origin.READ
) -> Placement:
    """Where an answer belongs whose sentences come from there."""
    audience = audience_of(ctx, rep, meeting)
    if answer.private or audience is Audience.REP:
        return Placement(NotePlace.PRIVATE)
    publish = ctx.settings.of_team(rep.team).meetings.publish
    if audience is Audience.GUESTS and publish is PublishRule.COMMITMENTS:
        kept_back = why_kept_back(
            answer,
            milestones=milestones_of(ctx.settings, rep),
            us=own_names(rep, meeting),
            origin=origin,
        )
        if kept_back is not None:
            return Placement(NotePlace.PRIVATE, kept_back)
    return Placement(NotePlace.MEETING)


def may_be_shown_to_guests(ctx: Context, rep: Rep, meeting: Meeting, answer: Answer) -> bool:
    """Whether the rep did not keep the answer to themself, and it is a commitment beyond doubt."""
    kept_back = why_kept_back(
        replace(answer, next_milestone=None, fallback=None),
        milestones=milestones_of(ctx.settings, rep),
        us=own_names(rep, meeting),
    )
    return not answer.private and kept_back is None


def origin_of(answer: Answer, earlier: Answer, note: Note | None) -> Origin:
    """Where the sentences of an answer come from that was not guessed now: those of the `earlier`
    one stand where its `note` does, and were guessed if they were."""
    if note is None or not same_sentences(answer, earlier):
        return Origin.READ
    if note.reason == Reason.GUESSED:
        return Origin.GUESSED
    return Origin.PUBLIC if note.place is NotePlace.MEETING else Origin.READ


def is_commitment(rep: Rep, meeting: Meeting, answer: Answer) -> bool:
    """Whether the answer names something that the customer will have agreed to."""
    return coach(answer.commitment_objective or "", us=own_names(rep, meeting)).is_commitment


def own_names(rep: Rep, meeting: Meeting) -> tuple[str, ...]:
    """How the rep may speak of themself: by their whole name, and by the first one where no guest
    has the same."""
    first = next(iter(rep.name.split()), "")
    guests = " ".join(guest.name for guest in meeting.details.guests).casefold()
    return (rep.name, first) if first and first.casefold() not in guests else (rep.name,)

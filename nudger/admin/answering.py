"""What the link in a question opens: the call, what is known of it, and answering it at once.

Nothing here asks who somebody is: whoever has the link may answer this question and nothing else.
A rep who is signed in opens the same for each of their calls. What is saved is confirmed to the rep
by mail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import Connection

from nudger.domain.coach import Advice
from nudger.domain.commitment import Answer, Milestone, Outcome
from nudger.domain.controls import Activity
from nudger.domain.mails import MailKind
from nudger.domain.publishing import KEPT_BACK
from nudger.domain.reasons import Reason, StepName, reason_of
from nudger.domain.source import Source
from nudger.jobs.commands.dispatch import CommandRequest, execute
from nudger.jobs.incoming.kept_answers import WholeAnswer, keep_outcome, keep_whole
from nudger.jobs.incoming.received import takes_answer
from nudger.jobs.outgoing.coaching import advice_on
from nudger.jobs.outgoing.facts import MeetingFacts, gather_facts
from nudger.jobs.outgoing.placement import placement_of
from nudger.jobs.outgoing.recipient import recipient_of
from nudger.jobs.outgoing.render import audience_of
from nudger.mail.compose import Audience
from nudger.mail.message import Command
from nudger.mail.token import token_hash
from nudger.runtime.context import Context
from nudger.runtime.holds import refuse_if_held
from nudger.runtime.policies import milestones_of
from nudger.store import answers, audit, outbox
from nudger.store.answers import Note, NotePlace, NoteState
from nudger.store.meetings import Meeting
from nudger.store.outcomes import GivenOutcome
from nudger.store.people import Rep

MOST_ID = 2**31 - 1
"""The largest number that databases take for an id."""

ANSWER_WINDOW = timedelta(days=30)
"""How long after the call its question can still be answered."""


@dataclass(frozen=True, slots=True)
class Surface:
    """Where a rep answers beside their mails, as the audit trail tells it."""

    step: StepName
    reason: Reason
    source: Callable[[Callable[[int], bytes]], Source]


PAGE = Surface(StepName.PAGE, Reason.BY_PAGE, Source.of_page)
ADDON = Surface(StepName.ADDON, Reason.BY_ADDON, Source.of_addon)


class LinkUnknown(Exception):
    """No question is known by this link, or it counts no more; or the call is none of the rep's."""


class AnswerRefused(Exception):
    """What was sent cannot be saved; `reason` is its code."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.words)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Link:
    """What was opened: whose calls, in the order of the mail that asked about them. `asks_outcome`
    says that the mail asked what came of them."""

    rep: Rep
    meetings: tuple[Meeting, ...]
    asks_outcome: bool = False


class Standing(StrEnum):
    """Where the answer of a call stands."""

    NOWHERE = "nowhere"
    ON_ITS_WAY = "on_its_way"
    MEETING = "meeting"
    OWN_COPY = "own_copy"
    PRIVATE = "private"
    KEPT_BACK = "kept_back"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """One call of a question, with all that its page shows.

    `facts` have the answer that stands and what came before; `note` says where it stands. `outcome`
    is what came of the call, as far as it was told; `is_over` says that the call has ended.
    `is_late` says that its question is closed. `commanded` is what the rep just had done, as long
    as nothing has happened since.
    """

    link: Link
    number: int
    facts: MeetingFacts
    audience: Audience
    milestones: tuple[Milestone, ...]
    note: Note | None
    outcome: Outcome | None
    is_over: bool
    is_late: bool
    commanded: Reason | None

    @property
    def meeting(self) -> Meeting:
        return self.facts.meeting

    @property
    def answer(self) -> Answer | None:
        """The answer that stands, `None` where nothing does."""
        planned = self.facts.planned
        return None if planned is None or planned.is_empty else planned

    @property
    def is_called_off(self) -> bool:
        return not takes_answer(self.meeting)

    @property
    def is_open(self) -> bool:
        """Whether what is answered now is still taken."""
        return not self.is_called_off and not self.is_late

    @property
    def standing(self) -> Standing:
        if self.answer is None or self.note is None:
            return Standing.NOWHERE
        if self.note.reason in KEPT_BACK:
            return Standing.KEPT_BACK
        if self.note.state is NoteState.FAILED:
            return Standing.FAILED
        if self.note.state is NoteState.DUE:
            return Standing.ON_ITS_WAY
        if self.note.place is NotePlace.PRIVATE:
            return Standing.PRIVATE
        return Standing.OWN_COPY if self.audience is Audience.OWN_COPY else Standing.MEETING


@dataclass(frozen=True, slots=True)
class Look:
    """What would become of an answer: the coach's word on it, and whether guests would read it."""

    advice: Advice
    is_for_guests: bool
    kept_back: Reason | None


def open_link(ctx: Context, tx: Connection, token: str) -> Link:
    """Raises `LinkUnknown`, and `Held` while everything is locked down."""
    refuse_if_held(tx, Activity.OBEY_REPLIES)
    mail = outbox.find_by_link(tx, token_hash(token))
    if mail is None or mail.token_void:
        raise LinkUnknown
    meetings = tuple(ctx.meetings.of_mail(tx, mail.id))
    return Link(recipient_of(tx, mail), meetings, mail.kind is MailKind.FOLLOW_UP)


def open_own(ctx: Context, tx: Connection, rep: Rep, meeting_id: int) -> Link:
    """The same for a call of a rep who is signed in. Raises `LinkUnknown`."""
    found = ctx.meetings.find_ids(tx, [meeting_id]) if meeting_id <= MOST_ID else {}
    meeting = found.get(meeting_id)
    if meeting is None or meeting.rep_id != rep.id:
        raise LinkUnknown
    return Link(rep, (meeting,))


def read_sheet(ctx: Context, tx: Connection, link: Link, number: int) -> AnswerSheet:
    """The sheet of the call with this number. Raises `LinkUnknown` where there is none."""
    if not 1 <= number <= len(link.meetings):
        raise LinkUnknown
    meeting = link.meetings[number - 1]
    (facts,) = gather_facts(ctx, tx, link.rep, [meeting])
    given = ctx.outcomes.find_many(tx, {meeting.id}).get(meeting.id)
    now, latest = ctx.clock(), audit.latest_about(tx, meeting.id)
    is_command = latest is not None and latest.step is StepName.COMMAND
    return AnswerSheet(
        link=link,
        number=number,
        facts=facts,
        audience=audience_of(ctx, link.rep, meeting),
        milestones=tuple(milestones_of(ctx.settings, link.rep)),
        note=answers.find_note(tx, meeting.id),
        outcome=None if given is None else given.outcome,
        is_over=meeting.end <= now,
        is_late=now - meeting.end > ANSWER_WINDOW,
        commanded=latest.reason if latest is not None and is_command else None,
    )


def look_at(ctx: Context, sheet: AnswerSheet, answer: Answer) -> Look:
    """What would become of this answer if it was saved. Nothing is."""
    rep, meeting = sheet.link.rep, sheet.meeting
    advice = advice_on(ctx, rep, meeting, answer)
    placement = placement_of(ctx, rep, meeting, answer)
    for_guests = placement.place is NotePlace.MEETING and sheet.audience is Audience.GUESTS
    kept_back = reason_of(placement.reason) if placement.reason in KEPT_BACK else None
    return Look(advice, for_guests, kept_back)


def save_answer(
    ctx: Context, tx: Connection, sheet: AnswerSheet, answer: Answer, surface: Surface = PAGE
) -> None:
    """Save the answer in the place of what stands. Raises `AnswerRefused`."""
    _refuse_unless_open(sheet)
    if answer.is_empty:
        raise AnswerRefused(Reason.EMPTY)
    source = surface.source(ctx.random_bytes)
    keep_whole(ctx, tx, WholeAnswer(sheet.link.rep, sheet.meeting, answer, source))
    _record(ctx, tx, sheet, surface)


def save_outcome(
    ctx: Context,
    tx: Connection,
    sheet: AnswerSheet,
    given: tuple[Outcome, str],
    surface: Surface = PAGE,
) -> None:
    """Save whether the customer agreed, and what was said about it. Raises `AnswerRefused`."""
    _refuse_unless_open(sheet)
    if not sheet.is_over:
        raise AnswerRefused(Reason.NOT_OVER)
    keep_outcome(ctx, tx, sheet.link.rep, sheet.meeting, GivenOutcome(*given, ctx.clock()))
    _record(ctx, tx, sheet, surface)


def obey(
    ctx: Context, tx: Connection, sheet: AnswerSheet, command: Command, surface: Surface = PAGE
) -> Reason:
    """Do what a command about this call says, as a reply with it would; returns its reason code.
    Raises `AnswerRefused`."""
    _refuse_unless_open(sheet)
    source = surface.source(ctx.random_bytes)
    request = CommandRequest(sheet.link.rep, [sheet.meeting], command, source)
    return execute(ctx, tx, request)


def _refuse_unless_open(sheet: AnswerSheet) -> None:
    if sheet.is_called_off:
        raise AnswerRefused(Reason.EVENT_GONE)
    if sheet.is_late:
        raise AnswerRefused(Reason.EXPIRED)


def _record(ctx: Context, tx: Connection, sheet: AnswerSheet, surface: Surface) -> None:
    step = audit.Step(surface.step, surface.reason, sheet.meeting.id, sheet.link.rep.id)
    audit.record(tx, step, ctx.clock())

"""Putting answers where the rep reads them: into the meeting, or into a private companion event.

Each write is conditional (If-Match), and believed where the event is shown with the note, by the
answer itself or read again: a provider may answer 200 and change nothing.
Where the meeting cannot carry the note, the companion does, and the rep is told.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta

from nudger.domain.commitment import Answer, MeetingState
from nudger.domain.controls import Activity
from nudger.domain.event import Event
from nudger.domain.lifecycle import MeetingEvent
from nudger.domain.note import NoteProblem, find, holds, remove, splice
from nudger.domain.publishing import KEPT_BACK
from nudger.domain.reasons import Reason, StepName, reason_of
from nudger.jobs.outgoing.coaching import question_back
from nudger.jobs.outgoing.render import NoteShown, audience_of, note_of
from nudger.jobs.outgoing.responses import Problem, SavedAnswer, confirm_answer, report_problem
from nudger.jobs.planning.lifecycle import advance
from nudger.mail.compose import Audience
from nudger.providers.base import Calendar, CompanionDraft, NotFound, WriteConflict, WriteRefused
from nudger.providers.retry import Patience, Retries, Tries
from nudger.runtime import giving_up
from nudger.runtime.attempt import Work
from nudger.runtime.context import Context
from nudger.runtime.courses import calendar_course
from nudger.runtime.giving_up import unless_hopeless
from nudger.runtime.holds import is_held
from nudger.runtime.work_off import do_claimed, each_claimed
from nudger.store import audit
from nudger.store.answers import Note, NotePlace, NoteState, claim_notes
from nudger.store.leases import Lease, release
from nudger.store.meetings import Copy, Meeting, copies
from nudger.store.people import Rep, asked_about, get_rep
from nudger.store.vault import SealBroken

NOWHERE_ELSE = (Reason.EVENT_GONE, Reason.BLOCK_CONFLICT, Reason.DESC_FULL)
"""Problems that a companion would not mend, or that the rep has to see to."""

CONFLICTS = Patience(tries=8, first_wait=timedelta(seconds=0.1), longest_wait=timedelta(seconds=15))


@dataclass(frozen=True, slots=True)
class Written:
    """The note stands; `reason` tells why it stands there."""

    place: NotePlace
    reason: Reason
    event_id: str | None
    companion_id: str | None


@dataclass(frozen=True, slots=True)
class NotWritten:
    """The note cannot be written there, for this reason."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class NoteWork:
    """All that writing one note needs. `copy` is the meeting in the asked rep's calendar."""

    note: Note
    meeting: Meeting
    answer: Answer
    rep: Rep
    copy: Copy | None
    shown: NoteShown


def write(ctx: Context) -> int:
    """Write every note that is due; returns how many now stand."""
    return sum(1 for _ in each_claimed(ctx, _claim, _write_note))


def write_one(ctx: Context, meeting_id: int) -> bool:
    """Write this meeting's note if it is due and free; whether it was seen to."""
    return bool(do_claimed(ctx, _claim(ctx, 1, meeting_id), _write_note))


def _claim(ctx: Context, room: int, only: int | None = None) -> list[tuple[Work, Note]]:
    with ctx.database.begin() as tx:
        if is_held(tx, Activity.WRITE):
            return []
        claimed = claim_notes(tx, ctx.claimant(), room, only)
        reps = asked_about(tx, [note.meeting_id for _, note in claimed])
    return [(_work(lease, note, reps.get(note.meeting_id)), note) for lease, note in claimed]


def _work(lease: Lease, note: Note, rep: Rep | None) -> Work:
    course = calendar_course("write", rep) if rep is not None else None
    return Work(lease, f"note of meeting {note.meeting_id}", note.attempts, course=course)


def _write_note(ctx: Context, lease: Lease, note: Note) -> None:
    unless_hopeless(
        giving_up.Tries(lease, note.attempts),
        lambda: _write_answer(ctx, lease, note),
        lambda error: _set_aside(ctx, lease, note, error),
    )


def _set_aside(ctx: Context, lease: Lease, note: Note, error: str) -> None:
    reason = Reason.FAILED_THRICE
    with ctx.database.begin() as tx:
        release(tx, lease, state=NoteState.FAILED.value, reason=reason, last_error=error)
        audit.record(tx, audit.Step(StepName.WRITE, reason, note.meeting_id), ctx.clock())


def _write_answer(ctx: Context, lease: Lease, note: Note) -> None:
    work = _gather(ctx, note)
    calendar = ctx.accounts.calendar(work.rep)
    if work.meeting.state is MeetingState.WITHDRAWN:
        _remove_companion(ctx, lease, calendar, work)
        return
    if work.answer.is_empty:
        _take_back(ctx, lease, calendar, work)
        return
    work = _without_former_companion(ctx, work)
    result = _place_note(ctx, calendar, work)
    _record(ctx, lease, work, result)


def _gather(ctx: Context, note: Note) -> NoteWork:
    with ctx.database.read() as tx:
        meeting = ctx.meetings.get(tx, note.meeting_id)
        latest = ctx.answers.latest(tx, note.meeting_id)
        rep = get_rep(tx, meeting.rep_id)
        places = copies(tx, note.meeting_id)
        given = ctx.answers.revisions(tx, note.meeting_id)
        came = ctx.outcomes.find(tx, note.meeting_id)
    if latest is None:
        raise SealBroken(f"the answer about meeting {meeting.id} cannot be read")
    answer = latest[1]
    own = next((copy for copy in places if copy.rep_id == rep.id), None)
    answers_given = [(moment, one) for _, moment, one in given]
    shown = note_of(ctx, rep, meeting, answers_given, came.outcome if came else None)
    return NoteWork(note, meeting, answer, rep, own, shown)


def _without_former_companion(ctx: Context, work: NoteWork) -> NoteWork:
    """The call is another rep's now: the private event goes from the former one's calendar."""
    note = work.note
    if note.companion_id is None or note.event_rep_id in (None, work.rep.id):
        return work
    with ctx.database.read() as tx:
        former = get_rep(tx, note.event_rep_id)
    ctx.accounts.calendar(former).delete_companion(note.companion_id)
    return replace(work, note=replace(note, companion_id=None))


def _place_note(ctx: Context, calendar: Calendar, work: NoteWork) -> Written | NotWritten:
    if work.copy is None:
        return NotWritten(Reason.EVENT_GONE)
    if work.note.place is NotePlace.PRIVATE:
        _clear_meeting(calendar, work.copy.event_id, work.note)
        reason = reason_of(work.note.reason)
        return _write_companion(
            calendar, work, reason if reason in KEPT_BACK else Reason.KEPT_PRIVATE
        )
    result = _write_into_event(ctx, calendar, work.copy.event_id, work.shown)
    if result is None:
        if work.note.companion_id is not None:
            calendar.delete_companion(work.note.companion_id)
        return Written(NotePlace.MEETING, Reason.WRITTEN, work.copy.event_id, None)
    if result.reason in NOWHERE_ELSE:
        return result
    return _write_companion(calendar, work, result.reason)


def _write_into_event(
    ctx: Context, calendar: Calendar, event_id: str, shown: NoteShown
) -> NotWritten | None:
    """Splice the note into the event's description and read it back; `None` when it stands.

    Who else is writing there needs a moment, and another one each time: two that wait equally long
    meet again.
    """
    rounds = Tries(Retries(CONFLICTS, ctx.stop.wait))
    may_notify_guests = ctx.settings.microsoft.outlook_may_notify_guests
    while True:
        try:
            return _write_once(calendar, event_id, shown, may_notify_guests=may_notify_guests)
        except WriteConflict:
            if not rounds.wait(None):
                return NotWritten(Reason.CHANGING_TOO_FAST)
        except WriteRefused:
            return NotWritten(Reason.WRITE_REFUSED)
        except NotFound:
            return NotWritten(Reason.EVENT_GONE)


def _write_once(
    calendar: Calendar, event_id: str, shown: NoteShown, *, may_notify_guests: bool
) -> NotWritten | None:
    """As `_write_into_event`. Raises `WriteConflict` and the other errors of `Calendar`."""
    event = calendar.get(event_id)
    description = event.description or ""
    limit = calendar.description_limit
    spliced = splice(description, event.description_format, shown.lines, limit, shown.markers)
    if isinstance(spliced, NoteProblem):
        return NotWritten(reason_of(spliced.reason))
    if spliced.description == event.description:
        return None
    if calendar.write_notifies_guests(event) and not may_notify_guests:
        return NotWritten(Reason.WOULD_NOTIFY_GUESTS)
    answered = calendar.write_description(event, spliced.description)
    if answered is not None and _shows(answered, event, shown.lines):
        return None
    return _read_back(calendar, event_id, shown.lines)


def _shows(answered: Event, before: Event, lines: tuple[str, ...]) -> bool:
    """Whether the answer to a write proves it: the event is another version than before, the note
    stands in it, and nothing else changed."""
    otherwise = replace(answered, etag=before.etag, description=before.description)
    stands = holds(answered.description or "", answered.description_format, lines)
    return answered.etag != before.etag and stands and otherwise == before


def _read_back(calendar: Calendar, event_id: str, lines: tuple[str, ...]) -> NotWritten | None:
    event = calendar.get(event_id)
    if holds(event.description or "", event.description_format, lines):
        return None
    return NotWritten(Reason.NO_EFFECT)


def _clear_meeting(calendar: Calendar, event_id: str, note: Note) -> None:
    """Take an earlier note out of the meeting: the rep wants it private now."""
    if note.event_id is None:
        return
    event = calendar.get(event_id)
    description = event.description or ""
    if find(description, event.description_format) is not None:
        calendar.write_description(event, remove(description, event.description_format))


def _write_companion(calendar: Calendar, work: NoteWork, reason: Reason) -> Written | NotWritten:
    assert work.copy is not None  # noqa: S101 - checked by the caller
    try:
        event = calendar.get(work.copy.event_id)
    except NotFound:
        return NotWritten(Reason.EVENT_GONE)
    draft = companion_draft(work.meeting.meeting_key, event, work.shown)
    return Written(NotePlace.PRIVATE, reason, None, _stand_companion(calendar, work.note, draft))


def _stand_companion(calendar: Calendar, note: Note, draft: CompanionDraft) -> str:
    """Have the companion as the draft says; returns its id."""
    if note.companion_id is not None:
        try:
            calendar.update_companion(note.companion_id, draft)
        except NotFound:
            pass
        else:
            return note.companion_id
    return calendar.create_companion(draft).event_id


def companion_draft(meeting_key: str, event: Event, shown: NoteShown) -> CompanionDraft:
    """The private event that carries the note of `event`: same time, its own fixed id."""
    text = "\n".join(shown.lines)
    if event.link:
        text += f"\n\n{event.link}"
    return CompanionDraft(
        id=hashlib.sha256(f"companion:{meeting_key}".encode()).hexdigest()[:32],
        title=shown.words.say("C.O. for: %(title)s", title=event.title),
        description=text,
        start=event.start,
        end=event.end,
        time_zone=event.time_zone,
        meeting_link=event.link,
        all_day=event.all_day,
    )


def _take_back(ctx: Context, lease: Lease, calendar: Calendar, work: NoteWork) -> None:
    """The rep undid the answer: the note goes, wherever it stands."""
    if work.copy is not None:
        _clear_meeting(calendar, work.copy.event_id, work.note)
    if work.note.companion_id is not None:
        calendar.delete_companion(work.note.companion_id)
    with ctx.database.begin() as tx:
        values = {"reason": Reason.UNDONE.value, "event_id": None, "companion_id": None}
        release(tx, lease, state=NoteState.FAILED.value, written_revision=None, **values)
        audit.record(tx, audit.Step(StepName.WRITE, Reason.UNDONE, work.meeting.id), ctx.clock())


def _remove_companion(ctx: Context, lease: Lease, calendar: Calendar, work: NoteWork) -> None:
    """The meeting is gone, and so is its companion; a note in the meeting is left alone."""
    if work.note.companion_id is not None:
        calendar.delete_companion(work.note.companion_id)
    with ctx.database.begin() as tx:
        release(
            tx,
            lease,
            state=NoteState.FAILED.value,
            reason=Reason.WITHDRAWN.value,
            companion_id=None,
        )
        audit.record(tx, audit.Step(StepName.WRITE, Reason.WITHDRAWN, work.meeting.id), ctx.clock())


def _record(ctx: Context, lease: Lease, work: NoteWork, result: Written | NotWritten) -> None:
    now = ctx.clock()
    meeting = work.meeting
    with ctx.database.begin() as tx:
        if isinstance(result, Written):
            release(
                tx,
                lease,
                state=NoteState.WRITTEN.value,
                reason=result.reason,
                place=result.place.value,
                written_revision=work.note.revision,
                event_rep_id=work.rep.id,
                event_id=result.event_id,
                companion_id=result.companion_id,
                written_at=now,
            )
            advance(ctx, tx, meeting, MeetingEvent.NOTE_WRITTEN, result.reason)
        else:
            release(tx, lease, state=NoteState.FAILED.value, reason=result.reason)
        if _is_unchanged(work.note, result):
            return
        step = audit.Step(StepName.WRITE, result.reason, meeting.id, work.rep.id)
        audit.record(tx, step, now)
        if isinstance(result, Written):
            confirm_answer(ctx, tx, meeting, work.rep, _stood(ctx, work, result))
        else:
            problem = Problem(result.reason, work.note.revision, work.answer)
            report_problem(ctx, tx, meeting, work.rep, problem)


def _stood(ctx: Context, work: NoteWork, result: Written) -> SavedAnswer:
    place = "written" if result.place is NotePlace.MEETING else "private"
    if result.reason in KEPT_BACK:
        place = "kept_back"
    if place == "written" and audience_of(ctx, work.rep, work.meeting) is Audience.OWN_COPY:
        place = "own_copy"
    first = work.note.written_revision is None
    question = question_back(ctx, work.rep, work.answer, first=first)
    reason = result.reason if result.place is not work.note.place else Reason.AS_ASKED
    return SavedAnswer(reason, place, work.note.revision, work.answer, question)


def _is_unchanged(note: Note, result: Written | NotWritten) -> bool:
    """Whether the note was only looked at again, as after a change of the meeting."""
    same = note.written_revision == note.revision
    return isinstance(result, Written) and same and result.place is note.place

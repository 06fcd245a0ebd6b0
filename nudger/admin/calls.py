"""Customer calls with what was answered and what came of them: for a list, and for a CRM."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from nudger.admin.explain import UNREADABLE
from nudger.domain.call_changes import START, Change, Cursor, untold
from nudger.domain.commitment import Answer, MeetingState
from nudger.domain.reasons import reason_of
from nudger.runtime.context import Context
from nudger.store import calls, people
from nudger.store.calls import Times
from nudger.store.chunks import chunks
from nudger.store.meetings import Meeting
from nudger.store.outcomes import GivenOutcome
from nudger.store.people import Rep


@dataclass(frozen=True, slots=True)
class Call:
    """One call; docs/export.md says what each field is. Moments are ISO 8601 in UTC."""

    call: int
    changed_at: str
    start: str
    end: str
    time_zone: str
    title: str = field(repr=False)
    customers: tuple[str, ...]
    rep: str
    rep_name: str
    state: str
    reason: str
    commitment_objective: str | None = field(repr=False)
    next_milestone: str | None = field(repr=False)
    fallback: str | None = field(repr=False)
    kept_private: bool
    asked_at: str | None
    answered_at: str | None
    outcome: str | None
    outcome_words: str | None = field(repr=False)
    outcome_at: str | None
    note: str | None
    note_written_at: str | None

    @property
    def words(self) -> str:
        """Why the call is in its state, as a sentence."""
        return reason_of(self.reason).words

    @property
    def lacks_objective(self) -> bool:
        """Whether a call that is not called off has no C.O."""
        has_one = self.commitment_objective is not None or self.kept_private
        return not has_one and self.state != MeetingState.WITHDRAWN.value

    def is_with(self, customer: str) -> bool:
        """Whether this domain, or one within it, is the call's customer."""
        wanted = "." + customer.strip().lower().rpartition("@")[2]
        return any(f".{one}".endswith(wanted) for one in self.customers)

    def as_json(self) -> dict[str, Any]:
        return {name: _json(getattr(self, name)) for name in COLUMNS}


COLUMNS = tuple(one.name for one in fields(Call))


def _json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls: those that begin in [since, until), of a rep and with a customer where said;
    `without_objective`: only those that have no C.O."""

    since: datetime
    until: datetime
    rep_id: int | None = None
    customer: str | None = None
    without_objective: bool = False

    def includes(self, call: Call) -> bool:
        is_theirs = self.customer is None or call.is_with(self.customer)
        return is_theirs and (call.lacks_objective or not self.without_objective)


def list_calls(ctx: Context, wanted: Wanted) -> list[Call]:
    """The wanted calls, in the order of their start."""
    with ctx.database.read() as tx:
        ids = calls.between(tx, wanted.since, wanted.until, wanted.rep_id)
        found = list(_read(ctx, tx, ids))
    return [call for call in found if wanted.includes(call)]


@dataclass(frozen=True, slots=True)
class Changed:
    """Calls that changed, the oldest change first, and the cursor to go on with."""

    calls: list[Call]
    cursor: Cursor


def changed_calls(ctx: Context, after: Cursor = START) -> Changed:
    """Every call that changed since `after`; all of them at the start."""
    with ctx.database.read() as tx:
        moments = calls.changed_since(tx, after.looks_back_to)
        recent = {call.call: call for call in _read(ctx, tx, moments)}
    changes = {one: Change(moments[one], str(call.as_json())) for one, call in recent.items()}
    told, cursor = untold(changes, after)
    return Changed([recent[one] for one in told], cursor)


def _read(ctx: Context, tx: Connection, ids: Collection[int]) -> Iterator[Call]:
    reps = {rep.id: rep for rep in people.list_reps(tx)}
    for chunk in chunks(ids):
        answers, outcomes = ctx.answers.latest_of(tx, chunk), ctx.outcomes.find_many(tx, chunk)
        times = calls.times_of(tx, chunk)
        for meeting in ctx.meetings.in_order(tx, chunk):
            _, answer = answers.get(meeting.id, (0, Answer()))
            about = _About(meeting, reps[meeting.rep_id], answer, outcomes.get(meeting.id))
            yield about.call(times[meeting.id])


@dataclass(frozen=True, slots=True)
class _About:
    """What is stored of one call."""

    meeting: Meeting
    rep: Rep
    answer: Answer
    outcome: GivenOutcome | None

    def call(self, times: Times) -> Call:
        meeting, outcome = self.meeting, self.outcome
        told = Answer() if self.answer.private else self.answer
        return Call(
            call=meeting.id,
            changed_at=times.changed_at.isoformat(),
            start=meeting.start.isoformat(),
            end=meeting.end.isoformat(),
            time_zone=meeting.time_zone,
            title=meeting.known_title or UNREADABLE,
            customers=meeting.customers,
            rep=self.rep.email,
            rep_name=self.rep.name,
            state=meeting.state.value,
            reason=meeting.reason,
            commitment_objective=told.commitment_objective,
            next_milestone=told.next_milestone,
            fallback=told.fallback,
            kept_private=self.answer.private,
            asked_at=_iso(times.asked_at),
            answered_at=None if self.answer.is_empty else _iso(times.answered_at),
            outcome=None if outcome is None else outcome.outcome.value,
            outcome_words=None if outcome is None else outcome.words or None,
            outcome_at=None if outcome is None else outcome.given_at.isoformat(),
            note=times.note,
            note_written_at=_iso(times.written_at),
        )


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()

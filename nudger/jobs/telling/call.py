"""A customer call as other systems are told of it: by the export, by webhooks, by the API."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Annotated, Any

from pydantic import WithJsonSchema
from sqlalchemy import Connection

from nudger.domain.commitment import Answer, MeetingState
from nudger.domain.reasons import reason_of
from nudger.runtime.context import Context
from nudger.store import calls, people
from nudger.store.calls import Times
from nudger.store.chunks import chunks
from nudger.store.meetings import Meeting
from nudger.store.outcomes import GivenOutcome
from nudger.store.people import Rep

IsoMoment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]


@dataclass(frozen=True, slots=True)
class Call:
    """One call; docs/export.md says what each field is. Moments are ISO 8601 in UTC."""

    call: int
    changed_at: IsoMoment
    start: IsoMoment
    end: IsoMoment
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
    asked_at: IsoMoment | None
    answered_at: IsoMoment | None
    outcome: str | None
    outcome_words: str | None = field(repr=False)
    outcome_at: IsoMoment | None
    note: str | None
    note_written_at: IsoMoment | None

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
        return has_customer(self.customers, customer)

    def as_json(self) -> dict[str, Any]:
        return {name: _json(getattr(self, name)) for name in COLUMNS}


def has_customer(customers: Collection[str], domain: str) -> bool:
    """Whether this domain, or one within it, is among the customers."""
    wanted = "." + domain.strip().lower().rpartition("@")[2]
    return any(f".{one}".endswith(wanted) for one in customers)


COLUMNS = tuple(one.name for one in fields(Call))


def _json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def read_calls(ctx: Context, tx: Connection, ids: Collection[int]) -> Iterator[Call]:
    """The calls with these ids, in their order; each is there. What a rep keeps to themself is left
    out of each."""
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
            title=meeting.shown_title,
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

"""What reps answered, revision by revision, and the note that carries the latest."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, select

from nudger.domain.commitment import Answer
from nudger.domain.history import is_commitment
from nudger.domain.reasons import Reason
from nudger.store import tables
from nudger.store.chunks import chunks
from nudger.store.leases import Claimant, Lease, claim
from nudger.store.many_rows import add_rows
from nudger.store.vault import SealBroken, Vault
from nudger.store.written_out import is_one_of

log = logging.getLogger(__name__)


class NotePlace(StrEnum):
    """Where a note is read: in the meeting itself, or in the rep's private companion event."""

    MEETING = "meeting"
    PRIVATE = "private"


class NoteState(StrEnum):
    DUE = "due"
    WRITTEN = "written"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Note:
    """The note of one meeting. `revision` is the answer wanted, `written_revision` what stands."""

    meeting_id: int
    revision: int
    place: NotePlace
    state: NoteState
    reason: str
    attempts: int
    written_revision: int | None = None
    event_rep_id: int | None = None
    event_id: str | None = None
    companion_id: str | None = None
    written_at: datetime | None = None

    @property
    def placement(self) -> Placement:
        return Placement(self.place, self.reason)


_LATER = tables.answer.alias()
_NEWEST = select(tables.answer).where(
    tables.answer.c.meeting_id.in_(bindparam("of", expanding=True)),
    ~select(_LATER.c.id)
    .where(
        _LATER.c.meeting_id == tables.answer.c.meeting_id,
        _LATER.c.revision > tables.answer.c.revision,
    )
    .exists(),
)
_OF_MEETING = tables.answer.c.meeting_id == bindparam("of")
_LAST_REVISION = select(func.max(tables.answer.c.revision)).where(_OF_MEETING)
_REVISIONS = select(tables.answer).where(_OF_MEETING).order_by(tables.answer.c.revision)


class Answers:
    """Reads and writes answers within the caller's transaction."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def latest(self, tx: Connection, meeting_id: int) -> tuple[int, Answer] | None:
        """The newest revision's number and content, or `None` before the first."""
        return self.latest_of(tx, [meeting_id]).get(meeting_id)

    def latest_of(
        self, tx: Connection, meeting_ids: Collection[int]
    ) -> dict[int, tuple[int, Answer]]:
        """The newest revision of each of the meetings that has one, by the meeting. One whose seal
        is broken is none, so that it stops nothing but its own note."""
        found: dict[int, tuple[int, Answer]] = {}
        for chunk in chunks(meeting_ids):
            rows = self._readable(tx.execute(_NEWEST, {"of": chunk}))
            found.update((row.meeting_id, (row.revision, answer)) for row, answer in rows)
        return found

    def add(
        self,
        tx: Connection,
        meeting_id: int,
        rep_id: int,
        given: Answer,
        inbound_id: int | None,
        now: datetime,
    ) -> int:
        """Keep an answer as the meeting's next revision; returns its number, from 1. Without its
        remark where that is of another rep, who had the meeting before."""
        revision: int = (tx.scalar(_LAST_REVISION, {"of": meeting_id}) or 0) + 1
        if given.remark and given.remark in self._remarks_of_others(tx, meeting_id, rep_id):
            given = replace(given, remark=None)
        row = {
            "meeting_id": meeting_id,
            "revision": revision,
            "rep_id": rep_id,
            "inbound_id": inbound_id,
            "content": self._vault.seal_json(_as_json(given), _owner(meeting_id, revision)),
            "is_commitment": is_commitment(given),
            "given_at": now,
        }
        add_rows(tx, tables.answer, [row])
        return revision

    def _remarks_of_others(self, tx: Connection, meeting_id: int, rep_id: int) -> set[str | None]:
        rows = self._readable(tx.execute(_REVISIONS, {"of": meeting_id}))
        return {answer.remark for row, answer in rows if row.rep_id != rep_id}

    def revisions(self, tx: Connection, meeting_id: int) -> list[tuple[int, datetime, Answer]]:
        rows = self._readable(tx.execute(_REVISIONS, {"of": meeting_id}))
        return [(row.revision, row.given_at, answer) for row, answer in rows]

    def _readable(self, rows: Iterable[Row[Any]]) -> Iterator[tuple[Row[Any], Answer]]:
        for row in rows:
            try:
                owner = _owner(row.meeting_id, row.revision)
                yield row, Answer(**self._vault.open_json(row.content, owner))
            except SealBroken as error:
                log.warning("%s", error)


def source_of(tx: Connection, meeting_id: int, revision: int) -> int | None:
    """The id of the reply that this revision came in."""
    columns = tables.answer.c
    this = (columns.meeting_id == meeting_id) & (columns.revision == revision)
    found: int | None = tx.scalar(select(columns.inbound_id).where(this))
    return found


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an answer belongs, and why there."""

    place: NotePlace
    reason: str = Reason.ANSWERED


def want_note(
    tx: Connection, meeting_id: int, revision: int, placement: Placement, now: datetime
) -> None:
    """Have this revision written there, now."""
    row = {
        "meeting_id": meeting_id,
        "revision": revision,
        "place": placement.place.value,
        "state": NoteState.DUE.value,
        "reason": placement.reason,
        "due_at": now,
        "attempts": 0,
    }
    add_rows(tx, tables.note, [row], key=("meeting_id",))


def claim_notes(
    tx: Connection, claimant: Claimant, limit: int, only: int | None = None
) -> list[tuple[Lease, Note]]:
    """Claim what is due, or `only` this meeting's note if it is."""
    claimed = claim(tx, tables.note, notes_to_write(claimant), claimant, limit, only)
    return [(lease, _note(row)) for lease, row in claimed]


def notes_to_write(claimant: Claimant) -> ColumnElement[bool]:
    """Whether a note is to be written now."""
    return is_one_of(tables.note.c.state, [NoteState.DUE]) & claimant.is_due(tables.note)


def due_notes(tx: Connection, now: datetime) -> list[Note]:
    """What `claim_notes` would take, without taking it."""
    due = is_one_of(tables.note.c.state, [NoteState.DUE]) & (tables.note.c.due_at <= now)
    return [_note(row) for row in tx.execute(select(tables.note).where(due))]


@dataclass(frozen=True, slots=True)
class DueNote:
    """A note that is to be written: from when on, why, and what went wrong last."""

    at: datetime
    reason: str
    last_error: str | None


def due_note(tx: Connection, meeting_id: int) -> DueNote | None:
    """The meeting's note, if it waits to be written."""
    columns = tables.note.c
    waits = (columns.meeting_id == meeting_id) & (columns.state == NoteState.DUE.value)
    row = tx.execute(select(tables.note).where(waits)).one_or_none()
    return None if row is None else DueNote(row.due_at, row.reason, row.last_error)


def all_notes(tx: Connection) -> list[Note]:
    rows = tx.execute(select(tables.note).order_by(tables.note.c.meeting_id))
    return [_note(row) for row in rows]


def find_note(tx: Connection, meeting_id: int) -> Note | None:
    found = select(tables.note).where(tables.note.c.meeting_id == meeting_id)
    row = tx.execute(found).one_or_none()
    return None if row is None else _note(row)


def _note(row: Row[Any]) -> Note:
    return Note(
        meeting_id=row.meeting_id,
        revision=row.revision,
        place=NotePlace(row.place),
        state=NoteState(row.state),
        reason=row.reason,
        attempts=row.attempts,
        written_revision=row.written_revision,
        event_rep_id=row.event_rep_id,
        event_id=row.event_id,
        companion_id=row.companion_id,
        written_at=row.written_at,
    )


def _as_json(answer: Answer) -> dict[str, Any]:
    return {
        "commitment_objective": answer.commitment_objective,
        "next_milestone": answer.next_milestone,
        "fallback": answer.fallback,
        "private": answer.private,
        "remark": answer.remark,
    }


def _owner(meeting_id: int, revision: int) -> str:
    return f"answer.content:{meeting_id}:{revision}"

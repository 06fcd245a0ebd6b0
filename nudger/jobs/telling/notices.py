"""Noting what happened to a call, in the transaction in which it happens, for whoever is told."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from nudger.domain.notices import NoticeKind
from nudger.runtime.context import Context
from nudger.runtime.receivers import told_of
from nudger.store import notices
from nudger.store.notices import Notice
from nudger.store.outcomes import GivenOutcome

ID_BYTES = 16
LOOKS_BACK = timedelta(days=2)
"""Calls that began longer ago are no news, as where a worker did not run for long."""


def note_commitment(ctx: Context, tx: Connection, meeting_id: int, revision: int) -> None:
    """An answer was recorded: a new one, a changed one, one that was taken back."""
    once = f"commitment:{meeting_id}:{revision}"
    _note(ctx, tx, meeting_id, NoticeKind.COMMITMENT_RECORDED, once)


def note_outcome(ctx: Context, tx: Connection, meeting_id: int, given: GivenOutcome) -> None:
    """What came of a call was recorded, or said anew."""
    once = f"outcome:{meeting_id}:{given.given_at.isoformat()}"
    _note(ctx, tx, meeting_id, NoticeKind.OUTCOME_RECORDED, once)


def note_unanswered(ctx: Context) -> int:
    """Note the calls that began without an answer though one was asked for; returns how many. Once
    a call, wherever it is moved."""
    now = ctx.clock()
    with ctx.database.read() as tx:
        found = notices.unanswered(tx, now - LOOKS_BACK, now)
    if not found:
        return 0
    with ctx.database.begin() as tx:
        still = notices.unanswered(tx, now - LOOKS_BACK, now)
        for meeting_id in still:
            once = f"unanswered:{meeting_id}"
            _note(ctx, tx, meeting_id, NoticeKind.MEETING_UNANSWERED, once)
    return len(still)


def _note(ctx: Context, tx: Connection, meeting_id: int, kind: NoticeKind, once: str) -> None:
    notice = Notice(f"msg_{ctx.random_bytes(ID_BYTES).hex()}", once, kind, meeting_id, ctx.clock())
    notices.add(tx, notice, told_of(ctx.settings, kind))

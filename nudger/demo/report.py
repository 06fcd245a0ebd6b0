"""What the demonstration did, from the sandbox's own record and from the store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nudger.demo.doors import addresses
from nudger.demo.stage import Stage
from nudger.domain.mails import MailKind
from nudger.sandbox.entries import Entry
from nudger.sandbox.microsoft.answers import GRAPH_ID_START, own_id
from nudger.sandbox.scenario import INSIDE
from nudger.store import answers, calendars, meetings, outbox, people, sent_log
from nudger.store.answers import Note, NoteState
from nudger.store.meetings import Copy

SHORT_NAMES = (("calendar.events.", "calendar."), ("gmail.users.", "gmail."))


def report(stage: Stage, replies: int, provider: str) -> dict[str, Any]:
    """One object for scripts."""
    with stage.server.world.lock:
        ledger = stage.server.world.ledger
        guest_mails = len(ledger.mails_outside(INSIDE))
        calls = {_short(name): count for name, count in sorted(ledger.calls.items())}
    return {
        "provider": provider,
        "events": stage.events,
        "asked": list(_asked(stage)),
        "skipped": list(_skipped(stage)),
        "replies": replies,
        "written": list(_written(stage)),
        "guest_mails": guest_mails,
        "api_calls": calls,
        "pages": addresses(stage.server.url, stage.doors, stage.answer_page),
    }


def _short(name: str) -> str:
    for long, short in SHORT_NAMES:
        name = name.replace(long, short)
    return name


def _asked(stage: Stage) -> Iterator[dict[str, Any]]:
    ctx = stage.ctx
    with ctx.database.read() as tx:
        for mail in sent_log.sent_mails(tx, MailKind.QUESTION):
            rep = people.get_rep(tx, mail.rep_id)
            for meeting_id in outbox.meeting_ids(tx, mail.id):
                meeting = ctx.meetings.get(tx, meeting_id)
                copy = _copy_of(meetings.copies(tx, meeting_id), rep.id)
                yield {
                    "event_id": copy.event_id if copy else None,
                    "rep": rep.email,
                    "title": meeting.details.title,
                    "customer": list(meeting.customers),
                }


def _skipped(stage: Stage) -> Iterator[dict[str, Any]]:
    with stage.ctx.database.read() as tx:
        seen = calendars.skipped(tx)
        reps = {rep.id: rep.email for rep in people.list_reps(tx)}
    with stage.server.world.lock:
        for one in seen:
            entry = _find(stage, reps[one.rep_id], one.event_id)
            title = entry.title if entry else ""
            yield {"event_id": one.event_id, "title": title, "reason": one.reason}


def _written(stage: Stage) -> Iterator[dict[str, Any]]:
    ctx = stage.ctx
    with ctx.database.read() as tx:
        notes = [note for note in answers.all_notes(tx) if note.state is NoteState.WRITTEN]
        found = [
            (note, people.get_rep(tx, ctx.meetings.get(tx, note.meeting_id).rep_id),
             meetings.copies(tx, note.meeting_id))
            for note in notes
        ]  # fmt: skip
    with stage.server.world.lock:
        for note, rep, copies in found:
            copy = _copy_of(copies, rep.id)
            event_id = note.event_id or (copy.event_id if copy else None)
            yield {
                "event_id": event_id,
                "where": note.place.value,
                "description": _description(stage, rep.email, note, event_id),
            }


def _description(stage: Stage, rep: str, note: Note, event_id: str | None) -> str:
    """The description in which the note is read: the meeting's, or its companion's."""
    where = note.companion_id if note.place.value == "private" else event_id
    entry = _find(stage, rep, where or "")
    return entry.description if entry else ""


def _find(stage: Stage, rep: str, event_id: str) -> Entry | None:
    """The sandbox's entry behind an id of either provider."""
    calendars = stage.server.world.calendars
    known = calendars.find(rep, event_id)
    if known is None and event_id.startswith(GRAPH_ID_START):
        known = calendars.find(rep, own_id(rep, event_id))
    return known


def _copy_of(copies: list[Copy], rep_id: int) -> Copy | None:
    return next((one for one in copies if one.rep_id == rep_id), None)

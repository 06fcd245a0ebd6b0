"""Where everything stands, for people and scripts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from nudger.admin.controls import switches
from nudger.admin.health import find_concerns, sign_in_faults
from nudger.domain.assignee import RepReason
from nudger.domain.reasons import reason_of
from nudger.runtime.context import Context
from nudger.store import audit, calendars, counts, meetings, outbox, people

UNREADABLE = "(its title cannot be read)"


def overview(ctx: Context) -> dict[str, Any]:
    """Counts by state, the last scan, the next due moment (ISO, UTC), what fails, what admins have
    switched off, and what somebody should look at."""
    found = find_concerns(ctx)
    with ctx.database.read() as tx:
        last_scan, next_due = counts.last_scan(tx), counts.next_due(tx)
        failures = counts.failures(tx)
        return {
            "meetings": meetings.state_counts(tx),
            "mails": counts.mails_by_state(tx),
            "notes": counts.notes_by_state(tx),
            "replies": counts.replies_by_state(tx),
            "verdicts": dict(calendars.verdict_counts(tx)),
            "last_scan": last_scan and last_scan.isoformat(),
            "next_due": next_due and next_due.isoformat(),
            "failures": failures,
            "sign_in": sign_in_faults(failures),
            "controls": switches(tx),
            "concerns": [{"code": one.code, "words": one.words} for one in found],
            "exit_code": found[0].exit_code if found else 0,
        }


def explain_event(ctx: Context, event_id: str) -> list[dict[str, Any]]:
    """One object for each calendar in which the event was seen."""
    with ctx.database.read() as tx:
        seen = calendars.find_event(tx, event_id)
        return [_explained(ctx, tx, rep_id, one) for rep_id, one in seen]


def _explained(ctx: Context, tx: Connection, rep_id: int, seen: calendars.Seen) -> dict[str, Any]:
    return {
        "event_id": seen.event_id,
        "calendar": people.get_rep(tx, rep_id).email,
        "start": seen.start_at.isoformat(),
        "verdict": seen.verdict,
        "reason": seen.reason,
        "words": reason_of(seen.reason).words,
        "meeting": None if seen.meeting_id is None else _meeting(ctx, tx, seen.meeting_id),
    }


def _meeting(ctx: Context, tx: Connection, meeting_id: int) -> dict[str, Any]:
    meeting = ctx.meetings.get(tx, meeting_id)
    return {
        "id": meeting.id,
        "title": meeting.known_title or UNREADABLE,
        "state": meeting.state.value,
        "reason": meeting.reason,
        "words": reason_of(meeting.reason).words,
        "rep": people.get_rep(tx, meeting.rep_id).email,
        "rep_reason": meeting.rep_reason,
        "rep_words": RepReason[meeting.rep_reason.upper()].words,
        "steps": [
            {
                "at": one.at.isoformat(),
                "step": one.step.step,
                "reason": one.step.reason,
                "words": one.step.reason.words,
                "request": one.step.detail.get("request"),
            }
            for one in audit.history(tx, meeting_id)
        ],
        "mails": [
            {"kind": mail.kind.value, "state": mail.state.value, "due": mail.due_at.isoformat()}
            for mail in outbox.about_meeting(tx, meeting_id)
        ],
    }

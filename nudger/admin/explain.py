"""Why an event was or was not asked about, what was done since, and what waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from nudger.admin.find_events import Hit, find_events
from nudger.admin.waits import waits_of
from nudger.domain.assignee import RepReason
from nudger.domain.reasons import Reason, reason_of
from nudger.domain.verdict import Decision
from nudger.runtime.context import Context
from nudger.runtime.policies import for_rep
from nudger.store import audit, calendars, outbox, people
from nudger.store.meetings import Meeting
from nudger.store.people import Rep


def explain_hit(ctx: Context, hit: Hit) -> list[dict[str, Any]]:
    """One object for each calendar in which the event was seen; one where none holds it any more.
    Moments are ISO 8601 in UTC."""
    with ctx.database.read() as tx:
        meeting = None if hit.meeting is None else _meeting(ctx, tx, hit.meeting)
        if hit.seen:
            return [_seen(tx, rep_id, one, meeting) for rep_id, one in hit.seen]
        return [_gone(hit.meeting, meeting)] if hit.meeting and meeting else []


def explain_event(ctx: Context, text: str) -> list[dict[str, Any]]:
    """The same of every event that `text` means (see `find_events`); empty where it means none."""
    return [one for hit in find_events(ctx, text) for one in explain_hit(ctx, hit)]


@dataclass(frozen=True, slots=True)
class StepsOfOneKind:
    """Steps in a row that were the same for the same reason: the moments of the first and the last
    (ISO 8601), and how many."""

    step: str
    words: str
    first: str
    last: str
    times: int


def in_rows(steps: Sequence[Mapping[str, Any]]) -> Iterator[StepsOfOneKind]:
    """The steps of a meeting, what was done again and again for the same reason once."""
    for (step, words), same in groupby(steps, key=lambda one: (one["step"], one["words"])):
        times = [one["at"] for one in same]
        yield StepsOfOneKind(step, words, times[0], times[-1], len(times))


def _seen(
    tx: Connection, rep_id: int, seen: calendars.Seen, meeting: dict[str, Any] | None
) -> dict[str, Any]:
    return {
        "event_id": seen.event_id,
        "calendar": people.get_rep(tx, rep_id).email,
        "start": seen.start_at.isoformat(),
        "verdict": seen.verdict,
        "reason": seen.reason,
        "words": reason_of(seen.reason).words,
        "meeting": meeting,
    }


def _gone(known: Meeting, meeting: dict[str, Any]) -> dict[str, Any]:
    return {
        "event_id": None,
        "calendar": None,
        "start": known.start.isoformat(),
        "verdict": Decision.SKIP.value,
        "reason": Reason.REMOVED.value,
        "words": Reason.REMOVED.words,
        "meeting": meeting,
    }


def _meeting(ctx: Context, tx: Connection, meeting: Meeting) -> dict[str, Any]:
    rep = people.get_rep(tx, meeting.rep_id)
    return {
        "id": meeting.id,
        "title": meeting.shown_title,
        "days": _days(ctx, rep, meeting),
        "state": meeting.state.value,
        "reason": meeting.reason,
        "words": reason_of(meeting.reason).words,
        "rep": rep.email,
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
            for one in audit.history(tx, meeting.id)
        ],
        "mails": [
            {"kind": mail.kind.value, "state": mail.state.value, "due": mail.due_at.isoformat()}
            for mail in outbox.about_meeting(tx, meeting.id)
        ],
        "waits": [one.as_json() for one in waits_of(ctx, tx, meeting)],
    }


def _days(ctx: Context, rep: Rep, meeting: Meeting) -> list[str] | None:
    """The first and the last of whole days, where the rep is; `None` for hours."""
    if not meeting.is_all_day:
        return None
    zone = for_rep(ctx.settings, rep).zone
    ends = (meeting.start, meeting.end - timedelta(microseconds=1))
    return [one.astimezone(zone).date().isoformat() for one in ends]

"""The events that an admin means: by id, by when they begin, or by words of their title."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from nudger.domain.when import read_when
from nudger.runtime.context import Context
from nudger.store import audit, calendars, people
from nudger.store.calendars import Seen
from nudger.store.meetings import Meeting

LONGEST_NUMBER = 9
"""Digits of a number that PostgreSQL compares with an id."""

REQUEST_ID = re.compile(r"[0-9a-f]{16}")

Found = tuple[int, Seen]
"""A rep's id, and an event as it was seen in their calendar."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One event or meeting that is meant, with its copies in the reps' calendars, none where none
    holds it any more. `meeting` is `None` where nothing is asked about it."""

    seen: tuple[Found, ...]
    meeting: Meeting | None

    @property
    def start(self) -> datetime:
        return self.meeting.start if self.meeting else self.seen[0][1].start_at

    @property
    def name(self) -> str:
        """What to type to mean this one alone."""
        return str(self.meeting.id) if self.meeting else self.seen[0][1].event_id


def find_events(ctx: Context, text: str) -> list[Hit]:
    """What is meant by an event's id, a meeting's id, a page request's id (what it changed), a time
    in the settings' zone, or words of a title or of a customer's domain: the first of these that
    finds something. In order of time."""
    with ctx.database.read() as tx:
        return _told_apart(ctx, tx, text) or _with_copies(tx, _named(ctx, tx, text))


def find_by_id_or_time(ctx: Context, text: str) -> list[Hit]:
    """The same but for words of a title, for which every meeting there ever was is opened."""
    with ctx.database.read() as tx:
        return _told_apart(ctx, tx, text)


def find_meeting(ctx: Context, meeting_id: int) -> Hit | None:
    """The meeting with this id; `None` where there is none."""
    with ctx.database.read() as tx:
        return next(iter(_with_copies(tx, _numbered(ctx, tx, str(meeting_id)))), None)


def _told_apart(ctx: Context, tx: Connection, text: str) -> list[Hit]:
    wanted = _plain(text)
    return (
        _hits(ctx, tx, calendars.find_event(tx, wanted))
        or _with_copies(tx, _numbered(ctx, tx, wanted))
        or _with_copies(tx, _requested(ctx, tx, wanted))
        or _hits(ctx, tx, _beginning(ctx, tx, wanted))
    )


def _plain(text: str) -> str:
    return text.encode(errors="replace").decode().strip()


def _numbered(ctx: Context, tx: Connection, text: str) -> Iterable[Meeting]:
    is_number = text.isdecimal() and text.isascii() and len(text) <= LONGEST_NUMBER
    return ctx.meetings.find_ids(tx, [int(text)]).values() if is_number else ()


def _requested(ctx: Context, tx: Connection, text: str) -> Iterable[Meeting]:
    if not REQUEST_ID.fullmatch(text):
        return ()
    return ctx.meetings.find_ids(tx, audit.meetings_of_request(tx, text)).values()


def _beginning(ctx: Context, tx: Connection, text: str) -> list[Found]:
    when = read_when(text, ctx.clock(), ZoneInfo(ctx.settings.time_zone))
    return [] if when is None else calendars.starting_between(tx, *when)


def _named(ctx: Context, tx: Connection, text: str) -> list[Meeting]:
    words = _plain(text).casefold()
    if not words:
        return []
    return [
        one
        for one in ctx.meetings.every(tx)
        if words in (one.known_title or "").casefold()
        or any(words in customer for customer in one.customers)
    ]


def _hits(ctx: Context, tx: Connection, seen: Iterable[Found]) -> list[Hit]:
    """One hit for each meeting, and for each event that nothing is asked about."""
    groups: dict[int | str, list[Found]] = {}
    for one in seen:
        groups.setdefault(one[1].meeting_id or one[1].event_id, []).append(one)
    known = ctx.meetings.find_ids(tx, [key for key in groups if isinstance(key, int)])
    hits = [
        Hit(tuple(group), known[key] if isinstance(key, int) else None)
        for key, group in groups.items()
    ]
    return sorted(hits, key=lambda hit: hit.start)


def _with_copies(tx: Connection, meetings: Iterable[Meeting]) -> list[Hit]:
    listed = sorted(meetings, key=lambda meeting: meeting.start)
    copies: dict[int, list[Found]] = {meeting.id: [] for meeting in listed}
    for one in calendars.of_meetings(tx, list(copies)):
        copies[one[1].meeting_id or 0].append(one)
    return [Hit(tuple(copies[meeting.id]), meeting) for meeting in listed]


def reps_of(tx: Connection, hit: Hit) -> list[str]:
    """In whose calendars it is, or who is asked where it is in none."""
    ids = [rep_id for rep_id, _ in hit.seen] or [hit.meeting.rep_id if hit.meeting else 0]
    return [people.get_rep(tx, rep_id).email for rep_id in dict.fromkeys(ids)]

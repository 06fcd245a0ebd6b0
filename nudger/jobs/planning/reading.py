"""Reading one calendar.

A calendar is read in full over a window of time, then by its cursor. The window reaches further
than the horizon, so that a new full reading is needed only when the horizon has used up what it
reaches further. Sources: docs/internals.md#scanning.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from nudger.domain.eligibility import judge
from nudger.domain.event import Event
from nudger.domain.reasons import Reason
from nudger.domain.series import EACH
from nudger.jobs.planning.calendar_hours import keep_calendar_hours, with_calendar_hours
from nudger.jobs.planning.hosts import find_passed_on, pass_on
from nudger.jobs.planning.judged import Counts, as_meetings, plan
from nudger.jobs.planning.meetings import add_alone, merge_duplicates, withdraw_orphans
from nudger.jobs.planning.model import Judged, Planning
from nudger.jobs.planning.replaced_dates import carry_over, find_replaced
from nudger.providers.base import Calendar, ChangePage, Window
from nudger.runtime.context import Context
from nudger.runtime.next_reading import Read, next_reading
from nudger.runtime.policies import Rules
from nudger.store import calendars
from nudger.store.calendars import ClaimedCalendar, Seen
from nudger.store.hints import release_read
from nudger.store.people import Rep

WINDOW_BEYOND_HORIZON = timedelta(days=7)
WINDOW_BEFORE_NOW = timedelta(days=1)


@dataclass(slots=True)
class Reading:
    """One calendar being read: under which rules, from which cursor, over which window.

    What is `new` in it waits until all is read, since only then it shows what has `gone`: a new
    date may be an old one under another id. `rules` learn from it what it tells of its owner;
    `kept` is what the database knows of the owner.
    """

    ctx: Context
    rules: Rules
    claimed: ClaimedCalendar
    calendar: Calendar
    window: Window
    now: datetime
    kept: Rep
    found_changes: bool = False
    new: dict[str, Judged] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    @property
    def rep(self) -> Rep:
        return self.rules.reps_by_id[self.claimed.rep_id]

    @property
    def cursor_serves(self) -> bool:
        """Whether reading on from the cursor sees all that matters under today's rules."""
        claimed, horizon = self.claimed, self.window.end - WINDOW_BEYOND_HORIZON
        return (
            claimed.cursor is not None
            and claimed.window_end is not None
            and claimed.window_end >= horizon
            and claimed.rules_version == self.rules.version
        )

    def read_changes(self) -> Counts:
        """Plan what changed since the cursor, within the window that it was made for."""
        claimed, counts = self.claimed, Counts()
        assert claimed.cursor is not None and claimed.window_end is not None  # noqa: S101, PT018
        self.window = Window(self.window.start, claimed.window_end)
        for page in self._pages(self.calendar.changes(claimed.cursor)):
            self.found_changes |= bool(page.events or page.removed)
            here = self._judge({e.event_id: e for e in page.events if e.start < self.window.end})
            beyond = [e.event_id for e in page.events if e.start >= self.window.end]
            apply = partial(self._apply_changes, page, here, [*page.removed, *beyond])
            counts += self._write(here, apply)
        return counts

    def _apply_changes(
        self,
        page: ChangePage,
        here: Mapping[str, Judged],
        removed: Collection[str],
        tx: Connection,
    ) -> Counts:
        known = calendars.present(tx, self.rep.id, here)
        new = [
            one
            for event_id, one in here.items()
            if event_id not in known and one.event.end > self.window.start
        ]
        self._take(new, here, removed)
        changed = [one for event_id, one in here.items() if event_id in known]
        return self._apply(tx, self._that_matter(tx, changed)) + self._finish(tx, page)

    def read_fully(self) -> Counts:
        """Plan all that is in the window, leaving alone what is known and judged by these rules."""
        known, missing = self._known()
        same_rules = self.claimed.rules_version == self.rules.version
        counts = Counts()
        for page in self._pages(self.calendar.full(self.window)):
            missing.difference_update(event.event_id for event in page.events)
            fresh = self._judge({
                e.event_id: e
                for e in page.events
                if not (same_rules and known.get(e.event_id) == e.etag)
            })  # fmt: skip
            at_once = {i: one for i, one in fresh.items() if self._needs_no_other(one.event, known)}
            waiting = [one for event_id, one in fresh.items() if event_id not in at_once]
            here = [event.event_id for event in page.events]
            is_last = page.cursor is not None
            self._take(waiting, here, [*page.removed, *(missing if is_last else ())])
            counts += self._write(fresh, partial(self._apply_whole, page, list(at_once.values())))
        return counts

    def _apply_whole(self, page: ChangePage, judged: Sequence[Judged], tx: Connection) -> Counts:
        return self._apply(tx, judged) + self._finish(tx, page)

    def _pages(self, pages: Iterable[ChangePage]) -> Iterator[ChangePage]:
        for page in pages:
            now = self.ctx.clock()
            self.rules = with_calendar_hours(self.rules, self.rep.id, self.calendar, now)
            yield page

    def _write(self, page: Mapping[str, Judged], apply: Callable[[Connection], Counts]) -> Counts:
        """Have a page planned in one transaction, with what waits for the last one, and keep what
        the calendar tells of its owner."""
        added = [*{**self.new, **page}.values()]

        def write(tx: Connection) -> Counts:
            add_alone(tx, (one.event for one in added if one.verdict.asks))
            keep_calendar_hours(tx, self.rules, self.kept, self.ctx.clock())
            return apply(tx)

        counts = self.ctx.database.write(write)
        self.kept = self.rep
        return counts

    def _take(
        self, waiting: Iterable[Judged], here: Iterable[str], removed: Collection[str]
    ) -> None:
        """Take in a page: events that wait, ids that it shows, and ids that it removes."""
        self.gone.difference_update(here)
        self.gone.update(removed)
        self.new.update({one.event_id: one for one in waiting})
        for one in list(self.new.values()):
            if one.event_id in removed or one.event.key.series_id in removed:
                del self.new[one.event_id]

    def _that_matter(self, tx: Connection, judged: Sequence[Judged]) -> list[Judged]:
        """Without those that are over and were no meeting."""
        over = [one.event_id for one in judged if one.event.end <= self.window.start]
        held = calendars.meetings_of(tx, self.rep.id, over) if over else {}
        return [o for o in judged if o.event.end > self.window.start or o.event_id in held]

    def _known(self) -> tuple[dict[str, str], set[str]]:
        """The etags of all that we know of the calendar, and what a full reading must show."""
        if self.claimed.is_new:
            return {}, set()
        with self.ctx.database.read() as tx:
            known = calendars.etags(tx, self.rep.id)
            return known, calendars.known_between(tx, self.rep.id, self.now, self.window.end)

    def _needs_no_other(self, event: Event, known: Mapping[str, str]) -> bool:
        """Whether the event can be planned before the rest of the calendar is read: it is no new
        one that may have been another, and no date that has to be counted among others."""
        thinned = self.rules.for_rep(self.rep).cadence != EACH
        is_counted = thinned and event.key.original_start is not None
        return not is_counted and (self.claimed.is_new or bool(known.get(event.event_id)))

    def _apply(self, tx: Connection, judged: Sequence[Judged]) -> Counts:
        """Plan those of the events that are customer meetings."""
        if not judged:
            return Counts()
        event_ids = [one.event_id for one in judged]
        known = {} if self.claimed.is_new else calendars.meetings_of(tx, self.rep.id, event_ids)
        return plan(self._planning(tx), as_meetings(judged, known))

    def _judge(self, events: Mapping[str, Event]) -> dict[str, Judged]:
        rep, policy, now = self.rep, self.rules.judging(self.rep), self.now
        return {
            event_id: Judged(event, judge(event, rep.email, policy, now, rep.aliases))
            for event_id, event in events.items()
        }

    def _planning(self, tx: Connection) -> Planning:
        now = self.ctx.clock()
        return Planning(self.ctx, tx, self.rules, self.rep, now, self.claimed.scanned_at)

    def _finish(self, tx: Connection, page: ChangePage) -> Counts:
        """With the last page, settle what waited, keep its cursor and give the calendar back."""
        if page.cursor is None:
            return Counts()
        counts = self._settle(self._planning(tx)) if self.new or self.gone else Counts()
        release_read(
            tx,
            self.claimed.lease,
            self.claimed.hints,
            self.now,
            self._next_reading(tx),
            cursor=page.cursor,
            window_end=self.window.end,
            rules_version=self.rules.version,
            scanned_at=self.now,
        )
        return counts

    def _next_reading(self, tx: Connection) -> datetime:
        every = timedelta(seconds=self.ctx.settings.scan.every_seconds)
        was_told = self.claimed.hints > 0 or not self.found_changes
        return next_reading(self.ctx, tx, Read(self.now, every, was_told, rep_id=self.rep.id))

    def _settle(self, planning: Planning) -> Counts:
        """All is read: plan what is new, some of it in place of what has gone, and take back the
        rest of what has gone."""
        left = self._left(planning.tx)
        new = self._as_before(planning, left)
        merge_duplicates(planning, new)
        counts = plan(planning, new)
        gone = [one.meeting_id for one in left if one.meeting_id]
        pass_on(planning, gone)
        withdraw_orphans(planning, gone, Reason.REMOVED)
        return counts

    def _left(self, tx: Connection) -> list[Seen]:
        """What has left the calendar, marked so."""
        if not self.gone:
            return []
        named = calendars.expand_removed(tx, self.rep.id, self.gone)
        left = [one for one in named if one.etag and not self._was_held(one)]
        calendars.mark_removed(tx, self.rep.id, [one.event_id for one in left], "removed")
        return left

    def _was_held(self, seen: Seen) -> bool:
        """Whether the event was a meeting that the calendar still showed after it had begun: it
        stays what it was, also where its whole series is deleted."""
        scanned_at = self.claimed.scanned_at
        return (
            seen.meeting_id is not None and scanned_at is not None and seen.start_at <= scanned_at
        )

    def _as_before(self, planning: Planning, left: Sequence[Seen]) -> list[Judged]:
        """What is new, judged, as the meetings that it was before under other ids."""
        judged = list(self.new.values())
        was = {} if self.claimed.is_new else find_replaced(planning, left, judged)
        carry_over(planning, judged, was)
        before = calendars.meetings_of(planning.tx, self.rep.id, self.new)
        before |= {new: old.meeting_id for new, old in was.items() if old.meeting_id}
        fresh = [one for one in judged if one.event_id not in before]
        before |= {} if self.claimed.is_new else find_passed_on(planning, fresh)
        return as_meetings(judged, before)


def begin_reading(ctx: Context, rules: Rules, claimed: ClaimedCalendar) -> Reading:
    now = ctx.clock()
    horizon = now + timedelta(days=ctx.settings.scan.horizon_days)
    window = Window(now - WINDOW_BEFORE_NOW, horizon + WINDOW_BEYOND_HORIZON)
    rep = rules.reps_by_id[claimed.rep_id]
    return Reading(ctx, rules, claimed, ctx.accounts.calendar(rep), window, now, rep)

"""Customer calls a page at a time, filtered: a page reads a bounded part of however many."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from nudger.domain.commitment import MeetingState
from nudger.domain.reasons import Reason
from nudger.jobs.telling.call import Call, has_customer, read_calls
from nudger.runtime.context import Context
from nudger.store import calls
from nudger.store.calls import Key, Listed, Spot

A_PAGE = 50
LOOKED_AT = 500
"""How many calls are looked at for a page: where few fit a filter, it ends before it is full."""

WHY = (
    Reason.CUSTOMER, Reason.OUTSIDE,
    Reason.DAY_BEFORE, Reason.LEAD_TIME, Reason.BOOKED_LATE, Reason.NEXT_WORKING_HOUR,
    Reason.ANSWERED, Reason.WRITTEN, Reason.SKIP, Reason.NOT_CUSTOMER, Reason.SERIES_MUTED,
    Reason.TOO_LATE, Reason.EXPIRED, Reason.CANCELLED, Reason.REMOVED, Reason.DECLINED,
    Reason.NO_CUSTOMER, Reason.NEVER, Reason.NOT_WATCHED, Reason.VENDOR, Reason.RECRUITING,
    Reason.FINANCE, Reason.EDUCATION, Reason.TRAVEL, Reason.PUBLIC_SERVICE, Reason.ADVISER,
    Reason.HEALTH, Reason.UTILITY, Reason.PRIVATE_LIFE, Reason.PRIVATE, Reason.ALL_DAY,
    Reason.TOO_LONG, Reason.TOO_MANY_GUESTS, Reason.TITLE_WORD, Reason.MASS_INVITATION,
    Reason.OTHER_DATE, Reason.SAME_MEETING,
)  # fmt: skip
"""The reasons that calls mostly have, as a choice; any other can be asked for by its code."""


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which calls: those that begin in [since, until) where said, of a rep, with a customer (a
    domain, and those within it), in a state, for a reason; or only those that have no C.O."""

    since: datetime | None = None
    until: datetime | None = None
    rep_id: int | None = None
    customer: str | None = None
    state: MeetingState | None = None
    reason: str | None = None
    without_objective: bool = False

    @property
    def states(self) -> Collection[MeetingState]:
        if self.state is not None:
            return (self.state,)
        is_on = self.without_objective
        return [one for one in MeetingState if one is not MeetingState.WITHDRAWN or not is_on]

    def may_include(self, one: Listed) -> bool:
        """As far as it can be told without opening the call."""
        is_theirs = self.customer is None or has_customer(one.customers, self.customer)
        is_why = self.reason is None or one.reason == self.reason
        return is_theirs and is_why and one.state in self.states


@dataclass(frozen=True, slots=True)
class CallPage:
    """Calls in the order of their start. `earlier` and `later` are the keys beyond which to go on,
    `None` where there are no more."""

    calls: list[Call]
    earlier: Key | None
    later: Key | None


def call_page(ctx: Context, wanted: CallFilter, spot: Spot) -> CallPage:
    """The page that begins at this spot; bounds of the filter hold as well."""
    spot = replace(spot, since=wanted.since, until=wanted.until)
    with ctx.database.read() as tx:
        looked_at = _near(tx, wanted, spot, LOOKED_AT + 1)
        within, has_more = looked_at[:LOOKED_AT], len(looked_at) > LOOKED_AT
        found = list(islice(_fitting(ctx, tx, wanted, within), A_PAGE + 1))
        shown, is_full = found[:A_PAGE], len(found) > A_PAGE
        at_last = shown[-1][0] if is_full else within[-1].key if has_more else None
        came_from = _before(tx, wanted, spot, within)
    if spot.before is not None:
        return CallPage([call for _, call in shown[::-1]], at_last, came_from)
    return CallPage([call for _, call in shown], came_from, at_last)


def _near(tx: Connection, wanted: CallFilter, spot: Spot, most: int) -> list[Listed]:
    return calls.near(tx, spot, most, rep_id=wanted.rep_id, states=wanted.states)


def _fitting(
    ctx: Context, tx: Connection, wanted: CallFilter, within: Sequence[Listed]
) -> Iterator[tuple[Key, Call]]:
    may = [one.key for one in within if wanted.may_include(one)]
    for at in range(0, len(may), A_PAGE + 1):
        keys = may[at : at + A_PAGE + 1]
        read = read_calls(ctx, tx, [key.id for key in keys])
        for key, call in zip(keys, read, strict=True):
            if call.lacks_objective or not wanted.without_objective:
                yield key, call


def _before(tx: Connection, wanted: CallFilter, spot: Spot, within: Sequence[Listed]) -> Key | None:
    """Where to go back to, if anything is there."""
    first = within[0].key if within else spot.after or spot.before
    if first is None:
        return None
    back = replace(spot, after=None, before=first)
    if spot.before is not None:
        back = replace(spot, after=first, before=None)
    return first if _near(tx, wanted, back, 1) else None

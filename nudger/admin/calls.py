"""Customer calls with what was answered and what came of them: for a list, and for a CRM."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nudger.domain.call_changes import START, Change, Cursor, untold
from nudger.jobs.telling.call import Call, read_calls
from nudger.runtime.context import Context
from nudger.store import calls


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
        found = list(read_calls(ctx, tx, ids))
    return [call for call in found if wanted.includes(call)]


@dataclass(frozen=True, slots=True)
class Changed:
    """Calls that changed, the oldest change first, the cursor to go on with, and whether there are
    more already."""

    calls: list[Call]
    cursor: Cursor
    is_more: bool = False


def changed_calls(ctx: Context, after: Cursor = START, most: int | None = None) -> Changed:
    """Calls that changed since `after`, `most` at most; all of them at the start. What is not told
    yet is not read."""
    with ctx.database.read() as tx:
        moments = calls.changed_since(tx, after.looks_back_to)
        known = [one for one, at in moments.items() if at <= after.position]
        later = sorted((at, one) for one, at in moments.items() if at > after.position)
        looked_at = [*known, *(one for _, one in later[:most])]
        recent = {call.call: call for call in read_calls(ctx, tx, looked_at)}
    changes = {one: Change(moments[one], str(call.as_json())) for one, call in recent.items()}
    told, cursor = untold(changes, after, most)
    left = len(untold(changes, after)[0]) - len(told)
    is_more = left > 0 or len(looked_at) < len(moments)
    return Changed([recent[one] for one in told], cursor, is_more)

"""Which call with the same customer was answered before."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Integer,
    Text,
    bindparam,
    cast,
    or_,
    select,
    union_all,
)

from nudger.domain.commitment import MeetingState
from nudger.store import tables
from nudger.store.meetings.meeting import Meeting
from nudger.store.written_out import is_one_of


def answered_before(tx: Connection, rep_id: int, meetings: Collection[Meeting]) -> dict[int, int]:
    """For each of the meetings, the rep's latest one before it with one of its customers that was
    answered, where there is one: its id."""
    asked = [meeting for meeting in meetings if meeting.customers]
    if not asked:
        return {}
    values: dict[str, Any] = {"rep": rep_id}
    for n, meeting in enumerate(asked):
        values |= {f"of_{n}": meeting.id, f"before_{n}": meeting.start}
        values |= {f"like_{n}_{m}": _listed(one) for m, one in enumerate(sorted(meeting.customers))}
    latest = _latest_before(tuple(len(meeting.customers) for meeting in asked))
    return {of: earlier for of, earlier in tx.execute(latest, values)}  # noqa: C416


@lru_cache(maxsize=64)
def _latest_before(customers: tuple[int, ...]) -> CompoundSelect[Any]:
    """For meetings with so many customers each: the meeting's id and that of the latest one before
    it. Reading ends with the first that is found, mostly a few weeks back."""
    columns = tables.meeting.c
    answered = is_one_of(columns.state, [MeetingState.ANSWERED, MeetingState.WRITTEN])
    stored, parts = cast(columns.customers, Text), []
    for n, count in enumerate(customers):
        has_one = or_(*(stored.like(bindparam(f"like_{n}_{m}"), "/") for m in range(count)))
        earlier = columns.start_at < bindparam(f"before_{n}")
        latest = (
            select(bindparam(f"of_{n}", type_=Integer).label("of"), columns.id)
            .where(answered, columns.rep_id == bindparam("rep"), earlier, has_one)
            .order_by(columns.start_at.desc())
            .limit(1)
        )
        parts.append(select(latest.subquery()))
    return union_all(*parts)


def _listed(customer: str) -> str:
    """A pattern by which a customer is found among a meeting's, which are stored as a JSON list: in
    its text each stands between quotes."""
    plain = json.dumps(customer)
    for special in "/%_":
        plain = plain.replace(special, f"/{special}")
    return f"%{plain}%"

"""Customer meetings: what we keep of them and where they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from nudger.domain.commitment import MeetingState
from nudger.domain.meeting_copies import Identity
from nudger.store import tables
from nudger.store.chunks import chunks
from nudger.store.counts import since_by_state
from nudger.store.many_rows import add_rows, new_ids
from nudger.store.meetings.meeting import Meeting, MeetingPlan
from nudger.store.vault import Sealed, Vault

GONE = ("removed", "cancelled")
"""Why a meeting is withdrawn that no calendar holds any more."""
ON = (MeetingState.PLANNED, MeetingState.ASKED, MeetingState.ANSWERED, MeetingState.WRITTEN)
_THESE = tables.meeting.c.id.in_(bindparam("ids", expanding=True))
_BY_IDS = select(tables.meeting).where(_THESE)
_CHANGING = update(tables.meeting).where(
    _THESE, tables.meeting.c.state.in_(bindparam("sources", expanding=True))
)
_OF_MAIL = (
    select(tables.meeting)
    .join(tables.mail_meeting, tables.mail_meeting.c.meeting_id == tables.meeting.c.id)
    .where(tables.mail_meeting.c.mail_id == bindparam("mail"))
    .order_by(tables.mail_meeting.c.number)
)
_ALIKE = (
    select(tables.meeting)
    .where(
        tables.meeting.c.meeting_key.in_(bindparam("keys", expanding=True))
        | tables.meeting.c.fingerprint.in_(bindparam("prints", expanding=True))
    )
    .order_by(tables.meeting.c.id)
)


class Meetings:
    """Reads and writes meetings within the caller's transaction."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def get(self, tx: Connection, meeting_id: int) -> Meeting:
        return self._meeting(tx.execute(_BY_IDS, {"ids": [meeting_id]}).one())

    def find_many(self, tx: Connection, keys: Collection[str]) -> dict[str, Meeting]:
        """The known meetings among these keys, by key."""
        found: dict[str, Meeting] = {}
        for chunk in chunks(keys):
            wanted = select(tables.meeting).where(tables.meeting.c.meeting_key.in_(chunk))
            found.update((row.meeting_key, self._meeting(row)) for row in tx.execute(wanted))
        return found

    def in_order(self, tx: Connection, ids: Sequence[int]) -> list[Meeting]:
        """The meetings with these ids, in their order; each is there."""
        found = self.find_ids(tx, ids)
        return [found[meeting_id] for meeting_id in ids]

    def of_mail(self, tx: Connection, mail_id: int) -> list[Meeting]:
        """The meetings that a mail is about, in its numbered order."""
        return [self._meeting(row) for row in tx.execute(_OF_MAIL, {"mail": mail_id})]

    def find_ids(self, tx: Connection, ids: Collection[int]) -> dict[int, Meeting]:
        found: dict[int, Meeting] = {}
        for chunk in chunks(ids):
            rows = tx.execute(_BY_IDS, {"ids": chunk})
            found.update((row.id, self._meeting(row)) for row in rows)
        return found

    def every(self, tx: Connection) -> Iterator[Meeting]:
        """All meetings, in the order of their start."""
        columns = tables.meeting.c
        for row in tx.execute(select(tables.meeting).order_by(columns.start_at, columns.id)):
            yield self._meeting(row)

    def recently_removed(
        self, tx: Connection, rep_id: int, starts_after: datetime, gone_since: datetime
    ) -> list[Meeting]:
        """The rep's coming meetings that left the calendars since a moment."""
        columns = tables.meeting.c
        gone = (columns.state == MeetingState.WITHDRAWN.value) & columns.reason.in_(GONE)
        found = select(tables.meeting).where(
            gone,
            columns.rep_id == rep_id,
            columns.start_at > starts_after,
            columns.updated_at >= gone_since,
        )
        return [self._meeting(row) for row in tx.execute(found)]

    def at_other_reps(
        self, tx: Connection, rep_id: int, starts: Collection[datetime], state: MeetingState
    ) -> list[Meeting]:
        """The meetings in this state of anybody but this rep that start at one of these moments."""
        columns = tables.meeting.c
        others = (columns.state == state.value) & (columns.rep_id != rep_id)
        found: list[Meeting] = []
        for chunk in chunks(starts):
            wanted = select(tables.meeting).where(columns.start_at.in_(chunk), others)
            found += [self._meeting(row) for row in tx.execute(wanted.order_by(columns.id))]
        return found

    def ahead(self, tx: Connection, rep_id: int, since: datetime, until: datetime) -> list[Meeting]:
        """The rep's meetings that begin in [since, until) and are on, in their order."""
        columns = tables.meeting.c
        is_on = columns.state.in_([state.value for state in ON])
        starts = (columns.start_at >= since) & (columns.start_at < until)
        found = select(tables.meeting).where((columns.rep_id == rep_id) & is_on & starts)
        rows = tx.execute(found.order_by(columns.start_at, columns.id))
        return [self._meeting(row) for row in rows]

    def behind(
        self,
        tx: Connection,
        rep_id: int,
        since: datetime,
        until: datetime,
        most: int | None = None,
    ) -> list[Meeting]:
        """The rep's meetings that began in [since, until) and were not called off, the latest
        first; as many as `most`."""
        columns = tables.meeting.c
        was_on = columns.state.in_([state.value for state in ON])
        began = (columns.start_at >= since) & (columns.start_at < until)
        found = select(tables.meeting).where((columns.rep_id == rep_id) & was_on & began)
        latest = found.order_by(columns.start_at.desc(), columns.id.desc()).limit(most)
        return [self._meeting(row) for row in tx.execute(latest)]

    def find_alike(
        self, tx: Connection, identities: Collection[Identity]
    ) -> tuple[dict[str, Meeting], dict[str, Meeting]]:
        """The known meetings with one of these keys, by key, and the oldest with each of these
        fingerprints, by fingerprint."""
        by_key: dict[str, Meeting] = {}
        by_fingerprint: dict[str, Meeting] = {}
        for chunk in chunks(identities):
            keys, prints = {o.meeting_key for o in chunk}, {o.fingerprint for o in chunk}
            for row in tx.execute(_ALIKE, {"keys": list(keys), "prints": list(prints)}):
                meeting = self._meeting(row)
                if row.meeting_key in keys:
                    by_key[row.meeting_key] = meeting
                if row.fingerprint in prints:
                    by_fingerprint.setdefault(row.fingerprint, meeting)
        return by_key, by_fingerprint

    def add_many(
        self, tx: Connection, plans: Collection[MeetingPlan], now: datetime
    ) -> dict[str, int]:
        """Add meetings that are not known yet; returns each key's new id."""
        if not plans:
            return {}
        ids = new_ids(tx, tables.meeting, len(plans))
        rows = [
            {
                "id": meeting_id,
                "meeting_key": plan.meeting_key,
                "state": MeetingState.PLANNED.value,
                "planned_at": now,
                **self._values(plan, now),
            }
            for meeting_id, plan in zip(ids, plans, strict=True)
        ]
        add_rows(tx, tables.meeting, rows)
        return {row["meeting_key"]: row["id"] for row in rows}

    def replan(self, tx: Connection, meeting_id: int, plan: MeetingPlan, now: datetime) -> None:
        """Bring the meeting to what the calendar says now; its state stays."""
        self.replan_many(tx, {meeting_id: plan}, now)

    def replan_many(self, tx: Connection, plans: Mapping[int, MeetingPlan], now: datetime) -> None:
        """The same of several meetings, by their ids."""
        if not plans:
            return
        rows = [{"of": one, **self._values(plan, now)} for one, plan in plans.items()]
        changed = update(tables.meeting).where(tables.meeting.c.id == bindparam("of"))
        tx.execute(changed, rows)

    def move(
        self, tx: Connection, meeting_id: int, start: datetime, end: datetime, now: datetime
    ) -> None:
        tx.execute(
            update(tables.meeting)
            .where(tables.meeting.c.id == meeting_id)
            .values(start_at=start, end_at=end, updated_at=now)
        )

    def hand_over(
        self, tx: Connection, meeting_id: int, rep_id: int, why: str, now: datetime
    ) -> None:
        """Make another rep the one who is asked."""
        tx.execute(
            update(tables.meeting)
            .where(tables.meeting.c.id == meeting_id)
            .values(rep_id=rep_id, rep_reason=why, updated_at=now)
        )

    def set_states(
        self,
        tx: Connection,
        meeting_ids: Collection[int],
        state: MeetingState,
        reason: str,
        now: datetime,
        sources: Collection[MeetingState] = tuple(MeetingState),
    ) -> None:
        """Bring the meetings to this state that are in one of the `sources`: another transaction
        may have brought one further since it was read."""
        values = {"state": state.value, "reason": reason, "updated_at": now}
        among = [source.value for source in sources]
        for chunk in chunks(meeting_ids):
            tx.execute(_CHANGING, {"ids": chunk, "sources": among, **values})

    def _values(self, plan: MeetingPlan, now: datetime) -> dict[str, Any]:
        return {
            "rep_id": plan.rep_id,
            "rep_reason": plan.rep_reason,
            "fingerprint": plan.fingerprint,
            "reason": plan.reason,
            "start_at": plan.start,
            "end_at": plan.end,
            "time_zone": plan.time_zone,
            "customers": list(plan.customers),
            "details": self._vault.seal_json(plan.details.as_json(), _owner(plan.meeting_key)),
            "updated_at": now,
        }

    def _meeting(self, row: Row[Any]) -> Meeting:
        return Meeting(
            id=row.id,
            meeting_key=row.meeting_key,
            rep_id=row.rep_id,
            rep_reason=row.rep_reason,
            state=MeetingState(row.state),
            reason=row.reason,
            start=row.start_at,
            end=row.end_at,
            time_zone=row.time_zone,
            customers=tuple(row.customers),
            sealed_details=Sealed(self._vault, row.details, _owner(row.meeting_key)),
        )


def remove(tx: Connection, meeting_id: int) -> None:
    """Forget a meeting that nobody was asked about."""
    tx.execute(delete(tables.meeting).where(tables.meeting.c.id == meeting_id))


def state_counts(tx: Connection, since: datetime | None = None) -> dict[str, int]:
    """Of the calls that begin since then; of all without it."""
    columns = tables.meeting.c
    if since is not None:
        return since_by_state(tx, columns.state, MeetingState, columns.start_at >= since)
    rows = tx.execute(select(columns.state, func.count()).group_by(columns.state))
    return {state: count for state, count in rows}  # noqa: C416


def _owner(meeting_key: str) -> str:
    return f"meeting.details:{meeting_key}"

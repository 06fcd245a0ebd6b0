"""Customer meetings: what we keep of them and where they stand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CompoundSelect,
    Connection,
    Integer,
    Row,
    Text,
    bindparam,
    cast,
    delete,
    func,
    or_,
    select,
    union_all,
    update,
)

from nudger.domain.commitment import MeetingState
from nudger.domain.event import Attendee
from nudger.domain.identity import Identity
from nudger.store import tables
from nudger.store.chunks import chunks
from nudger.store.counts import since_by_state
from nudger.store.many_rows import add_rows, new_ids
from nudger.store.vault import SealBroken, Sealed, Vault
from nudger.store.written_out import is_one_of

GONE = ("removed", "cancelled")
"""Why a meeting is withdrawn that no calendar holds any more."""
ON = (MeetingState.PLANNED, MeetingState.ASKED, MeetingState.ANSWERED, MeetingState.WRITTEN)
_ADDING = 0x6E756467
"""The advisory lock of whoever adds meetings: "nudg"."""
MOST_LOCKS = 200
"""A server has room for some thousands in all; who needs more has all others wait."""
_LOCK_EACH = select(
    func.pg_advisory_xact_lock_shared(_ADDING),
    func.pg_advisory_xact_lock(
        func.unnest(bindparam("locks", type_=ARRAY(BigInteger))).column_valued("lock")
    ),
)
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


def add_alone(tx: Connection, identities: Iterable[Identity]) -> None:
    """Have nobody else add meetings with these identities until this transaction ends: the same
    meeting may be new in two calendars that are read at once. To be called once in a transaction,
    before it has changed anything. SQLite lets one transaction write anyway."""
    if tx.dialect.name != "postgresql":
        return
    texts = {text for one in identities for text in (one.meeting_key, one.fingerprint)}
    if len(texts) > MOST_LOCKS:
        tx.execute(select(func.pg_advisory_xact_lock(_ADDING)))
    elif texts:
        # In one order everywhere, or two that add the same would wait for each other.
        tx.execute(_LOCK_EACH, {"locks": sorted(map(_lock_of, texts))})


def _lock_of(text: str) -> int:
    """The number of an advisory lock, which has 64 bits."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


@dataclass(frozen=True, slots=True)
class MeetingDetails:
    """What a mail needs to show of a meeting; sealed in the database. `all_day` is of whole days,
    from the midnight that it starts to the one that it ends."""

    title: str = field(repr=False)
    guests: tuple[Attendee, ...] = field(repr=False)
    link: str = field(default="", repr=False)
    all_day: bool = False

    def as_json(self) -> dict[str, Any]:
        guests = [[guest.email, guest.name] for guest in self.guests]
        shown = {"title": self.title, "guests": guests, "link": self.link}
        return shown | {"all_day": True} if self.all_day else shown

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> MeetingDetails:
        guests = tuple(Attendee(email=email, name=name) for email, name in value["guests"])
        return cls(value["title"], guests, value["link"], value.get("all_day", False))


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """A meeting as the latest reading of a calendar judged it. `start` and `end` are aware.

    `fingerprint` is what its copies at different providers have in common.
    """

    meeting_key: str
    rep_id: int
    rep_reason: str
    reason: str
    start: datetime
    end: datetime
    time_zone: str
    customers: tuple[str, ...]
    details: MeetingDetails
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    id: int
    meeting_key: str
    rep_id: int
    rep_reason: str
    state: MeetingState
    reason: str
    start: datetime
    end: datetime
    time_zone: str
    customers: tuple[str, ...]
    sealed_details: Sealed = field(repr=False, compare=False)

    @property
    def details(self) -> MeetingDetails:
        """Raises `SealBroken`."""
        return MeetingDetails.from_json(self.sealed_details.open_json())

    @property
    def is_all_day(self) -> bool:
        """Whether it is known to last whole days."""
        try:
            return self.details.all_day
        except SealBroken:
            return False

    @property
    def known_title(self) -> str | None:
        """The title; `None` where its seal is broken."""
        try:
            return self.details.title
        except SealBroken:
            return None

    @property
    def shown_title(self) -> str:
        """The title, or that it cannot be read."""
        return self.known_title or "(its title cannot be read)"


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


@dataclass(frozen=True, slots=True)
class Copy:
    """Where a meeting lies in one rep's calendar."""

    rep_id: int
    event_id: str


_COPIES = (
    select(tables.occurrence.c.rep_id, tables.occurrence.c.event_id)
    .join(tables.rep, tables.rep.c.id == tables.occurrence.c.rep_id)
    .where(tables.occurrence.c.meeting_id == bindparam("of"))
    .order_by(tables.rep.c.position, tables.occurrence.c.id)
)


def copies(tx: Connection, meeting_id: int) -> list[Copy]:
    """The calendars that still hold the meeting, in the reps' order."""
    rows = tx.execute(_COPIES, {"of": meeting_id})
    return [Copy(rep_id, event_id) for rep_id, event_id in rows]


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


def without_copies(tx: Connection, meeting_ids: Collection[int]) -> list[int]:
    """Those of the meetings that no watched calendar holds any more."""
    alive = set(
        tx.scalars(
            select(tables.occurrence.c.meeting_id).where(
                tables.occurrence.c.meeting_id.in_(meeting_ids)
            )
        )
    )
    return [meeting_id for meeting_id in meeting_ids if meeting_id not in alive]


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

"""Reps and domains: who is watched, and who is ours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from nudger.domain.addresses import name_in
from nudger.domain.availability import Availability, RepState
from nudger.domain.event import Provider
from nudger.domain.working_hours import NO_CALENDAR_HOURS, CalendarHours
from nudger.store import tables
from nudger.store.chunks import chunks
from nudger.store.unchanged_rows import UnchangedRows


@dataclass(frozen=True, slots=True)
class Rep:
    """Somebody whose customer meetings are watched.

    `time_zone`, `country` and `language` are `None` where the settings' defaults apply.
    `aliases` are further addresses that this person writes from. `position` breaks ties about who
    is asked. `team` is the name of one of the settings' teams; `manager` is the address that the
    rep's weekly numbers go to, once the rep was told so (`disclosed_manager` is whom they
    were told of). `shared_with` is the manager whom the rep lets read their calls, from
    `shared_since` on. `calendar_hours` is what the rep's calendar told when it was last asked, at
    `calendar_hours_read_at`. `hard_bounces` counts the mails to the rep that came back since they
    were last heard of. `announced_at` is when Nudger was announced to them.
    """

    id: int
    email: str
    name: str
    provider: Provider
    position: int
    state: RepState = RepState.ACTIVE
    state_reason: str | None = None
    time_zone: str | None = None
    country: str | None = None
    language: str | None = None
    paused_until: datetime | None = None
    aliases: tuple[str, ...] = field(default=())
    team: str | None = None
    manager: str | None = None
    disclosed_manager: str | None = None
    shared_with: str | None = None
    shared_since: datetime | None = None
    calendar_hours: CalendarHours = NO_CALENDAR_HOURS
    calendar_hours_read_at: datetime | None = None
    hard_bounces: int = 0
    announced_at: datetime | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.email, *self.aliases)

    @property
    def availability(self) -> Availability:
        return Availability(self.state, self.paused_until)


_SAVE_CALENDAR_HOURS = (
    update(tables.rep)
    .where(tables.rep.c.id == bindparam("of"))
    .values(calendar_hours=bindparam("told"), calendar_hours_read_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class NewRep:
    """A rep as an admin enters them; what is left out is as `Rep` says of `None`."""

    email: str
    provider: Provider
    name: str = ""
    time_zone: str | None = None
    country: str | None = None
    language: str | None = None
    aliases: tuple[str, ...] = ()
    team: str | None = None
    manager: str | None = None


def add_rep(tx: Connection, new: NewRep, now: datetime) -> Rep:
    """Add the rep with a calendar that is due at once, or change the one with this address."""
    values = {
        "name": new.name or name_in(new.email),
        "provider": new.provider.value,
        "time_zone": new.time_zone,
        "country": new.country,
        "language": new.language,
        "aliases": list(new.aliases),
        "team": new.team,
        "manager": new.manager,
    }
    known = find_rep(tx, new.email)
    if known is None:
        last = tx.scalar(select(func.max(tables.rep.c.position))) or 0
        added = tx.execute(
            insert(tables.rep)
            .values(
                email=new.email,
                position=last + 1,
                state=RepState.ACTIVE.value,
                added_at=now,
                **values,
            )
            .returning(tables.rep.c.id)
        ).scalar_one()
        tx.execute(insert(tables.calendar).values(rep_id=added, due_at=now))
    else:
        tx.execute(update(tables.rep).where(tables.rep.c.id == known.id).values(**values))
    found = find_rep(tx, new.email)
    assert found is not None  # noqa: S101 - written in this transaction
    return found


def as_entered(rep: Rep) -> NewRep:
    """What an admin has entered of this rep, to change some of it and add it again."""
    return NewRep(**{field.name: getattr(rep, field.name) for field in fields(NewRep)})


def remove_rep(tx: Connection, email: str) -> bool:
    """Remove the rep's row and what hangs on it. False when there was none. What is kept of them
    elsewhere is for `admin.forget`."""
    rep = find_rep(tx, email)
    if rep is None:
        return False
    keep_mails_to_others(tx, [rep.id])
    return tx.execute(delete(tables.rep).where(tables.rep.c.id == rep.id)).rowcount > 0


def keep_mails_to_others(tx: Connection, gone: Collection[int]) -> None:
    """Mails to somebody else, as to a manager, are about other reps too: they stay with one of
    them, so that none is sent anew."""
    rep, mail = tables.rep.c, tables.mail.c
    heir = tx.scalar(select(rep.id).where(rep.id.not_in(gone)).order_by(rep.position).limit(1))
    if heir is not None:
        to_others = mail.rep_id.in_(gone) & mail.recipient.is_not(None)
        tx.execute(update(tables.mail).where(to_others).values(rep_id=heir))


_BY_ADDRESS = select(tables.rep).where(tables.rep.c.email == bindparam("wanted"))
_BY_ID = select(tables.rep).where(tables.rep.c.id == bindparam("wanted"))


def find_rep(tx: Connection, email: str) -> Rep | None:
    row = tx.execute(_BY_ADDRESS, {"wanted": email}).one_or_none()
    return None if row is None else _rep(row)


def get_rep(tx: Connection, rep_id: int) -> Rep:
    return _rep(tx.execute(_BY_ID, {"wanted": rep_id}).one())


def with_ids(tx: Connection, rep_ids: Collection[int]) -> dict[int, Rep]:
    """Those of the reps that there are, by their ids."""
    rows = tx.execute(select(tables.rep).where(tables.rep.c.id.in_(rep_ids)))
    return {row.id: _rep(row) for row in rows}


def asked_about(tx: Connection, meeting_ids: Collection[int]) -> dict[int, Rep]:
    """The rep who is asked about each of the meetings, by the meetings' ids."""
    columns = tables.meeting.c
    of_meetings = select(tables.rep, columns.id.label("meeting_id")).join(
        tables.meeting, columns.rep_id == tables.rep.c.id
    )
    rows = tx.execute(of_meetings.where(columns.id.in_(meeting_ids)))
    return {row.meeting_id: _rep(row) for row in rows}


def addresses(tx: Connection) -> frozenset[str]:
    """Where the reps' calendars are."""
    return frozenset(tx.execute(select(tables.rep.c.email)).scalars())


def names(tx: Connection) -> Mapping[str, str]:
    """What the reps are called, by address."""
    return {
        row.email: row.name for row in tx.execute(select(tables.rep.c.email, tables.rep.c.name))
    }


def list_reps(tx: Connection) -> list[Rep]:
    """Every rep, in the order in which they go before one another."""
    return _REPS.all(tx)


def led_by(tx: Connection, addresses: Collection[str], teams: Collection[str]) -> list[Rep]:
    """The reps whose manager has one of these addresses, or who are in one of these teams, in
    their order."""
    columns = tables.rep.c
    theirs = columns.manager.in_(addresses) | columns.team.in_(teams)
    rows = tx.execute(select(tables.rep).where(theirs).order_by(columns.position))
    return [_rep(row) for row in rows]


def set_state(
    tx: Connection,
    rep_id: int,
    state: RepState,
    reason: str | None = None,
    until: datetime | None = None,
) -> None:
    values = {"state": state.value, "state_reason": reason, "paused_until": until}
    tx.execute(update(tables.rep).where(tables.rep.c.id == rep_id).values(**values))


def save_calendar_hours(tx: Connection, rep_id: int, told: CalendarHours, now: datetime) -> None:
    """Keep what the rep's calendar tells of their zone and working hours."""
    values = {"of": rep_id, "told": _own_hours_as_json(told), "at": now}
    tx.execute(_SAVE_CALENDAR_HOURS, values)


def set_disclosed_manager(tx: Connection, rep_id: int, manager: str) -> None:
    """The rep was told, in a mail that went out, that this manager gets their numbers."""
    told = update(tables.rep).where(tables.rep.c.id == rep_id).values(disclosed_manager=manager)
    tx.execute(told)


def set_shared_with(tx: Connection, rep_id: int, manager: str | None, now: datetime | None) -> None:
    """The rep lets this manager read their calls from now on, or nobody."""
    values = {"shared_with": manager, "shared_since": now}
    tx.execute(update(tables.rep).where(tables.rep.c.id == rep_id).values(**values))


def set_announced(tx: Connection, rep_id: int, now: datetime) -> None:
    """A mail went out that announced Nudger to the rep: kept longer than the mail, so that there is
    no second one."""
    tx.execute(update(tables.rep).where(tables.rep.c.id == rep_id).values(announced_at=now))


def set_hard_bounces(tx: Connection, rep_id: int, count: int) -> None:
    tx.execute(update(tables.rep).where(tables.rep.c.id == rep_id).values(hard_bounces=count))


def set_domains(tx: Connection, entries: Iterable[str], kind: str, now: datetime) -> None:
    """Give each entry (a domain or an address) this kind, in place of any it had."""
    for chunk in chunks(dict.fromkeys(entries)):
        tx.execute(delete(tables.domain).where(tables.domain.c.entry.in_(chunk)))
        rows = [{"entry": entry, "kind": kind, "added_at": now} for entry in chunk]
        tx.execute(insert(tables.domain), rows)


def remove_domain(tx: Connection, entry: str) -> bool:
    return tx.execute(delete(tables.domain).where(tables.domain.c.entry == entry)).rowcount > 0


def list_domains(tx: Connection) -> Mapping[str, str]:
    """Entry -> kind, in alphabetical order."""
    rows = tx.execute(select(tables.domain).order_by(tables.domain.c.entry))
    return {row.entry: row.kind for row in rows}


def _rep(row: Any) -> Rep:
    return Rep(
        id=row.id,
        email=row.email,
        name=row.name,
        provider=Provider(row.provider),
        position=row.position,
        state=RepState(row.state),
        state_reason=row.state_reason,
        time_zone=row.time_zone,
        country=row.country,
        language=row.language,
        paused_until=row.paused_until,
        aliases=tuple(row.aliases),
        team=row.team,
        manager=row.manager,
        disclosed_manager=row.disclosed_manager,
        shared_with=row.shared_with,
        shared_since=row.shared_since,
        calendar_hours=_own_hours(row.calendar_hours or {}),
        calendar_hours_read_at=row.calendar_hours_read_at,
        hard_bounces=row.hard_bounces,
        announced_at=row.announced_at,
    )


_REPS = UnchangedRows(tables.rep, _rep, order="position")


def _own_hours(value: Mapping[str, Any]) -> CalendarHours:
    return CalendarHours(
        time_zone=value.get("time_zone"),
        starts=time.fromisoformat(value["starts"]) if "starts" in value else None,
        ends=time.fromisoformat(value["ends"]) if "ends" in value else None,
        days=frozenset(value["days"]) if "days" in value else None,
    )


def _own_hours_as_json(told: CalendarHours) -> dict[str, Any]:
    """Without the keys that were not told."""
    told_times = {"starts": told.starts, "ends": told.ends}
    value: dict[str, Any] = {
        name: at.isoformat(timespec="minutes") for name, at in told_times.items() if at is not None
    }
    if told.time_zone is not None:
        value["time_zone"] = told.time_zone
    if told.days is not None:
        value["days"] = sorted(told.days)
    return value

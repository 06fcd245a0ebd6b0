"""What is switched off, by admins or because mails to a rep came back: one row a switch, which
every worker reads before it acts. So is what went off by itself: the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, FromClause, delete, or_, select, update

from nudger.domain.controls import Controls
from nudger.store import tables
from nudger.store.insert_if_absent import add_if_absent

PAUSE = "pause"
LOCKDOWN = "lockdown"
UNREACHABLE = "unreachable"
PAGES = "pages"
"""One for all machines: whoever serves pages again ends it, however the one before was named."""
_ALL = select(tables.control)


@dataclass(frozen=True, slots=True)
class Switches:
    """The switches that are on, each with the moment since when; reps by their ids.
    `pages_down_since` tells since when the process of the pages is gone."""

    locked_since: datetime | None
    paused_since: datetime | None
    reps_paused_since: Mapping[int, datetime]
    reps_unreachable_since: Mapping[int, datetime]
    pages_down_since: datetime | None = None

    @property
    def controls(self) -> Controls:
        return Controls(
            is_locked=self.locked_since is not None,
            is_paused=self.paused_since is not None,
            paused_reps=frozenset(self.reps_paused_since),
            unreachable_reps=frozenset(self.reps_unreachable_since),
        )


def read_switches(tx: Connection) -> Switches:
    rows = tx.execute(_ALL).all()
    since = {row.name: row.since for row in rows}
    of_reps: dict[str, dict[int, datetime]] = {PAUSE: {}, UNREACHABLE: {}}
    for row in rows:
        if row.rep_id is not None:
            of_reps[row.name.partition(":")[0]][row.rep_id] = row.since
    paused, unreachable = of_reps[PAUSE], of_reps[UNREACHABLE]
    pages = since.get(PAGES)
    return Switches(since.get(LOCKDOWN), since.get(PAUSE), paused, unreachable, pages)


def read_controls(tx: Connection) -> Controls:
    return read_switches(tx).controls


def pause(tx: Connection, rep_id: int | None, now: datetime) -> bool:
    """Pause the sending to a rep, or to everybody; false when it is paused already."""
    return _switch_on(tx, _pause_of(rep_id), rep_id, now)


def resume(tx: Connection, rep_id: int | None) -> bool:
    """Undo the pause of a rep, or of everybody; false when there was none."""
    return _switch_off(tx, _pause_of(rep_id))


def give_up(tx: Connection, rep_id: int, now: datetime) -> bool:
    """Send nothing to a rep whom no mail reaches; false when that is so already."""
    return _switch_on(tx, f"{UNREACHABLE}:{rep_id}", rep_id, now)


def try_again(tx: Connection, rep_id: int) -> bool:
    """Take that back; false when there was none."""
    return _switch_off(tx, f"{UNREACHABLE}:{rep_id}")


def lock(tx: Connection, now: datetime) -> bool:
    """Lock everything down; false when it is already."""
    return _switch_on(tx, LOCKDOWN, None, now)


def unlock(tx: Connection) -> bool:
    """End the lockdown; false when there was none."""
    return _switch_off(tx, LOCKDOWN)


def pages_went_down(tx: Connection, now: datetime) -> bool:
    """Note that the process of the pages is gone; false when that is known."""
    return _switch_on(tx, PAGES, None, now)


def pages_came_back(tx: Connection) -> bool:
    """Take that back; false when they were not gone."""
    return _switch_off(tx, PAGES)


def void_tokens(tx: Connection) -> int:
    """Have every token that was issued so far count no more; returns how many did until now."""
    columns = tables.mail.c
    issued = columns.token_hash.is_not(None) & ~columns.token_void
    return tx.execute(update(tables.mail).where(issued).values(token_void=True)).rowcount


def may_be_sent(mail: FromClause) -> ColumnElement[bool]:
    """Whether no switch holds a row of mails; as `Controls.why_held` says of sending. A mail to
    somebody else than the rep, as to a manager, is not held by the rep's own pause."""
    control = tables.control.c
    of_all = select(control.name).where(control.name.in_([LOCKDOWN, PAUSE]))
    paused = select(control.rep_id).where(control.rep_id.is_not(None))
    to_others = mail.c.recipient.is_not(None)
    return ~of_all.exists() & or_(to_others, mail.c.rep_id.not_in(paused))


def _pause_of(rep_id: int | None) -> str:
    return PAUSE if rep_id is None else f"{PAUSE}:{rep_id}"


def _switch_on(tx: Connection, name: str, rep_id: int | None, now: datetime) -> bool:
    return add_if_absent(tx, tables.control, {"name": name, "rep_id": rep_id, "since": now})


def _switch_off(tx: Connection, name: str) -> bool:
    return tx.execute(delete(tables.control).where(tables.control.c.name == name)).rowcount > 0

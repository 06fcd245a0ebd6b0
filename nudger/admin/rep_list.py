"""The reps as admins look at them: how each connection stands, and what holds their mails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from nudger.domain.availability import RepState
from nudger.domain.controls import Activity
from nudger.domain.reasons import Reason, reason_of
from nudger.runtime.context import Context
from nudger.store import connections, outbox, people
from nudger.store.connections import OwnCalendar
from nudger.store.controls import read_controls
from nudger.store.people import Rep

_BY_STATE = {
    RepState.PAUSED: Reason.REP_PAUSED,
    RepState.STOPPED: Reason.REP_STOPPED,
    RepState.RECONNECT: Reason.REP_RECONNECT,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A rep, when their calendar was read last and what the last try said where it failed, and why
    they get no questions, the strongest reason first; none where they do."""

    rep: Rep
    calendar: OwnCalendar
    held: tuple[Reason, ...]

    @property
    def wants_to_be_forgotten(self) -> bool:
        return Reason.ASKED_TO_BE_FORGOTTEN in self.held


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A question that waits: when it is due, why then, and when each of its meetings starts,
    by the meeting's id."""

    due_at: datetime
    reason: Reason
    starts: Mapping[int, datetime]


def list_standings(ctx: Context) -> list[Standing]:
    """Of every rep, in their order."""
    with ctx.database.read() as tx:
        return list(_standings(tx, people.list_reps(tx)))


def find_standing(ctx: Context, rep_id: int) -> Standing | None:
    with ctx.database.read() as tx:
        reps = [rep for rep in people.list_reps(tx) if rep.id == rep_id]
        return next(_standings(tx, reps), None)


def waiting_mails(ctx: Context, rep: Rep) -> list[WaitingMail]:
    """The rep's questions that wait, the soonest first."""
    with ctx.database.read() as tx:
        waiting = outbox.waiting_questions(tx, rep.id)
    found = [WaitingMail(one.due_at, reason_of(one.reason), one.starts) for one in waiting]
    return sorted(found, key=lambda one: one.due_at)


def _standings(tx: Connection, reps: list[Rep]) -> Iterator[Standing]:
    controls, calendars = read_controls(tx), connections.own_calendars(tx)
    for rep in reps:
        held = controls.why_held(Activity.SEND, rep.id)
        reasons = ([] if held is None else [held]) + _own(rep)
        yield Standing(rep, _calendar(calendars, rep), tuple(reasons))


def _own(rep: Rep) -> list[Reason]:
    by_state = _BY_STATE.get(rep.state)
    if by_state is None:
        return []
    told = reason_of(rep.state_reason or "")
    return [by_state if told is Reason.UNKNOWN else told]


def _calendar(calendars: Mapping[int, OwnCalendar], rep: Rep) -> OwnCalendar:
    return calendars.get(rep.id, OwnCalendar(None, None))

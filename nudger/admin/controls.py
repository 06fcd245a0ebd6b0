"""What admins switch: sending off and on, everything at once, and what becomes of the tokens; what
is off because mails came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from nudger.domain.availability import RepState
from nudger.domain.reasons import Reason, StepName
from nudger.store import audit, controls, counts, people, sessions
from nudger.store.database import Database
from nudger.store.inbox import InboundState


class NotARep(Exception):
    """Nobody with this address is watched; one line for who asked."""

    def __init__(self, email: str) -> None:
        super().__init__(f"{email} is not a rep. See `nudger reps list`.")


@dataclass(frozen=True, slots=True)
class EndedLockdown:
    """What the end of a lockdown meant: how many tokens count no more, and how many replies that
    came meanwhile are now read."""

    voided: int
    replies: int


def pause_sending(database: Database, email: str | None, now: datetime) -> bool:
    """Send nothing to this rep, or to anybody; false when that was so. Raises `NotARep`."""
    with database.begin() as tx:
        rep_id = _rep_id(tx, email)
        changed = controls.pause(tx, rep_id, now)
        if changed:
            _record(tx, Reason.SENDING_PAUSED, now, rep_id)
    return changed


def resume_sending(database: Database, email: str | None, now: datetime) -> bool:
    """Undo the pause of this rep, or of everybody; false when there was none. Mails to a rep that
    came back are forgiven. Raises `NotARep`."""
    with database.begin() as tx:
        rep_id = _rep_id(tx, email)
        changed = controls.resume(tx, rep_id)
        if rep_id is not None:
            people.set_hard_bounces(tx, rep_id, 0)
            changed = controls.try_again(tx, rep_id) or changed
        if changed:
            _record(tx, Reason.SENDING_RESUMED, now, rep_id)
    return changed


def lock_down(database: Database, now: datetime) -> bool:
    """Send and write nothing, obey no reply, and end who is signed in; false when that was so."""
    with database.begin() as tx:
        changed = controls.lock(tx, now)
        sessions.end_all(tx)
        if changed:
            _record(tx, Reason.LOCKED_DOWN, now)
    return changed


def end_lockdown(database: Database, now: datetime, *, keep_tokens: bool) -> EndedLockdown | None:
    """Go on; `None` when nothing was locked. Unless they are kept, all tokens issued so far count
    no more: who replies to an older mail gets one that can be answered."""
    with database.begin() as tx:
        if not controls.unlock(tx):
            return None
        voided = 0 if keep_tokens else controls.void_tokens(tx)
        _record(tx, Reason.LOCKDOWN_ENDED, now, voided=voided)
        waiting = counts.replies_by_state(tx).get(InboundState.STORED, 0)
    return EndedLockdown(voided, waiting)


def switches(tx: Connection) -> dict[str, Any]:
    """The switches that are on, as JSON."""
    found = controls.read_switches(tx)
    reps = people.with_ids(tx, {*found.reps_paused_since, *found.reps_unreachable_since})

    def by_email(since: Mapping[int, datetime]) -> dict[str, str]:
        return {reps[rep_id].email: at.isoformat() for rep_id, at in since.items()}

    return {
        "locked_since": found.locked_since and found.locked_since.isoformat(),
        "paused_since": found.paused_since and found.paused_since.isoformat(),
        "reps_paused_since": by_email(found.reps_paused_since),
        "reps_unreachable_since": by_email(found.reps_unreachable_since),
    }


def own_silence(tx: Connection, email: str | None) -> str | None:
    """What keeps this rep's questions back that is no switch of an admin's, as a sentence."""
    rep_id = _rep_id(tx, email)
    if rep_id is None:
        return None
    rep = people.get_rep(tx, rep_id)
    return _OWN_SILENCE.get(rep.state)


_OWN_SILENCE = {
    RepState.PAUSED: "The rep paused the questions by reply: only their reply `start` undoes that.",
    RepState.STOPPED: "The rep stopped the questions by reply: only their `start` undoes that.",
    RepState.RECONNECT: "The rep has to connect their account again: `nudger connect`.",
}


def _rep_id(tx: Connection, email: str | None) -> int | None:
    if email is None:
        return None
    address = email.strip().lower()
    found = next((rep for rep in people.list_reps(tx) if address in rep.addresses), None)
    if found is None:
        raise NotARep(email)
    return found.id


def _record(
    tx: Connection, reason: Reason, now: datetime, rep_id: int | None = None, **detail: int
) -> None:
    audit.record(tx, audit.Step(StepName.CONTROL, reason, rep_id=rep_id, detail=detail), now)

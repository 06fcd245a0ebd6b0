"""Looking at the admins' switches before anything is done that they hold."""

from __future__ import annotations

from sqlalchemy import Connection

from nudger.domain.controls import Activity
from nudger.domain.reasons import Reason
from nudger.store.controls import read_controls


class Held(Exception):
    """An admin has switched this off: the work is left as it is. `reason` tells which switch."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.words)
        self.reason = reason


def refuse_if_held(tx: Connection, activity: Activity, rep_id: int | None = None) -> None:
    """Raises `Held`; see `Controls.why_held`."""
    reason = read_controls(tx).why_held(activity, rep_id)
    if reason is not None:
        raise Held(reason)


def is_held(tx: Connection, activity: Activity) -> bool:
    """Whether none of this may be done now."""
    return read_controls(tx).why_held(activity) is not None

"""What admins have switched off, and what may go on: a pure function of the switches.

A pause stops sending, to everybody or to one rep; to a rep whom no mail reaches it stops by itself.
A lockdown stops everything that has an effect outside or that a reply could cause;
calendars and mailboxes are still read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from nudger.domain.reasons import Reason


class Activity(Enum):
    """What can be switched off."""

    SEND = auto()
    WRITE = auto()
    OBEY_REPLIES = auto()
    TELL = auto()


@dataclass(frozen=True, slots=True)
class Controls:
    """The switches as they stand. `paused_reps` are those paused one by one, by their ids;
    `unreachable_reps` those to whom mails came back."""

    is_locked: bool = False
    is_paused: bool = False
    paused_reps: frozenset[int] = frozenset()
    unreachable_reps: frozenset[int] = frozenset()

    def why_held(self, activity: Activity, rep_id: int | None = None) -> Reason | None:
        """Why this may not be done now, `None` where it may. `rep_id` is whom a mail goes to,
        `None` where that is no rep."""
        if self.is_locked:
            return Reason.LOCKED_DOWN
        if activity is Activity.SEND and (self.is_paused or rep_id in self.paused_reps):
            return Reason.SENDING_PAUSED
        if activity is Activity.SEND and rep_id in self.unreachable_reps:
            return Reason.UNREACHABLE
        return None


NO_CONTROLS = Controls()

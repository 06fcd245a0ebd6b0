"""Whether a rep wants to be asked: yes, not during a pause, or not until they say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from nudger.domain.reasons import Reason


class RepState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    RECONNECT = "reconnect"


ALL_ALONG = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Availability:
    """A rep's state; `paused_until` is when a pause ends by itself."""

    state: RepState = RepState.ACTIVE
    paused_until: datetime | None = None

    @property
    def free_from(self) -> datetime | None:
        """From when on the rep may be mailed of our own accord: `ALL_ALONG` where they may be now,
        `None` where it takes a word or a sign-in of theirs first."""
        match self.state:
            case RepState.ACTIVE:
                return ALL_ALONG
            case RepState.PAUSED:
                return self.paused_until
            case _:
                return None

    def is_free_before(self, moment: datetime) -> bool:
        return self.free_from is not None and self.free_from < moment


FREE = Availability()


def heeds_header_stop(state: RepState, reason: str | None) -> bool:
    """Whether a stop that a mail program sent by our header changes anything: not for who has
    stopped in words, which is more, nor a second time, as where a tool goes through all mails of a
    sender. `reason` is why the state is what it is."""
    is_stopped = state is RepState.STOPPED
    return not is_stopped and (state, reason) != (RepState.PAUSED, Reason.STOP_BY_HEADER)

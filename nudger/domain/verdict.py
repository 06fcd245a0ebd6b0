"""Whether an event is asked about, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nudger.domain.event import Attendee
from nudger.domain.reasons import Reason


class Decision(StrEnum):
    ASK = "ask"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`customers` are those seen, also where nothing is asked; `guests` the people of theirs.

    `lookalike` marks a guest whose domain was made to be mistaken for ours.
    """

    decision: Decision
    reason: Reason
    customers: tuple[str, ...] = ()
    guests: tuple[Attendee, ...] = ()
    lookalike: bool = False

    @property
    def asks(self) -> bool:
        return self.decision is Decision.ASK

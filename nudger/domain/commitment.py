"""The Commitment Objective and what surrounds it: milestone, answer, outcome, a meeting's states.

A Commitment Objective (C.O.) is one specific, concrete action that the customer will agree to take
as a result of this call, moving the sale to the next milestone of the sales process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of the sales process, left by something that the buyer did.

    `aliases` are other names that reps use for it; `exit` says what the buyer has done when it is
    reached.
    """

    name: str
    exit: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rep answered for one meeting. A field that the rep did not give is `None`.

    `private` is true when the rep wants this answer kept from the guests. `remark` is what they
    said beside it about the customer or the deal: nobody but the rep ever reads it.
    """

    commitment_objective: str | None = field(default=None, repr=False)
    next_milestone: str | None = field(default=None, repr=False)
    fallback: str | None = field(default=None, repr=False)
    private: bool = False
    remark: str | None = field(default=None, repr=False)

    def amended_by(self, later: Answer) -> Answer:
        """This answer with what a later one mentions put in its place. A remark beside an objective
        goes with it."""
        outlived = None if later.commitment_objective else self.remark
        return Answer(
            commitment_objective=later.commitment_objective or self.commitment_objective,
            next_milestone=later.next_milestone or self.next_milestone,
            fallback=later.fallback or self.fallback,
            private=later.private or self.private,
            remark=later.remark or outlived,
        )

    @property
    def is_empty(self) -> bool:
        return not (self.commitment_objective or self.next_milestone or self.fallback)


class Outcome(StrEnum):
    """Did the customer agree?"""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


def milestone_after(
    milestones: Sequence[Milestone], planned: str | None, outcome: Outcome | None
) -> str | None:
    """The milestone to suggest for the next call: the planned one, or where the customer agreed
    the one after it; `None` where the plan names none of the list."""
    names = [milestone.name for milestone in milestones]
    if planned not in names:
        return None
    at = names.index(planned) + (outcome is Outcome.YES)
    return names[min(at, len(names) - 1)]


class MeetingState(StrEnum):
    """Where a customer meeting stands, as `nudger status` counts it."""

    PLANNED = "planned"
    ASKED = "asked"
    ANSWERED = "answered"
    WRITTEN = "written"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


OPEN = (MeetingState.PLANNED, MeetingState.ASKED)
"""The rep can still be asked, or be reminded."""


REP_WITHDRAWALS = frozenset({"skip", "not_customer"})
"""Reason codes of meetings that the rep does not want to be asked about, whatever the calendar says
of them later."""

"""What came of asking: counts over past meetings, by rep, customer or milestone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from nudger.domain.coach import Kind, coach
from nudger.domain.commitment import Answer, Outcome


@dataclass(frozen=True, slots=True)
class Past:
    """One meeting that a rep was asked about. `answered_at` is the first answer's moment, `answer`
    the one that counts; `valid` says that the coach took it for a Commitment Objective."""

    rep: str
    customers: tuple[str, ...]
    start: datetime
    answered_at: datetime | None = None
    answer: Answer | None = None
    valid: bool = False
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """`agreed` counts "yes" alone; `reached` the meetings whose named milestone was agreed."""

    name: str
    asked: int
    answered_in_time: int
    valid: int
    agreed: int
    partly: int
    not_agreed: int
    reached: int


def is_commitment(answer: Answer) -> bool:
    """Whether the coach takes the answer for a Commitment Objective."""
    objective = answer.commitment_objective
    return bool(objective) and coach(objective or "").kind is Kind.COMMITMENT


class Grouping(StrEnum):
    REP = "rep"
    CUSTOMER = "customer"
    MILESTONE = "milestone"


NO_MILESTONE = "(none)"


def tally(name: str, meetings: Sequence[Past]) -> Tally:
    """Count these meetings under one name."""
    outcomes = [one.outcome for one in meetings]
    return Tally(
        name=name,
        asked=len(meetings),
        answered_in_time=sum(
            one.answered_at is not None and one.answered_at < one.start for one in meetings
        ),
        valid=sum(one.valid for one in meetings),
        agreed=outcomes.count(Outcome.YES),
        partly=outcomes.count(Outcome.PARTLY),
        not_agreed=outcomes.count(Outcome.NO),
        reached=sum(
            one.outcome is Outcome.YES and bool(one.answer and one.answer.next_milestone)
            for one in meetings
        ),
    )


def tallies(meetings: Iterable[Past], by: Grouping) -> list[Tally]:
    """One tally for each rep, customer or milestone, the busiest first. A meeting with several
    customers counts for each of them."""
    groups: dict[str, list[Past]] = defaultdict(list)
    for one in meetings:
        for name in _NAMES[by](one):
            groups[name].append(one)
    found = [tally(name, members) for name, members in groups.items()]
    return sorted(found, key=lambda one: (-one.asked, one.name))


def _milestone(one: Past) -> tuple[str, ...]:
    return ((one.answer.next_milestone if one.answer else None) or NO_MILESTONE,)


_NAMES: dict[Grouping, Callable[[Past], tuple[str, ...]]] = {
    Grouping.REP: lambda one: (one.rep,),
    Grouping.CUSTOMER: lambda one: one.customers,
    Grouping.MILESTONE: _milestone,
}


def by_week(meetings: Iterable[Past]) -> list[Tally]:
    """One tally for each ISO week in UTC that had a meeting, in order; named as in "2026-W48"."""
    weeks: dict[str, list[Past]] = defaultdict(list)
    for one in meetings:
        year, week, _ = one.start.isocalendar()
        weeks[f"{year}-W{week:02d}"].append(one)
    return [tally(name, members) for name, members in sorted(weeks.items())]

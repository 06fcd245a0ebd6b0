"""What a manager may read of a rep and of the rep's calls: a pure function of what the rep was told
and of what they chose.

Private until granted: who was told that a manager gets their counts is known to that manager by
name. Their calls are read only by whom they let read them, and what they keep to themself is read
by nobody else.
Sources: docs/decisions/0032-a-manager-reads-what-a-rep-opens.md.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto

from nudger.domain.commitment import Answer


class Sight(Enum):
    """How much of a rep a manager sees."""

    NOTHING = auto()
    NAME = auto()
    CALLS = auto()


@dataclass(frozen=True, slots=True)
class Sharing:
    """Where a rep stands to managers, by their addresses: who theirs is now, whom a mail told them
    of, whom they let read their calls. `wants_to_be_forgotten` says that they are about to go."""

    manager: str | None
    told_of: str | None = None
    shared_with: str | None = None
    wants_to_be_forgotten: bool = False


def sight_of(sharing: Sharing, addresses: Collection[str]) -> Sight:
    """What whoever has these addresses sees of the rep. A new manager starts anew."""
    manager = sharing.manager
    if manager is None or manager not in addresses or sharing.wants_to_be_forgotten:
        return Sight.NOTHING
    if sharing.shared_with == manager:
        return Sight.CALLS
    return Sight.NAME if sharing.told_of == manager else Sight.NOTHING


def as_manager_reads(answer: Answer | None) -> Answer | None:
    """The answer of a call that a manager may read; `None` where there is none, or where the rep
    keeps it to themself."""
    return None if answer is None or answer.is_empty or answer.private else answer


def is_kept(answer: Answer | None) -> bool:
    """Whether there is an answer that the rep keeps to themself."""
    return answer is not None and not answer.is_empty and answer.private

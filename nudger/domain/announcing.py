"""Whether Nudger is announced to a rep: once, before the first question, and never to who wants no
mail. A pure function; moments are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nudger.domain.availability import FREE, Availability, RepState
from nudger.domain.reasons import Reason

_UNWILLING = {
    RepState.PAUSED: Reason.REP_PAUSED,
    RepState.STOPPED: Reason.REP_STOPPED,
    RepState.RECONNECT: Reason.REP_RECONNECT,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a rep: whether they got the announcement, are about to or may have got it;
    whether they were ever asked; why an admin's switch holds their mails."""

    is_announced: bool = False
    is_asked: bool = False
    availability: Availability = FREE
    held: Reason | None = None


def why_not_announced(rep: Standing, now: datetime) -> Reason | None:
    """Why the rep gets no announcement; `None` where they do."""
    if rep.is_announced:
        return Reason.ANNOUNCED_BEFORE
    if rep.is_asked:
        return Reason.ASKED_BEFORE
    free_from = rep.availability.free_from
    if free_from is None or free_from > now:
        return _UNWILLING[rep.availability.state]
    return rep.held

"""Which rep is asked about a meeting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from nudger.domain.eligibility import _declined
from nudger.domain.event import (
    Event,
    Response,
)
from nudger.domain.reasons import Worded


class HasPosition(Protocol):
    """A rep as far as choosing one goes: a lower `position` is asked first."""

    @property
    def position(self) -> int: ...


R = TypeVar("R", bound=HasPosition)


class RepReason(Worded):
    """Why this rep is asked and not another."""

    ORGANIZER = "organizer", "They organize the meeting."
    ACCEPTED = "accepted", "They are the first rep who accepted."
    TENTATIVE = "tentative", "They are the first rep who comes perhaps."
    UNANSWERED = "unanswered", "They are the first rep who is invited."
    CALENDAR_OWNER = "calendar_owner", "It is in their calendar."
    HANDED_OVER = "handed_over", "A colleague handed the question to them."


_BY_RESPONSE = {
    Response.ACCEPTED: (1, RepReason.ACCEPTED),
    Response.TENTATIVE: (2, RepReason.TENTATIVE),
    Response.NEEDS_ACTION: (3, RepReason.UNANSWERED),
}


def choose_rep(
    event: Event, reps: Mapping[str, R], may_ask: Callable[[R], bool] = lambda _rep: True
) -> tuple[R, RepReason] | None:
    """Who is asked: the organizer if watched, else the first who accepted, is tentative, or has
    not answered; ties by position. `reps` maps addresses to reps; who may not be asked, as after
    "stop", comes last. `None` when the guest list names no rep."""
    candidates: list[tuple[int, R, RepReason]] = []
    for attendee in event.attendees:
        rep = reps.get(attendee.email)
        ranked = _BY_RESPONSE.get(attendee.response)
        if rep is not None and ranked is not None:
            candidates.append((ranked[0], rep, ranked[1]))
    organizer = event.organizer and reps.get(event.organizer.email)
    if organizer and not (event.organizer and _declined(event, (event.organizer.email,))):
        candidates.append((0, organizer, RepReason.ORGANIZER))
    if not candidates:
        return None
    best = min(candidates, key=lambda c: (not may_ask(c[1]), c[0], c[1].position))
    return best[1], best[2]

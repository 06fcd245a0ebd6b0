"""What to hand out now, of all that is due: no more than may go on at once, whoever does it.

That one process hands out for all is what keeps the limits of a mailbox over machines: what is out
counts, and what `domain.turns` would not begin beside it waits for the next look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nudger.domain.turns import Begun, next_to_begin
from nudger.jobs.due import Piece

MOST_OUT = 500
LOST_AFTER = 10.0
"""Seconds after which a message that nobody has taken up is sent again: to take it up twice is
harmless."""
HANGS_AFTER = 5.0

FETCHES_AT_ONCE = 2
"""Who reads a mailbox fetches so many mails at a time, and takes as many of its places."""


@dataclass(slots=True)
class _Out:
    piece: Piece
    at: float


class HandingOut:
    """Remembers what is out. Moments are seconds of a clock that only goes forward."""

    def __init__(self) -> None:
        self._out: dict[tuple[str, int | str], _Out] = {}
        self._held: dict[tuple[str, int | str, int], float] = {}

    def choose(self, due: Sequence[Piece], in_hand: Sequence[Piece], now: float) -> list[Piece]:
        """The pieces that are to be handed out now, in this order; they count as out from now on.
        `due` are those that are free, in the order of their urgency."""
        self._forget(due, in_hand, now)
        begun = [one for out in self._out.values() for one in _places(out.piece)]
        for piece in in_hand:
            begun += _places(piece, hangs=self._held[_claim(piece)] <= now - HANGS_AFTER)
        waiting = [piece for piece in due if _name(piece) not in self._out]
        chosen: list[Piece] = []
        while True:
            turn = next_to_begin((piece.course for piece in waiting), begun, MOST_OUT)
            if turn is None:
                return chosen
            piece = waiting.pop(turn)
            if _fits(piece, begun):
                chosen.append(piece)
                begun += _places(piece)
                self._out[_name(piece)] = _Out(piece, now)

    def take_back(self, pieces: Sequence[Piece]) -> None:
        """These could not be handed out."""
        for piece in pieces:
            self._out.pop(_name(piece), None)

    def _forget(self, due: Sequence[Piece], in_hand: Sequence[Piece], now: float) -> None:
        fences = {_name(piece): piece.fence for piece in due}
        self._out = {
            name: out
            for name, out in self._out.items()
            if fences.get(name) == out.piece.fence and out.at > now - LOST_AFTER
        }
        self._held = {_claim(one): self._held.get(_claim(one), now) for one in in_hand}


def _name(piece: Piece) -> tuple[str, int | str]:
    return piece.queue, piece.key


def _claim(piece: Piece) -> tuple[str, int | str, int]:
    return piece.queue, piece.key, piece.fence


def _places(piece: Piece, *, hangs: bool = False) -> list[Begun]:
    """What the piece takes. Its line is the first one's."""
    more = range(FETCHES_AT_ONCE - 1) if piece.queue == "listen" else ()
    helpers = [replace(piece.course, line=(piece.course.line, number)) for number in more]
    return [Begun(course, hangs=hangs) for course in (piece.course, *helpers)]


def _fits(piece: Piece, begun: Sequence[Begun]) -> bool:
    """Whether there is room for all that it takes."""
    *helpers, last = reversed(_places(piece))
    return next_to_begin([last.course], [*begun, *helpers], MOST_OUT) is not None

"""What one of all workers does for the others: it looks what is due and gives it to the broker."""

from __future__ import annotations

import logging
import threading
import time

from nudger.engine.app import App
from nudger.engine.handing_out import HandingOut
from nudger.jobs.due import Piece, pieces_due, pieces_in_hand
from nudger.runtime.context import Context
from nudger.runtime.measures import step_timed
from nudger.store.leader_election import Presence

log = logging.getLogger(__name__)

BUSY_SECONDS = 0.1
IDLE_SECONDS = 1.0


class Leader:
    """Hands out in a thread of its own until `ctx.stop`, while this process is the one that leads.
    `is_well` is false where it leads and cannot hand out."""

    def __init__(self, ctx: Context, app: App) -> None:
        self._ctx = ctx
        self._app = app
        self._presence = Presence(ctx.database, ctx.owner)
        self._out = HandingOut()
        self.is_well = True
        self._thread = threading.Thread(target=self._lead, name="leader", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)

    def once(self) -> bool:
        """Hand out what may go on now, if this process leads; whether there was any."""
        if not self._presence.leads():
            self._out = HandingOut()
            return False
        with step_timed("hand_out"):
            return self._hand_out()

    def _hand_out(self) -> bool:
        in_hand = pieces_in_hand(self._ctx)
        here = self._presence.here({one.owner for one in in_hand if one.owner})
        living = [one for one in in_hand if one.owner in here]
        chosen = self._out.choose(pieces_due(self._ctx), living, time.monotonic())
        for number, piece in enumerate(chosen):
            self._give(piece, chosen[number:])
        return bool(chosen or in_hand)

    def _give(self, piece: Piece, with_those_after: list[Piece]) -> None:
        try:
            self._app.hand_out(piece)
        except BaseException:
            self._out.take_back(with_those_after)
            raise

    def _lead(self) -> None:
        pause = 0.0
        while not self._ctx.stop.wait(pause):
            try:
                pause = BUSY_SECONDS if self.once() else IDLE_SECONDS
                self.is_well = True
            except Exception as error:  # without it workers look themselves; the next may go well
                pause = IDLE_SECONDS
                level = logging.WARNING if self.is_well else logging.DEBUG
                log.log(level, "nothing can be handed out: %s", error, extra=_TOLD)
                self.is_well = False
        self._presence.close()


_TOLD = {"facts": {"event": "beat_failed"}}

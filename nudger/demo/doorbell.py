"""Telling Nudger at once that mail came, as a provider's push would: a visitor does not wait for
the minute after which a mailbox is listened to again."""

from __future__ import annotations

from nudger.demo.stage import Stage
from nudger.sandbox.scenario import NUDGER
from nudger.store import inbox

RINGS = 5
"""How often it rings for a mail: the first time, somebody may be just leaving the mailbox."""


class Doorbell:
    """Rings when there is more in the asking mailbox than there was."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._came = 0
        self._rings = 0

    def listen(self) -> None:
        """Have the mailbox looked into by the next tick, where something came."""
        came = self._count()
        if came != self._came:
            self._came, self._rings = came, RINGS
        if self._rings:
            self._rings -= 1
            ctx = self._stage.ctx
            with ctx.database.begin() as tx:
                inbox.wake_mailboxes(tx, ctx.clock())

    def _count(self) -> int:
        world = self._stage.server.world
        with world.lock:
            mails = world.mailboxes.of(NUDGER).values()
            return sum(1 for mail in mails if "INBOX" in mail.labels)

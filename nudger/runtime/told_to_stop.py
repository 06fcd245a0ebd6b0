"""Setting an event when the process gets a signal."""

from __future__ import annotations

import _thread
import threading
from collections.abc import Callable
from types import FrameType


def setter_of(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    """A handler of signals that has the event set a moment later.

    A handler runs in the main thread in the middle of whatever that does. Where it waits for this
    very event, it may hold the event's lock just then, and to set the event here would wait for
    that lock for ever. A thread of `threading` would take locks to begin; one of these takes none.
    """

    def told(_number: int, _frame: FrameType | None) -> None:
        _thread.start_new_thread(stop.set, ())

    return told

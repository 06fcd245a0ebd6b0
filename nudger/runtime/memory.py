"""How often a process looks for what it no longer needs.

Nearly all that is made of a page of events goes by itself as soon as the page is done. Python's
search for the rest begins again after every few hundred objects, and now and then goes through all
that the process has loaded, which cost a first scan a sixth of its time.
"""

from __future__ import annotations

import gc

OBJECTS_BETWEEN = 20_000
"""Those of some ten calendars."""


def settle() -> None:
    """What the process has by now, as its modules, is never looked through again; what comes is,
    less often. To be called once, when all is loaded."""
    gc.collect()
    gc.freeze()
    _, *more = gc.get_threshold()
    gc.set_threshold(OBJECTS_BETWEEN, *more)

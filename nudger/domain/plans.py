"""Whether an answer is a plan: made before the call, or written down once it had begun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from nudger.domain.commitment import Answer


def is_plan(given: Sequence[tuple[datetime, Answer]], start: datetime) -> bool:
    """Whether the last of these answers was given before the call began.

    `given` is each revision with its moment, in their order. One that only says anew what the one
    before it says, as to have it read by others, is as old as that.
    """
    if not given:
        return False
    since, last = given[-1]
    for moment, earlier in reversed(given):
        if replace(earlier, private=last.private) != last:
            break
        since = moment
    return since < start

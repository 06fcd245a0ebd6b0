"""Parts of one piece of work beside each other, such as the mails of one mailbox.

Whoever has the parts does them itself; others of the pool help where there is room. So nobody waits
for somebody who waits, however full the pool is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from nudger.domain.turns import MAILBOX_PLACES, Course
from nudger.runtime.pool import Pool, Task

Part = TypeVar("Part")
Result = TypeVar("Result")
Ends = list[Result | Exception]


def beside(
    pool: Pool,
    parts: Sequence[Part],
    do: Callable[[Part], Result],
    course: Callable[[Hashable], Course],
) -> Ends[Result]:
    """What came of each part, or how it failed, in their order. `course` is where a helper goes
    along, given a line of its own; as many help as a mailbox has places."""
    ends: dict[int, Result | Exception] = {}
    left = list(reversed(range(len(parts))))

    def work() -> None:
        while left:
            try:
                number = left.pop()
            except IndexError:  # a helper was faster
                return
            try:
                ends[number] = do(parts[number])
            except Exception as error:
                ends[number] = error

    helpers = [_Helper(work, course) for _ in range(_helpers(pool, len(parts), course))]
    pool.submit_parts([helper.task for helper in helpers])
    work()
    unbegun = pool.withdraw([helper.task for helper in helpers])
    for helper in helpers:
        if helper.task not in unbegun:
            helper.has_ended.wait()
    return [ends[number] for number in range(len(parts))]


def _helpers(pool: Pool, parts: int, course: Callable[[Hashable], Course]) -> int:
    provider = course("").provider
    places = MAILBOX_PLACES[provider] if provider is not None else pool.size
    return max(0, min(places, pool.size, parts) - 1)


class _Helper:
    def __init__(self, work: Callable[[], None], course: Callable[[Hashable], Course]) -> None:
        self.has_ended = threading.Event()
        self._work = work
        self.task = Task(course(self), self._run)

    def _run(self, _task: Task) -> None:
        try:
            self._work()
        finally:
            self.has_ended.set()

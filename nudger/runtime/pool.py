"""The threads of this process, on which pieces of work go on beside each other.

All steps share them: what may begin, and in which order, is for `domain.turns` to say. A piece that
goes on for long, as where somebody's mailbox does not answer, is no longer counted among those for
which there is room, so that a few that hang keep nobody waiting.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from nudger.domain.turns import Begun, Course, next_to_begin, stands_still

HANGS_AFTER = timedelta(seconds=5)
MOST_HANGING = 128
"""More than that are no longer a few: then the others wait for them."""


@dataclass(eq=False, slots=True)
class Task:
    """`run` is given the task, and never raises. `began` is by the pool's clock, `None` while it
    waits."""

    course: Course
    run: Callable[[Task], None]
    began: float | None = None


class Pool:
    """Room for `size` pieces of work at once. With room for one, callers do without threads: they
    do their work themselves, in order."""

    def __init__(
        self,
        size: int = 1,
        hangs_after: timedelta = HANGS_AFTER,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` gives seconds, and only goes forward."""
        self.size = size
        self._hangs_after = hangs_after.total_seconds()
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: list[Task] = []
        self._begun: list[Task] = []
        self._threads = ThreadPoolExecutor(size + MOST_HANGING, thread_name_prefix="pool")

    @property
    def is_of_one(self) -> bool:
        return self.size == 1

    def submit(self, task: Task) -> None:
        """Have this done as soon as it is its turn."""
        with self._changed:
            self._waiting.append(task)
            self._begin_what_may()

    def submit_parts(self, tasks: Sequence[Task]) -> None:
        """The same for parts of a piece that has begun, which go before pieces that have not."""
        with self._changed:
            self._waiting[:0] = tasks
            self._begin_what_may()

    def look_again(self) -> None:
        """Begin what may begin by now, since something hangs."""
        with self._changed:
            self._begin_what_may()

    def withdraw(self, tasks: Collection[Task]) -> list[Task]:
        """Take back those of the tasks that have not begun; returns them."""
        with self._changed:
            taken = [task for task in tasks if task.began is None]
            self._waiting = [task for task in self._waiting if task not in taken]
            return taken

    def standing_still(self, tasks: Collection[Task]) -> int:
        """How many of these tasks hang, or wait for one that does."""
        with self._changed:
            begun = self._seen()
            hanging = {task for task, one in zip(self._begun, begun, strict=True) if one.hangs}
            if not hanging:
                return 0
            behind = {t for t in self._waiting if stands_still(t.course, begun)}
            return len((hanging | behind).intersection(tasks))

    def is_idle_within(self, seconds: float) -> bool:
        """Whether all that has begun ends within that time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._begun, max(0.0, seconds))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _begin_what_may(self) -> None:
        while self._waiting:
            courses = (task.course for task in self._waiting)
            turn = next_to_begin(courses, self._seen(), self.size)
            if turn is None:
                return
            task = self._waiting.pop(turn)
            task.began = self._clock()
            self._begun.append(task)
            self._threads.submit(self._do, task)

    def _seen(self) -> list[Begun]:
        """What has begun, the first first."""
        before = self._clock() - self._hangs_after
        return [
            Begun(one.course, hangs=number < MOST_HANGING and (one.began or 0.0) <= before)
            for number, one in enumerate(self._begun)
        ]

    def _do(self, task: Task) -> None:
        try:
            task.run(task)
        finally:
            with self._changed:
                self._begun.remove(task)
                self._begin_what_may()
                self._changed.notify_all()

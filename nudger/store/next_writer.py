"""Whose turn it is to write next, among the processes that share an SQLite file.

SQLite has whoever finds the file locked look again, with pauses that grow to a tenth of a second. A
process with many threads that write takes the file again before anybody has looked, and a page of
another process waits for long. So whoever wants to write queues here first, and only the one whose
turn it is looks for the file. SQLite's own lock stays the truth: where somebody keeps the turn, as
a process that stands still, the others go on without it.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

if sys.platform != "win32":  # there, SQLite's own pauses alone
    import fcntl

LOOKS_AGAIN_AFTER_SECONDS = 0.001


class NextWriter:
    """Held while a transaction begins, by one thread of this process at a time; waited for at most
    so many seconds. It is a lock on the `folder` of the database, which leaves nothing behind."""

    def __init__(self, folder: Path, longest_wait: float) -> None:
        self._folder = folder
        self._longest_wait = longest_wait
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        deadline = time.monotonic() + self._longest_wait
        while not self._is_taken() and time.monotonic() < deadline:
            time.sleep(LOOKS_AGAIN_AFTER_SECONDS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if sys.platform != "win32" and self._descriptor is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def _is_taken(self) -> bool:
        """Whether it is ours now, or cannot be had at all: then nobody waits."""
        if sys.platform == "win32":
            return True
        try:
            if self._descriptor is None:
                self._descriptor = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without such locks, or a folder that we may not read
            with suppress(OSError):
                self.close()
        return True

"""What mails are read by, forked from a process that stands warm.

Each worker that dies takes its reader along, and a new Python for the next one's would cost more
than all else in a run. Limits, loop and end of a reader are those of the program's own.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nudger.runtime import mail_reader_process
from nudger.runtime.mail_reader import ReadingProcess, receive
from tests.waiting import PATIENCE

_PID = struct.Struct(">i")


@contextmanager
def warm_readers(folder: Path) -> Iterator[None]:
    """Have every `ReadingProcess` start in this process, and in its children, as a fork."""
    path, start = str(folder / "readers.sock"), ReadingProcess._start
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen(64)
        command = [sys.executable, "-m", "tests.faults.readers", str(server.fileno())]
        mother = subprocess.Popen(command, pass_fds=[server.fileno()], stdin=subprocess.PIPE)
    ReadingProcess._start = lambda _self: ForkedReader(path)  # type: ignore[method-assign,assignment,return-value]
    try:
        yield
    finally:
        ReadingProcess._start = start  # type: ignore[method-assign]
        mother.terminate()
        mother.wait(timeout=PATIENCE)


class ForkedReader:
    """As much of `subprocess.Popen` as is asked of a reader."""

    def __init__(self, path: str) -> None:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(path)
            self.stdin, self.stdout = connection.makefile("wb"), connection.makefile("rb")
        (self._pid,) = _PID.unpack(self.stdout.read(_PID.size))
        receive(self.stdout)

    def poll(self) -> int | None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, 0)
            return None
        return -signal.SIGKILL

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> None:
        """It is its mother's child: she waits."""


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    mail_reader_process._warm_up()
    with socket.socket(fileno=int(sys.argv[1])) as server:
        # Standard input ends when nobody is left who could ask.
        while sys.stdin not in select.select([server, sys.stdin], [], [])[0]:
            connection, _address = server.accept()
            if not os.fork():
                _read_for(connection, server)
            connection.close()


def _read_for(connection: socket.socket, server: socket.socket) -> None:
    try:
        server.close()
        connection.sendall(_PID.pack(os.getpid()))
        for standard in (0, 1):
            os.dup2(connection.fileno(), standard)
        connection.close()
        with suppress(BrokenPipeError):  # who asked is dead
            mail_reader_process.main()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()

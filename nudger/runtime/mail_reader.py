"""What strangers' mails are read by: a process of its own, so that none of them can stop ours.

It is started once and kept. Each mail gets so much of the processor and of memory; one that takes
more is refused, and the next mail finds a new process. Where the process ends otherwise, or does
not answer for long, the machine may be the cause as well as the mail: that is no refusal. What
comes back is data of a few known classes and nothing else.
"""

from __future__ import annotations

import atexit
import io
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import IO, Any, Protocol, TypeVar

from nudger.mail.dkim_check import SignatureCheck
from nudger.mail.message import Asked, Inbound, Reply
from nudger.mail.mime import MOST_BYTES, MailRejected

LONGEST_SECONDS = 20.0
"""By the clock, which goes on where a busy machine lets the process wait."""
LONGEST_START_SECONDS = 60.0
LONGEST_ANSWER = 64_000_000
OVER_THE_LIMIT = "reading_limit"

_LENGTH = struct.Struct(">Q")
_BY_ITS_LIMIT = -getattr(signal, "SIGXCPU", 0)
"""How a process ends that took too much of the processor, where the system knows limits."""
_KNOWN = {
    "nudger.mail.message": (
        "Inbound", "DeliveryReport", "ReportedRecipient", "Reply", "Disposition", "Command",
        "CommandName",
    ),
    "nudger.mail.dkim_check": ("SignatureCheck",),
    "nudger.domain.commitment": ("Answer", "Outcome"),
}  # fmt: skip

T = TypeVar("T")


class ReadingFailed(Exception):
    """The process cannot be started, or our own code in it failed; not the mail's fault."""


class ReadingCutShort(ReadingFailed):
    """The process ended in the middle of it, or did not answer in time; whose fault that was, the
    next tries tell."""


class Reader(Protocol):
    """Each raises `MailRejected` for a mail that cannot be read within the limits."""

    def parse(self, raw: bytes) -> Inbound: ...

    def check_signature(self, raw: bytes, domain: str) -> SignatureCheck: ...

    def read(self, inbound: Inbound, asked: Asked) -> Reply: ...


class ReadingProcess:
    """A `Reader` in a process that is started when it is first needed; for all threads."""

    def __init__(self, command: Sequence[str] = (), seconds: float = LONGEST_SECONDS) -> None:
        self._command = [*(command or (sys.executable, "-m", "nudger.runtime.mail_reader_process"))]
        self._seconds = seconds
        self._one_at_a_time = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._started_by = 0

    def parse(self, raw: bytes) -> Inbound:
        if len(raw) > MOST_BYTES:
            raise MailRejected("too_big")
        return self._ask(Inbound, "parse", raw)

    def check_signature(self, raw: bytes, domain: str) -> SignatureCheck:
        return self._ask(SignatureCheck, "check_signature", raw, domain)

    def read(self, inbound: Inbound, asked: Asked) -> Reply:
        return self._ask(Reply, "read", inbound, asked)

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None and self._started_by == os.getpid():
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _ask(self, kind: type[T], *question: Any) -> T:
        with self._one_at_a_time:
            outcome, value = self._answer(self._running(), question)
        if outcome == "rejected":
            raise MailRejected(str(value))
        if outcome != "done" or not isinstance(value, kind):
            raise ReadingFailed(str(value))
        return value

    def _answer(self, process: subprocess.Popen[bytes], question: tuple[Any, ...]) -> Any:
        try:
            with _killed_after(process, self._seconds):
                send(process.stdin, pickle.dumps(question))
                return _loads(receive(process.stdout))
        except (EOFError, OSError) as error:
            self.close()
            if process.poll() == _BY_ITS_LIMIT:
                return "rejected", OVER_THE_LIMIT
            raise ReadingCutShort("reading a mail was cut short") from error
        except pickle.UnpicklingError as error:
            self.close()
            return "failed", error

    def _running(self) -> subprocess.Popen[bytes]:
        process = self._process
        if process is None or self._started_by != os.getpid() or process.poll() is not None:
            self.close()
            process = self._start()
            self._process, self._started_by = process, os.getpid()
        return process

    def _start(self) -> subprocess.Popen[bytes]:
        """Raises `ReadingFailed`: a process that never gets ready is no fault of any mail's."""
        try:
            process = subprocess.Popen(  # noqa: S603 - this very program
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=_environment(),
            )
            with _killed_after(process, LONGEST_START_SECONDS):
                receive(process.stdout)
        except (EOFError, OSError) as error:
            raise ReadingFailed(f"mails cannot be read: {self._command} does not start") from error
        return process


def _environment() -> dict[str, str]:
    """None of our secrets; the modules from where ours come."""
    kept = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")
    inherited = {name: os.environ[name] for name in kept if name in os.environ}
    return inherited | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


@contextmanager
def _killed_after(process: subprocess.Popen[bytes], seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def send(pipe: IO[bytes] | None, data: bytes) -> None:
    assert pipe is not None  # noqa: S101 - asked for when the process was started
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def receive(pipe: IO[bytes] | None) -> bytes:
    """Raises `EOFError` where the other side is gone."""
    assert pipe is not None  # noqa: S101 - asked for when the process was started
    head = pipe.read(_LENGTH.size)
    length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else LONGEST_ANSWER + 1
    data = pipe.read(length) if length <= LONGEST_ANSWER else b""
    if len(data) != length:
        raise EOFError
    return data


class _Known(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if name not in _KNOWN.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} is not what a mail is read into")
        return super().find_class(module, name)


def _loads(data: bytes) -> Any:
    return _Known(io.BytesIO(data)).load()


@cache
def shared_reader() -> ReadingProcess:
    """The one of this program."""
    reader = ReadingProcess()
    atexit.register(reader.close)
    return reader

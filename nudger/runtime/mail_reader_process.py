"""The process that reads strangers' mails: one question after the other, within limits.

Where the system knows no limits (Windows), the parent's clock alone ends what takes too long.
"""

from __future__ import annotations

import pickle
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nudger.mail.dkim_check import check_signatures
from nudger.mail.inbound import parse_mail
from nudger.mail.message import Asked, AskedMeeting
from nudger.mail.mime import MailRejected
from nudger.mail.reply import read_reply, read_text
from nudger.runtime.mail_reader import receive, send
from nudger.runtime.txt_records import find_txt

CPU_SECONDS = 2
MORE_MEMORY_BYTES = 512 * 1024 * 1024
PAGE_BYTES = 4096
KNOWS_LIMITS = find_spec("resource") is not None


def main() -> None:
    _warm_up()
    _limit_memory()
    send(sys.stdout.buffer, b"ready")
    while True:
        try:
            question = receive(sys.stdin.buffer)
        except EOFError:
            return
        _allow_time()
        send(sys.stdout.buffer, pickle.dumps(_answer(pickle.loads(question))))  # noqa: S301  # nosec B301


def _answer(question: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "done", _dealt_with(*question)
    except MailRejected as rejected:
        return "rejected", rejected.reason
    except (MemoryError, RecursionError):
        return "rejected", "reading_limit"
    except Exception as error:  # the parent tells a fault of ours from one of the mail's
        return "failed", f"{type(error).__name__}: {error}"


def _dealt_with(name: str, *values: Any) -> Any:
    match name:
        case "parse":
            return parse_mail(*values)
        case "check_signature":
            raw, domain = values
            return check_signatures(raw, domain, find_txt)
        case _:
            return read_reply(*values)


def _warm_up() -> None:
    """Have every pattern made before the first mail waits for it."""
    read_text("Hi Ben,\n\nlater\nOn Monday Ana wrote:\n> x", Asked((), (AskedMeeting(1, "x"),)))
    read_text("CO: Dana signs, next step is legal\n-- \nAna", Asked((), (AskedMeeting(1, "x"),)))
    several = (AskedMeeting(1, "x", ("x.example",)), AskedMeeting(2, "y", ("y.example",)))
    read_text("A: Dana signs, otherwise Joe\nfor y skip\nthe rest later", Asked((), several))


def _limit_memory() -> None:
    if not KNOWS_LIMITS:
        return
    import resource  # noqa: PLC0415

    in_use = _bytes_in_use()
    if in_use:
        limit = in_use + MORE_MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _bytes_in_use() -> int:
    """0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * PAGE_BYTES
    except (OSError, ValueError):
        return 0


def _allow_time() -> None:
    """So much more from here on."""
    if KNOWS_LIMITS:
        import resource  # noqa: PLC0415

        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + CPU_SECONDS, hard))


if __name__ == "__main__":
    main()

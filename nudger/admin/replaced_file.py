"""Replacing a file of an admin's: one at a time, all of it at once, and what stood there before is
kept beside it."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def fingerprint(content: bytes) -> str:
    """Tells whether a file was changed meanwhile."""
    return hashlib.sha256(content).hexdigest()


@contextmanager
def exclusively(file: Path) -> Iterator[None]:
    """Nobody else who asks for this changes the file meanwhile. Raises `OSError`."""
    folder = os.open(file.resolve().parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def replace(file: Path, text: str, judge: Callable[[Path], object] | None = None) -> None:
    """Put the text in place of the file, never half of it, with the rights that it had. `judge`
    sees the new one first, and what it raises leaves the old one there. Raises `OSError`."""
    real = file.resolve()
    fresh = real.with_name(f".{real.name}.new")
    try:
        if file.exists():
            fresh.touch(mode=0o600)
        fresh.write_bytes(text.encode())
        if judge is not None:
            judge(fresh)
        if file.exists():
            mode, backup = file.stat().st_mode & 0o777, backup_of(file)
            fresh.chmod(mode)
            backup.touch(mode=0o600)
            backup.write_bytes(file.read_bytes())
            backup.chmod(mode)
        fresh.replace(real)
    finally:
        with suppress(OSError):
            fresh.unlink()


def backup_of(file: Path) -> Path:
    """Where the file as it was before is kept."""
    return file.with_name(f"{file.name}.old")

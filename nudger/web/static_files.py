"""The files that pages load: compressed on the way, and at addresses that change with their
content, so that browsers keep them for good.

Pages are not compressed. They show words of strangers beside the tokens of their forms, and the
length of what is compressed tells, try by try, what is in it (BREACH, breachattack.com).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

STATIC = "/static"
_FOLDER = Path(__file__).parent / "static"


def static_files() -> ASGIApp:
    return GZipMiddleware(StaticFiles(directory=_FOLDER))


def static_address(file: str) -> str:
    """The address of a file of ours, which changes with its content."""
    return f"{STATIC}/{file}?{_versions()[file]}"


def is_for_good(path: str, query: str) -> bool:
    """Whether this address leads to the same content for ever: another version, as of a program
    that is just being replaced, must not be kept under it."""
    return _versions().get(path.removeprefix(f"{STATIC}/")) == query


@cache
def _versions() -> Mapping[str, str]:
    files = (one for one in _FOLDER.rglob("*") if one.is_file())
    return {
        one.relative_to(_FOLDER).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest()[:12]
        for one in files
    }

"""The files with secrets: who else can read them, and whether they are filled in at all."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_PLACEHOLDER = re.compile(
    r"\.\.\.|^your-|^0{8}-0{4}-0{4}-0{4}-0{12}$|^1234-abc\.|^0123456789abcdef$|^123456789012345678901$"
)


def readable_by_others(file: Path) -> bool:
    """Whether somebody but the owner may read the file; false where there are no such rights."""
    if os.name != "posix":
        return False
    try:
        return bool(file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
    except OSError:
        return False


def unedited(content: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The keys whose values are still those of credentials.example.json, as "section.key"."""
    for name, value in content.items():
        where = f"{path}{name}"
        if name.startswith("_"):
            continue
        if isinstance(value, Mapping):
            yield from unedited(value, f"{where}.")
        elif isinstance(value, str) and _PLACEHOLDER.search(value):
            yield where

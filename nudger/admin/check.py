"""One line of `nudger doctor`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, whether it works, and a line about it; it `warns` where it works and
    somebody should know something."""

    what: str
    ok: bool
    says: str
    warns: bool = False

"""Mutants that change nothing that anybody can see, with the reason.

Module, then function, before and after, as a report has them.
"""

from __future__ import annotations

EQUIVALENTS: dict[str, dict[tuple[str, str, str], str]] = {
    "nudger/domain/circuit.py": {
        ("_pause", "10", "11"): "a guard against huge numbers: the longest break is reached at 4",
    },
}

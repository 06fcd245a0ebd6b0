"""What a program that reads may be let see."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """What a token is for; it opens nothing else."""

    CALLS = "calls"
    """Customer calls with their answers and outcomes, as the export has them."""
    REPS = "reps"
    """Who is asked."""

"""Setting work aside that fails each time: what cannot be opened, and what ends the process.

A provider that does not answer, or a database that is locked, is no fault of the row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from nudger.store.leases import ABANDONED, Lease
from nudger.store.vault import SealBroken

Result = TypeVar("Result")

MAX_TRIES = 3


def cannot_be_opened(error: Exception) -> bool:
    return isinstance(error, (SealBroken, ValidationError))


@dataclass(frozen=True, slots=True)
class Tries:
    """A claimed row and how often it failed before; `lasts` tells the faults that do not pass."""

    lease: Lease
    before: int
    lasts: Callable[[Exception], bool] = cannot_be_opened


def unless_hopeless(
    tries: Tries, do: Callable[[], Result], set_aside: Callable[[str], Result]
) -> Result:
    """Do it; or set it aside, given why, at the third try that ends with a lasting fault, or after
    the third that ended the process."""
    if tries.lease.deaths >= MAX_TRIES:
        return set_aside(ABANDONED)
    try:
        return do()
    except Exception as error:
        if tries.before + 1 < MAX_TRIES or not tries.lasts(error):
            raise
        return set_aside(f"{type(error).__name__}: {error}"[:500])

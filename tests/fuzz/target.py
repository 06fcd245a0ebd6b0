"""What a fuzzed reader is: a function of bytes that raises for anything that must not happen."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from tests.fuzz.mutate import Mutator, mutate_bytes


class Broken(AssertionError):
    """What was read breaks a promise."""


def promise(kept: bool, said: str) -> None:
    if not kept:
        raise Broken(said)


def is_storable(text: str | None) -> bool:
    """Whether a text can be written to a database: no half of a surrogate pair, no zero byte."""
    try:
        (text or "").encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in (text or "")


@dataclass(frozen=True)
class Target:
    """`read` takes an input and says in a few words what came of it; an input with a new outcome
    is mutated further. It raises for a broken promise. `share` is its part of all runs."""

    name: str
    read: Callable[[bytes], Hashable]
    seeds: Callable[[], Sequence[bytes]]
    words: tuple[bytes, ...]
    share: int
    suffix: str
    mutate: Mutator = mutate_bytes

"""Long lists of ids in queries: databases limit how many parameters a statement may have."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeVar

T = TypeVar("T")

IDS_A_QUERY = 500


def chunks(ids: Collection[T]) -> Iterable[list[T]]:
    """The ids in lists that fit one statement."""
    listed = list(ids)
    return (listed[at : at + IDS_A_QUERY] for at in range(0, len(listed), IDS_A_QUERY))

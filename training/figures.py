"""How well kinds were judged, as figures that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import numpy as np

from training.sentences import Labelled

GROUPS: Mapping[str, Callable[[Labelled], str]] = {
    "author": lambda one: one.author,
    "language": lambda one: one.language,
    "industry": lambda one: one.industry,
    "kind": lambda one: one.kind.value,
}


def figures(
    sentences: Sequence[Labelled], judged: Sequence[StrEnum], first: StrEnum
) -> dict[str, Any]:
    """Percentages: `kind` is right, or at least whether it is the `first`; of all and by group,
    where a group has twenty sentences or more."""
    right = np.array([one.kind is kind for one, kind in zip(sentences, judged, strict=True)])
    same_side = np.array([
        (one.kind is first) == (kind is first)
        for one, kind in zip(sentences, judged, strict=True)
    ])  # fmt: skip

    def percentages(chosen: np.ndarray) -> dict[str, float]:
        return {
            first.value: round(100 * float(same_side[chosen].mean()), 1),
            "kind": round(100 * float(right[chosen].mean()), 1),
        }

    return {
        "sentences": len(sentences),
        **percentages(np.ones(len(sentences), dtype=bool)),
        "by": {
            name: {value: percentages(chosen) for value, chosen in _groups(sentences, of)}
            for name, of in GROUPS.items()
        },
    }


def _groups(
    sentences: Sequence[Labelled], of: Callable[[Labelled], str]
) -> list[tuple[str, np.ndarray]]:
    values = np.array([of(one) for one in sentences])
    chosen = [(value, values == value) for value in sorted(set(values))]
    return [(str(value), which) for value, which in chosen if which.sum() >= 20]


def taken_for_certain(
    sentences: Sequence[Labelled], probabilities: np.ndarray, kind: StrEnum, at: int, certain: float
) -> dict[str, float]:
    """What is taken for this kind, in column `at`, without a doubt: of those that are it, of the
    others, and how much of it is wrong."""
    taken = (probabilities.argmax(axis=1) == at) & (probabilities[:, at] >= certain)
    are_it = np.array([one.kind is kind for one in sentences])
    return {
        "certain_from": certain,
        "of_them": round(100 * float(taken[are_it].mean()), 1),
        "of_others": round(100 * float(taken[~are_it].mean()), 2),
        "wrong_of_taken": round(100 * float((~are_it)[taken].mean()), 2),
    }


def kinds_by(probabilities: np.ndarray, kinds: Sequence[StrEnum]) -> list[StrEnum]:
    return [kinds[at] for at in probabilities.argmax(axis=1)]

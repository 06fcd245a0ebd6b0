"""How well kinds were judged, as figures that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nudger.domain.coach.kinds import KINDS, Kind
from training.sentences import Labelled

GROUPS: Mapping[str, Callable[[Labelled], str]] = {
    "author": lambda one: one.author,
    "language": lambda one: one.language,
    "industry": lambda one: one.industry,
    "kind": lambda one: one.kind.value,
}


def figures(sentences: Sequence[Labelled], judged: Sequence[Kind]) -> dict[str, Any]:
    """Percentages: `kind` is right, or at least whether it is a `commitment`; of all and by group,
    where a group has twenty sentences or more."""
    right = np.array([one.kind is kind for one, kind in zip(sentences, judged, strict=True)])
    same_side = np.array([
        (one.kind is Kind.COMMITMENT) == (kind is Kind.COMMITMENT)
        for one, kind in zip(sentences, judged, strict=True)
    ])  # fmt: skip
    return {
        "sentences": len(sentences),
        **_percentages(right, same_side, np.ones(len(sentences), dtype=bool)),
        "by": {
            name: {
                value: _percentages(right, same_side, chosen)
                for value, chosen in _groups(sentences, of)
            }
            for name, of in GROUPS.items()
        },
    }


def _groups(
    sentences: Sequence[Labelled], of: Callable[[Labelled], str]
) -> list[tuple[str, np.ndarray]]:
    values = np.array([of(one) for one in sentences])
    chosen = [(value, values == value) for value in sorted(set(values))]
    return [(str(value), which) for value, which in chosen if which.sum() >= 20]


def _percentages(right: np.ndarray, same_side: np.ndarray, chosen: np.ndarray) -> dict[str, float]:
    return {
        "commitment": round(100 * float(same_side[chosen].mean()), 1),
        "kind": round(100 * float(right[chosen].mean()), 1),
    }


def publishing(
    sentences: Sequence[Labelled], probabilities: np.ndarray, certain: float
) -> dict[str, float]:
    """What the gate lets through: of the commitments, and of what is none."""
    published = (probabilities.argmax(axis=1) == 0) & (probabilities[:, 0] >= certain)
    commitments = np.array([one.kind is Kind.COMMITMENT for one in sentences])
    return {
        "certain_from": certain,
        "commitments_published": round(100 * float(published[commitments].mean()), 1),
        "others_published": round(100 * float(published[~commitments].mean()), 2),
        "wrong_of_published": round(100 * float((~commitments)[published].mean()), 2),
    }


def kinds_by(probabilities: np.ndarray) -> list[Kind]:
    return [KINDS[at] for at in probabilities.argmax(axis=1)]

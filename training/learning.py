"""Learning weights from labelled sentences, and how far to believe them.

A linear support vector machine for each kind against the others. What its margins are worth is
learned from sentences of authors that it has not seen: leaving out one after the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from nudger.domain.coach.features import BUCKETS, features
from nudger.domain.coach.judge import Model
from nudger.domain.coach.kinds import KINDS
from training.sentences import Labelled

PENALTY = 1.5
RAREST = 2
"""A feature that fewer sentences have says more of its sentence than of language."""
LARGEST = 127
FEWEST_WRONG = 0.02
"""Of what is called a commitment for certain, as much may be none."""

Matrix = Any


def matrix_of(texts: Sequence[str]) -> Matrix:
    """A row a sentence, a column a feature; each group of features has length one, as `Model`
    reads them."""
    data: list[float] = []
    columns: list[int] = []
    ends = [0]
    for text in texts:
        for group in features(text):
            columns += group
            data += [1 / math.sqrt(len(group))] * len(group)
        ends.append(len(columns))
    return csr_matrix((data, columns, ends), shape=(len(texts), BUCKETS))


def kinds_of(sentences: Sequence[Labelled]) -> np.ndarray:
    return np.array([KINDS.index(sentence.kind) for sentence in sentences])


def weights_for(rows: Matrix, kinds: np.ndarray) -> np.ndarray:
    """A row of weights a kind; no weight for what is rare."""
    common = np.asarray((rows > 0).sum(axis=0)).ravel() >= RAREST
    kept = np.flatnonzero(common)
    learner = LinearSVC(C=PENALTY, random_state=1, intercept_scaling=0.2)
    learner.fit(rows[:, kept], kinds)
    weights = np.zeros((len(KINDS), rows.shape[1]))
    weights[:, kept] = learner.coef_
    return weights


def unseen_margins(
    sentences: Sequence[Labelled],
    rows: Matrix,
    tell: Callable[[str], None],
    learn_weights: Callable[[Matrix, np.ndarray], np.ndarray] = weights_for,
) -> np.ndarray:
    """Each sentence's margins by weights that were learned without its author."""
    kinds, authors = kinds_of(sentences), np.array([one.author for one in sentences])
    margins = np.zeros((len(sentences), len(KINDS)))
    for author in sorted(set(authors)):
        others = authors != author
        weights = learn_weights(rows[others], kinds[others])
        margins[~others] = rows[~others] @ weights.T
        tell(author)
    return margins


def calibration_for(margins: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """A row a kind: a factor for each margin, then a constant; see `Model.calibration`."""
    fitted = LogisticRegression(C=10.0, max_iter=1000).fit(margins, kinds)
    return np.hstack([fitted.coef_, fitted.intercept_[:, None]])


def calibrated(margins: np.ndarray, calibration: np.ndarray) -> np.ndarray:
    """Probabilities, a column a kind."""
    scores = margins @ calibration[:, :-1].T + calibration[:, -1]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def certain_from(probabilities: np.ndarray, kinds: np.ndarray) -> float:
    """The probability from which on at most `FEWEST_WRONG` of what is called a commitment is
    none."""
    order = np.argsort(-probabilities[:, 0])
    wrong = np.cumsum(kinds[order] != 0) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(wrong <= FEWEST_WRONG)
    return round(float(probabilities[order[good[-1]], 0]), 3) if len(good) else 1.0


def learn(sentences: Sequence[Labelled], tell: Callable[[str], None]) -> tuple[Model, np.ndarray]:
    """The model, and the probabilities that it would have given to authors it had not seen."""
    rows, kinds = matrix_of([one.text for one in sentences]), kinds_of(sentences)
    margins = unseen_margins(sentences, rows, tell)
    calibration = calibration_for(margins, kinds)
    probabilities = calibrated(margins, calibration)
    certain = certain_from(probabilities, kinds)
    return _compact(weights_for(rows, kinds), calibration, certain), probabilities


def _compact(weights: np.ndarray, calibration: np.ndarray, certain: float) -> Model:
    scales = np.maximum(np.abs(weights).max(axis=1), 1e-9) / LARGEST
    cells = np.rint(weights / scales[:, None]).astype(np.int8)
    return Model(
        tuple(memoryview(row.tobytes()).cast("b") for row in cells),
        tuple(float(scale) for scale in scales),
        tuple(tuple(round(float(cell), 6) for cell in row) for row in calibration),
        certain,
    )

"""Learning weights from labelled sentences, and how far to believe them.

A linear support vector machine for each kind against the others. What its margins are worth is
learned from sentences of authors that it has not seen: leaving out one after the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from nudger.domain.coach.features import BUCKETS, features
from nudger.domain.coach.linear import LinearModel
from training.sentences import RAREST, Labelled

PENALTY = 1.5
LARGEST = 127

Matrix = Any
Trained = TypeVar("Trained", bound=LinearModel)


def matrix_of(texts: Sequence[str]) -> Matrix:
    """A row a sentence, a column a feature; each group of features has length one, as
    `LinearModel` reads them."""
    data: list[float] = []
    columns: list[int] = []
    ends = [0]
    for text in texts:
        for group in features(text):
            columns += group
            data += [1 / math.sqrt(len(group))] * len(group)
        ends.append(len(columns))
    return csr_matrix((data, columns, ends), shape=(len(texts), BUCKETS))


def kinds_of(sentences: Sequence[Labelled], kinds: Sequence[StrEnum]) -> np.ndarray:
    return np.array([kinds.index(sentence.kind) for sentence in sentences])


def weights_for(rows: Matrix, kinds: np.ndarray) -> np.ndarray:
    """A row of weights a kind; no weight for what is rare."""
    common = np.asarray((rows > 0).sum(axis=0)).ravel() >= RAREST
    kept = np.flatnonzero(common)
    learner = LinearSVC(C=PENALTY, random_state=1, intercept_scaling=0.2)
    learner.fit(rows[:, kept], kinds)
    weights = np.zeros((len(learner.classes_), rows.shape[1]))
    weights[:, kept] = learner.coef_
    return weights


def unseen_margins(
    groups: Sequence[str],
    rows: Matrix,
    kinds: np.ndarray,
    tell: Callable[[str], None],
    learn_weights: Callable[[Matrix, np.ndarray], np.ndarray] = weights_for,
) -> np.ndarray:
    """Each row's margins by weights that were learned without its group, such as its author's."""
    of_group = np.array(groups)
    margins = np.zeros((len(kinds), kinds.max() + 1))
    for group in sorted(set(groups)):
        others = of_group != group
        weights = learn_weights(rows[others], kinds[others])
        margins[~others] = rows[~others] @ weights.T
        tell(group)
    return margins


def calibration_for(margins: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """A row a kind: a factor for each margin, then a constant; see `LinearModel.calibration`."""
    fitted = LogisticRegression(C=10.0, max_iter=1000).fit(margins, kinds)
    return np.hstack([fitted.coef_, fitted.intercept_[:, None]])


def calibrated(margins: np.ndarray, calibration: np.ndarray) -> np.ndarray:
    """Probabilities, a column a kind."""
    scores = margins @ calibration[:, :-1].T + calibration[:, -1]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def certain_from(
    probabilities: np.ndarray, kinds: np.ndarray, kind: int, most_wrong: float
) -> float:
    """The probability from which on at most `most_wrong` of what is called this kind is another."""
    likely = probabilities[:, kind]
    order = np.argsort(-likely)
    wrong = np.cumsum(kinds[order] != kind) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(wrong <= most_wrong)
    return round(float(likely[order[good[-1]]]), 3) if len(good) else 1.0


def learn(
    sentences: Sequence[Labelled],
    kinds: Sequence[StrEnum],
    model: type[Trained],
    most_wrong: Mapping[StrEnum, float],
    group_of: Callable[[Labelled], str],
    tell: Callable[[str], None],
    calibrates: Callable[[Labelled], bool] = lambda _: True,
) -> tuple[Trained, np.ndarray]:
    """The model, and the probabilities that it would have given to groups that it had not seen.
    What its margins are worth is learned from the sentences that `calibrates` says: their kinds are
    to be as common as among those that are to be judged."""
    rows, labels = matrix_of([one.text for one in sentences]), kinds_of(sentences, kinds)
    margins = unseen_margins([group_of(one) for one in sentences], rows, labels, tell)
    common = np.array([calibrates(one) for one in sentences])
    calibration = calibration_for(margins[common], labels[common])
    probabilities = calibrated(margins, calibration)
    certain = tuple(
        certain_from(probabilities, labels, at, most_wrong[kind]) for at, kind in enumerate(kinds)
    )
    return _compact(model, weights_for(rows, labels), calibration, certain), probabilities


def _compact(
    model: type[Trained],
    weights: np.ndarray,
    calibration: np.ndarray,
    certain: tuple[float, ...],
) -> Trained:
    scales = np.maximum(np.abs(weights).max(axis=1), 1e-9) / LARGEST
    cells = np.rint(weights / scales[:, None]).astype(np.int8)
    return model(
        tuple(memoryview(row.tobytes()).cast("b") for row in cells),
        tuple(float(scale) for scale in scales),
        tuple(tuple(round(float(cell), 6) for cell in row) for row in calibration),
        certain,
    )

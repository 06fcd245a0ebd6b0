"""A linear model over `features`: how far a sentence lies on each kind's side, and how likely each
is.

Nothing is downloaded and no library is needed to run it; `training` makes such models.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from nudger.domain.coach.features import BUCKETS, features


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`weights` holds for each kind `BUCKETS` signed bytes, each to be multiplied by the kind's of
    `scales`. `calibration` has a row for each kind: a factor for each margin, then a constant.
    From its probability of `certain_from` on a kind is taken for certain."""

    weights: tuple[memoryview, ...]
    scales: tuple[float, ...]
    calibration: tuple[tuple[float, ...], ...]
    certain_from: tuple[float, ...]

    def probabilities(self, text: str) -> tuple[float, ...]:
        """Of each kind; they add up to 1. Never raises; takes about a millisecond for a long
        sentence."""
        return _softmax(self._calibrated(self.margins(text)))

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

    def packed(self) -> bytes:
        """The file of the model: a JSON line with all but the weights, then a signed byte for each
        feature, kind by kind; packed with gzip. The same model always gives the same bytes."""
        head = {
            "scales": self.scales,
            "calibration": self.calibration,
            "certain_from": self.certain_from,
        }
        body = b"".join(weights.tobytes() for weights in self.weights)
        return gzip.compress(json.dumps(head).encode() + b"\n" + body, 9, mtime=0)

    @classmethod
    def unpacked(cls, content: bytes, kinds: int) -> Self:
        """The model of such a file. Raises `ValueError` where it does not fit `features`."""
        head, _, body = gzip.decompress(content).partition(b"\n")
        if len(body) != kinds * BUCKETS:
            raise ValueError("these weights were trained for other features: run make coach")
        told = json.loads(head)
        cells = memoryview(body).cast("b")
        return cls(
            tuple(cells[at * BUCKETS : (at + 1) * BUCKETS] for at in range(kinds)),
            tuple(told["scales"]),
            tuple(tuple(row) for row in told["calibration"]),
            tuple(told["certain_from"]),
        )


def _softmax(scores: Sequence[float]) -> tuple[float, ...]:
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    return tuple(power / sum(powers) for power in powers)

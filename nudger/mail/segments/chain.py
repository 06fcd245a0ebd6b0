"""A linear-chain conditional random field: the likeliest sequence of tags for a sequence of tokens.

Source: Lafferty, McCallum, Pereira, "Conditional Random Fields" (ICML 2001). No library is needed
to run it; `training` makes the weights.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Self

HUNDREDTHS = 100
"""Weights are kept as whole hundredths."""


@dataclass(frozen=True, slots=True)
class ChainModel:
    """`states` has for each feature its weights, each behind the position of its tag in `tags`;
    `moves[a][b]` is what speaks for tag b behind tag a."""

    tags: tuple[str, ...]
    states: Mapping[str, tuple[int, ...]]
    moves: tuple[tuple[float, ...], ...]

    def likeliest(self, features: Sequence[Sequence[str]]) -> tuple[list[str], list[float]]:
        """The tag of each token in the likeliest sequence, and how likely it has that tag whatever
        the others have. Linear in the number of tokens."""
        if not features:
            return [], []
        scores = self.scores(features)
        path = self.best_path(scores)
        return [self.tags[at] for at in path], self._likelihoods(scores, path)

    def scores(self, features: Sequence[Sequence[str]]) -> list[list[float]]:
        """For each token what speaks for each tag by itself."""
        rows = []
        for names in features:
            row = [0] * len(self.tags)
            for name in names:
                weights = iter(self.states.get(name, ()))
                for at, weight in zip(weights, weights, strict=True):
                    row[at] += weight
            rows.append([weight / HUNDREDTHS for weight in row])
        return rows

    def best_path(self, scores: Sequence[Sequence[float]]) -> list[int]:
        """The likeliest sequence (Viterbi), as positions in `tags`."""
        into = tuple(zip(*self.moves, strict=True))
        best = list(scores[0])
        behind: list[list[int]] = []
        for row in scores[1:]:
            reached = [[a + b for a, b in zip(best, moves, strict=True)] for moves in into]
            highest = [max(each) for each in reached]
            behind.append([each.index(top) for each, top in zip(reached, highest, strict=True)])
            best = [top + score for top, score in zip(highest, row, strict=True)]
        path = [best.index(max(best))]
        for came_from in reversed(behind):
            path.append(came_from[path[-1]])
        return path[::-1]

    def _likelihoods(self, scores: Sequence[Sequence[float]], path: Sequence[int]) -> list[float]:
        """Of each tag on the path, by the forward-backward algorithm."""
        moves = [[math.exp(weight) for weight in row] for row in self.moves]
        into = tuple(zip(*moves, strict=True))
        powers = [_powers(row) for row in scores]
        ahead = [_to_one(powers[0])]
        for row in powers[1:]:
            came = [sum(map(mul, ahead[-1], each)) for each in into]
            ahead.append(_to_one(list(map(mul, row, came))))
        back = [1.0] * len(self.tags)
        found = []
        for row, before, tag in zip(reversed(powers), reversed(ahead), reversed(path), strict=True):
            found.append(_to_one(list(map(mul, before, back)))[tag])
            follows = list(map(mul, row, back))
            back = _to_one([sum(map(mul, each, follows)) for each in moves])
        return found[::-1]

    def packed(self) -> bytes:
        """The model as a file: JSON, packed with gzip. The same model always gives the same
        bytes."""
        told = {
            "tags": self.tags,
            "moves": [[round(weight * HUNDREDTHS) for weight in row] for row in self.moves],
            "states": dict(sorted(self.states.items())),
        }
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return gzip.compress(text.encode(), 9, mtime=0)

    @classmethod
    def unpacked(cls, content: bytes) -> Self:
        told = json.loads(gzip.decompress(content))
        moves = (tuple(weight / HUNDREDTHS for weight in row) for row in told["moves"])
        states = {name: tuple(weights) for name, weights in told["states"].items()}
        return cls(tuple(told["tags"]), states, tuple(moves))


def _powers(row: Sequence[float]) -> list[float]:
    highest = max(row)
    return [math.exp(score - highest) for score in row]


def _to_one(row: list[float]) -> list[float]:
    """The same in proportion, adding up to 1."""
    total = sum(row) or 1.0
    return [cell / total for cell in row]

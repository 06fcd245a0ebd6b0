"""Learning from labelled replies where each part of one begins and ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pycrfsuite

from nudger.mail.segments.chain import HUNDREDTHS, ChainModel
from training.replies import Example, LabelledReply, readings

FOLDS = 5
SETTINGS = {
    "c1": 0.15,
    "c2": 0.1,
    "max_iterations": 150,
    "feature.possible_transitions": True,
}
"""Of crfsuite: what weighs against weights, most rounds, and moves that no reply shows."""


def learn(examples: Sequence[Example]) -> ChainModel:
    """The same examples always give the same model."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for one in examples:
        if one.tokens:
            trainer.append(one.features, one.tags)
    trainer.set_params(SETTINGS)
    with TemporaryDirectory() as folder:
        file = str(Path(folder) / "model")
        trainer.train(file)
        tagger = pycrfsuite.Tagger()
        tagger.open(file)
        return _model(tagger.info())


def _model(told: Any) -> ChainModel:
    tags = tuple(sorted(told.labels, key=lambda tag: int(told.labels[tag])))
    states: dict[str, list[int]] = {}
    for (name, tag), weight in told.state_features.items():
        if round(weight * HUNDREDTHS):
            states.setdefault(name, []).extend((tags.index(tag), round(weight * HUNDREDTHS)))
    moves = tuple(tuple(round(told.transitions.get((a, b), 0.0), 2) for b in tags) for a in tags)
    return ChainModel(tags, {name: tuple(weights) for name, weights in states.items()}, moves)


def how_well(
    replies: Sequence[LabelledReply], examples: Sequence[Example], tell: Callable[[str], None]
) -> dict[str, Any]:
    """How many replies are read as by their labels, a fifth of the authors left out in turn."""
    authors = sorted({reply.author for reply in replies})
    pairs = list(zip(replies, examples, strict=True))
    found: Counter[tuple[str, bool]] = Counter()
    for fold in range(FOLDS):
        left_out = set(authors[fold::FOLDS])
        model = learn([example for reply, example in pairs if reply.author not in left_out])
        found += _outcomes(model, [pair for pair in pairs if pair[0].author in left_out])
        tell(", ".join(sorted(left_out)))
    return _shares(found)


def how_well_on(
    model: ChainModel, replies: Sequence[LabelledReply], examples: Sequence[Example]
) -> dict[str, Any]:
    """The same of replies that the model has not learned from."""
    return _shares(_outcomes(model, list(zip(replies, examples, strict=True))))


def _outcomes(
    model: ChainModel, pairs: Sequence[tuple[LabelledReply, Example]]
) -> Counter[tuple[str, bool]]:
    """How many replies of each kind are read right, and how many are not."""
    found: Counter[tuple[str, bool]] = Counter()
    for reply, example in pairs:
        if example.tokens:
            kind = "several" if len(reply.asked.meetings) > 1 else "one call"
            tags, _ = model.likeliest(example.features)
            found[kind, readings(example, tags) == readings(example, example.tags)] += 1
    return found


def _shares(found: Counter[tuple[str, bool]]) -> dict[str, Any]:
    counts = {kind: found[kind, True] + found[kind, False] for kind in ("one call", "several")}
    return {
        kind: {"right": found[kind, True] / max(count, 1), "replies": count}
        for kind, count in counts.items()
    }

"""`make coach`: train the coach's judge from data/coach, and say how well it does.

The figures are of authors that the model had not seen: each was left out in turn, and those in
data/coach/held-out were never learned from.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

import nudger.domain
from nudger.domain.coach.judge import WEIGHTS, Model, packed
from training import comparison
from training.figures import figures, kinds_by, publishing
from training.learning import learn
from training.sentences import Labelled, held_out_sentences, training_sentences

DESTINATION = Path(nudger.domain.__file__).parent / "data" / "coach" / WEIGHTS


def main() -> None:
    parser = argparse.ArgumentParser(prog="make coach", description=__doc__)
    parser.add_argument("--compare", action="store_true", help="rules, linear, embedding: compare")
    parser.add_argument("--dry-run", action="store_true", help="leave the shipped weights alone")
    arguments = parser.parse_args()
    sentences = training_sentences()
    if arguments.compare:
        _print(comparison.compare([*sentences, *held_out_sentences()], _tell))
        return
    model, probabilities = learn(sentences, _tell)
    if not arguments.dry_run:
        DESTINATION.write_bytes(packed(model))
    _print({
        "left_out_in_turn": figures(sentences, kinds_by(probabilities)),
        "publishing": publishing(sentences, probabilities, model.certain_from),
        "held_out": _on_held_out(model, held_out_sentences()),
        "bytes": len(packed(model)),
    })  # fmt: skip


def _on_held_out(model: Model, sentences: list[Labelled]) -> dict[str, Any]:
    if not sentences:
        return {}
    judged = np.array([model.judge(one.text).probabilities for one in sentences])
    told = figures(sentences, kinds_by(judged))
    return told | {"publishing": publishing(sentences, judged, model.certain_from)}


def _tell(author: str) -> None:
    sys.stderr.write(f"without {author}\n")


def _print(told: object) -> None:
    sys.stdout.write(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

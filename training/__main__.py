"""`make coach`: train the coach's judge of sentences from data/coach, the judge of replies' clauses
from data/clauses and the tagger of their parts from data/segments, and say how well they do.

The figures are of what the models had not seen: each author of sentences, each fifth of the clauses
and each fifth of the replies' authors was left out in turn, and the authors in the folders held-out
were never learned from.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

import nudger.domain
from nudger.domain import clauses
from nudger.domain.clauses import CLAUSE_KINDS, ClauseKind, ClauseModel
from nudger.domain.coach import judge
from nudger.domain.coach.judge import Model
from nudger.domain.coach.kinds import KINDS, Kind
from nudger.domain.coach.linear import LinearModel
from nudger.mail.segments import tagger
from training import comparison, segments
from training.clauses import (
    fifth_of,
    held_out_clauses,
    is_representative,
    training_clauses,
    words_learned,
)
from training.figures import figures, kinds_by, taken_for_certain
from training.learning import learn
from training.replies import example_of, held_out_replies, plain_replies, training_replies
from training.sentences import Labelled, author_of, held_out_sentences, training_sentences

DATA = Path(nudger.domain.__file__).parent / "data"
MOST_WRONG_SENTENCES = dict.fromkeys(KINDS, 0.02)
"""Of what is called a commitment for certain, as much may be none."""
MOST_WRONG_CLAUSES = dict.fromkeys(CLAUSE_KINDS, 0.005)
"""For the figures alone: from which likelihood on something is done is said in nudger.mail.talk."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="make coach", description=__doc__)
    parser.add_argument("--compare", action="store_true", help="rules, linear, embedding: compare")
    parser.add_argument("--parts", action="store_true", help="the tagger of parts alone")
    parser.add_argument("--dry-run", action="store_true", help="leave the shipped weights alone")
    arguments = parser.parse_args()
    if arguments.compare:
        _print(comparison.compare([*training_sentences(), *held_out_sentences()], _tell))
        return
    judged = {} if arguments.parts else _judges(is_kept=not arguments.dry_run)
    _print(judged | {"parts": _tagger(is_kept=not arguments.dry_run)})


def _judges(*, is_kept: bool) -> dict[str, Any]:
    """Train the judges of sentences and of clauses; what they are like."""
    of_sentences = learn(training_sentences(), KINDS, Model, MOST_WRONG_SENTENCES, author_of, _tell)
    of_clauses = learn(
        training_clauses(), CLAUSE_KINDS, ClauseModel, MOST_WRONG_CLAUSES, fifth_of, _tell,
        calibrates=is_representative,
    )  # fmt: skip
    if is_kept:
        (DATA / "coach" / judge.WEIGHTS).write_bytes(of_sentences[0].packed())
        (DATA / "clauses" / clauses.WEIGHTS).write_bytes(of_clauses[0].packed())
        (DATA / "clauses" / clauses.WORDS).write_bytes(words_learned(training_clauses()))
        clauses.clause_model.cache_clear()
        clauses.likelihood.cache_clear()
    return {
        "sentences": _how_well(*of_sentences, training_sentences(), held_out_sentences(), KINDS),
        "clauses": _how_well(*of_clauses, training_clauses(), held_out_clauses(), CLAUSE_KINDS),
    }


def _tagger(*, is_kept: bool) -> dict[str, Any]:
    """Train the tagger of replies' parts, which hears the judge of clauses; what it is like."""
    replies = [*training_replies(), *plain_replies()]
    examples = [example_of(reply) for reply in replies]
    model = segments.learn(examples)
    packed = model.packed()
    if is_kept:
        Path(str(files("nudger.mail.segments") / tagger.WEIGHTS)).write_bytes(packed)
    held_out = held_out_replies()
    told = segments.how_well_on(model, held_out, [example_of(reply) for reply in held_out])
    left_out = segments.how_well(replies, examples, _tell)
    return {"left_out": left_out, "held_out": told, "bytes": len(packed)}


def _how_well(
    model: LinearModel,
    probabilities: np.ndarray,
    learned: list[Labelled],
    held_out: list[Labelled],
    kinds: tuple[Kind, ...] | tuple[ClauseKind, ...],
) -> dict[str, Any]:
    judged = np.array([model.probabilities(one.text) for one in held_out])
    return {
        "left_out_in_turn": _told(model, learned, probabilities, kinds),
        "held_out": _told(model, held_out, judged, kinds),
        "bytes": len(model.packed()),
    }


def _told(
    model: LinearModel,
    sentences: list[Labelled],
    probabilities: np.ndarray,
    kinds: tuple[Kind, ...] | tuple[ClauseKind, ...],
) -> dict[str, Any]:
    certain = {
        kind.value: taken_for_certain(sentences, probabilities, kind, at, model.certain_from[at])
        for at, kind in enumerate(kinds)
        if any(one.kind is kind for one in sentences)
    }
    return figures(sentences, kinds_by(probabilities, kinds), kinds[0]) | {"certain": certain}


def _tell(author: str) -> None:
    sys.stderr.write(f"without {author}\n")


def _print(told: object) -> None:
    sys.stdout.write(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

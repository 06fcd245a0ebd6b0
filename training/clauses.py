"""The labelled clauses in data/clauses, and those of the plan from the coach's sentences."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

from nudger.domain.clauses import ClauseKind
from nudger.domain.coach.features import words_of
from nudger.domain.coach.kinds import Kind
from nudger.domain.sentences import ANY_CLAUSE_END, clauses_of
from training import sentences
from training.sentences import RAREST, Labelled, read_labelled

FOLDER = Path(__file__).parent.parent / "data" / "clauses"


def training_clauses() -> list[Labelled]:
    """What the judge of clauses may learn from, in a fixed order: remarks and asides, and of what
    the coach learns from all that is an answer, whole and in its clauses."""
    plans = (_plans(one) for one in sentences.training_sentences() if one.kind is not Kind.UNCLEAR)
    return [*read_labelled(FOLDER, ClauseKind), *(clause for some in plans for clause in some)]


def words_learned(clauses: list[Labelled]) -> bytes:
    """The words that several clauses have, as `clauses.WORDS` holds them."""
    counted = Counter(word for clause in clauses for word in set(words_of(clause.text)))
    words = sorted(word for word, count in counted.items() if count >= RAREST)
    return gzip.compress("\n".join(words).encode(), 9, mtime=0)


def fifth_of(clause: Labelled) -> str:
    """A fifth of all clauses: leaving out an author would leave out a language or all commands."""
    return f"fifth {crc32(clause.text.encode()) % 5 + 1}"


def is_representative(clause: Labelled) -> bool:
    """Whether its author wrote all that stands in replies. Those of the files beside-NN wrote only
    what is hard to tell from a plan; by theirs the wishes and commands would seem rarer than they
    are."""
    return not clause.author.startswith("beside")


def held_out_clauses() -> list[Labelled]:
    """Clauses of an author from whom nothing was learned."""
    return list(read_labelled(FOLDER / sentences.HELD_OUT, ClauseKind))


def _plans(sentence: Labelled) -> Iterator[Labelled]:
    parts = clauses_of(sentence.text, ANY_CLAUSE_END)
    is_joint = sentence.kind is Kind.COMMITMENT and len(parts) > 1
    for text in (sentence.text, *(parts if is_joint else ())):
        yield Labelled(text, ClauseKind.PLAN, sentence.language, sentence.industry, sentence.author)

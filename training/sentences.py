"""The labelled sentences in data/coach: a file an author."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nudger.domain.coach.kinds import Kind

FOLDER = Path(__file__).parent.parent / "data" / "coach"
HELD_OUT = "held-out"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence as a rep types it, with the kind that two readers gave it."""

    text: str
    kind: Kind
    language: str
    industry: str
    author: str


def training_sentences(folder: Path = FOLDER) -> list[Labelled]:
    """What the judge may learn from, in a fixed order."""
    return list(_read(folder))


def held_out_sentences(folder: Path = FOLDER) -> list[Labelled]:
    """The sentences of authors from whom nothing was learned."""
    return list(_read(folder / HELD_OUT))


def _read(folder: Path) -> Iterator[Labelled]:
    """Raises `ValueError` with file and line where a line is no labelled sentence."""
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                told = json.loads(line)
                yield Labelled(
                    told["text"], Kind(told["kind"]), told["language"], told["industry"], file.stem
                )
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{file.name}, line {number}: {error}") from error

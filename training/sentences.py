"""The labelled sentences in data/coach: a file an author."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nudger.domain.coach.kinds import Kind

FOLDER = Path(__file__).parent.parent / "data" / "coach"
HELD_OUT = "held-out"
RAREST = 2
"""What fewer sentences have says more of its sentence than of language."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence as a rep types it, with the kind that two readers gave it."""

    text: str
    kind: StrEnum
    language: str
    industry: str
    author: str


def author_of(sentence: Labelled) -> str:
    return sentence.author


def training_sentences(folder: Path = FOLDER) -> list[Labelled]:
    """What the judge may learn from, in a fixed order."""
    return list(read_labelled(folder, Kind))


def held_out_sentences(folder: Path = FOLDER) -> list[Labelled]:
    """The sentences of authors from whom nothing was learned."""
    return list(read_labelled(folder / HELD_OUT, Kind))


def read_labelled(folder: Path, kinds: type[StrEnum]) -> Iterator[Labelled]:
    """The sentences in each file of a folder, whose names are their authors'.

    Raises `ValueError` with file and line where a line is no labelled sentence.
    """
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                told = json.loads(line)
                industry = told.get("industry", "")
                yield Labelled(
                    told["text"], kinds(told["kind"]), told["language"], industry, file.stem
                )
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{file.name}, line {number}: {error}") from error

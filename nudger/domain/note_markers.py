"""The lines that our note stands between, in each language, and how they are found again.

A note must be found for as long as the meeting exists, whatever became of the rep's language, the
catalogues or this program since it was written. So markers are no messages of a catalogue: each
pair that was ever written is in this table, each is looked for in every description, and no row is
ever changed or taken out. They are plain ASCII, since providers spell other letters as they like,
and short enough for one line of a phone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

LONGEST_MARKER = 32
_GAP = r"(?:[\s\u00a0]|&nbsp;|&#160;|<[^<>]{0,300}>){1,40}"
_EDGE = r"(?<!=)={2,}+"
_BETWEEN_WORDS = re.compile(_GAP)


@dataclass(frozen=True, slots=True)
class Markers:
    """The line above a note and the one below it."""

    start: str
    end: str


ENGLISH = Markers("=== Note (Nudger) ===", "=== End of note (Nudger) ===")
MARKERS = {
    "en": ENGLISH,
    "de": Markers("=== Notiz (Nudger) ===", "=== Ende der Notiz (Nudger) ==="),
    "es": Markers("=== Nota (Nudger) ===", "=== Fin de la nota (Nudger) ==="),
    "fr": Markers("=== Note (Nudger) ===", "=== Fin de la note (Nudger) ==="),
    "it": Markers("=== Nota (Nudger) ===", "=== Fine della nota (Nudger) ==="),
    "nl": Markers("=== Notitie (Nudger) ===", "=== Einde notitie (Nudger) ==="),
    "pt": Markers("=== Nota (Nudger) ===", "=== Fim da nota (Nudger) ==="),
}
"""What a note is written with now, by the language of its words."""

FORMER = (Markers("=== Commitment Objective (Nudger) ===", "=== End of note (Nudger) ==="),)
"""What notes were written with before, in any language."""


def markers_of(language: str) -> Markers:
    """English ones for a language that an admin added."""
    return MARKERS.get(language, ENGLISH)


class Side(Enum):
    START = "start"
    END = "end"


def _words(marker: str) -> str:
    """A marker's words as they are compared: in lower case, one blank between them."""
    return marker.strip("= ").lower()


KNOWN = (*MARKERS.values(), *FORMER)
_PAIRS = frozenset((_words(pair.start), _words(pair.end)) for pair in KNOWN)


def _pattern_of_markers(markers: set[str]) -> re.Pattern[str]:
    """Any of the markers, whatever white space, entities or simple tags stand between its words."""
    found = sorted({_GAP.join(map(re.escape, words.split())) for words in map(_words, markers)})
    return re.compile(f"{_EDGE}{_GAP}(?P<words>{'|'.join(found)}){_GAP}{_EDGE}", re.IGNORECASE)


PATTERNS = {
    Side.START: _pattern_of_markers({pair.start for pair in KNOWN}),
    Side.END: _pattern_of_markers({pair.end for pair in KNOWN}),
}


def belong_together(start: re.Match[str], end: re.Match[str]) -> bool:
    """Whether these two that were found were ever written around one note."""
    return (_found_words(start), _found_words(end)) in _PAIRS


def _found_words(found: re.Match[str]) -> str:
    return _BETWEEN_WORDS.sub(" ", found["words"]).lower()

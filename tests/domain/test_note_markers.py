"""The markers of every language: known for ever, short, and spelt alike by every provider."""

from __future__ import annotations

from itertools import chain

import pytest

from nudger.domain.event import TextFormat
from nudger.domain.note import find, render
from nudger.domain.note_markers import ENGLISH, KNOWN, LONGEST_MARKER, MARKERS, Markers, markers_of
from nudger.mail.templates import languages_of

EVER_WRITTEN = {
    ("=== Commitment Objective (Nudger) ===", "=== End of note (Nudger) ==="),
    ("=== Note (Nudger) ===", "=== End of note (Nudger) ==="),
    ("=== Notiz (Nudger) ===", "=== Ende der Notiz (Nudger) ==="),
    ("=== Nota (Nudger) ===", "=== Fin de la nota (Nudger) ==="),
    ("=== Note (Nudger) ===", "=== Fin de la note (Nudger) ==="),
    ("=== Nota (Nudger) ===", "=== Fine della nota (Nudger) ==="),
    ("=== Notitie (Nudger) ===", "=== Einde notitie (Nudger) ==="),
    ("=== Nota (Nudger) ===", "=== Fim da nota (Nudger) ==="),
}
"""Notes with these stand in calendars: a row may be added here, none may go."""


def test_every_pair_that_was_ever_written_is_known():
    assert {(pair.start, pair.end) for pair in KNOWN} == EVER_WRITTEN


def test_every_catalogue_has_its_markers():
    assert set(MARKERS) == set(languages_of(None))


@pytest.mark.parametrize("line", sorted({*chain(*((p.start, p.end) for p in MARKERS.values()))}))
def test_a_marker_is_plain_and_fits_a_phone(line):
    assert line.isascii()
    assert len(line) <= LONGEST_MARKER
    assert not set(line) & set("<>&\"'")
    assert line.startswith("=== ")
    assert line.endswith(" (Nudger) ===")


@pytest.mark.parametrize(("language", "markers"), [("de", MARKERS["de"]), ("sv", ENGLISH)])
def test_an_added_language_has_english_markers(language, markers):
    assert markers_of(language) == markers


@pytest.mark.parametrize(
    "spelt",
    [
        "== Notiz (Nudger) ==\nx\n== Ende der Notiz (Nudger) ==",
        "=== NOTIZ (NUDGER) ===\nx\n=== ende der notiz (nudger) ===",
        "===&nbsp;Notiz <b>(Nudger)</b> ===<br>x<br>=== Ende&#160;der\u00a0Notiz\n(Nudger) ===",
    ],
)
def test_a_marker_is_known_however_a_provider_spells_it(spelt):
    assert find(spelt, TextFormat.HTML) == ("x",)


def test_two_notes_that_share_a_line_are_told_by_the_other():
    spanish, italian = MARKERS["es"], MARKERS["it"]
    assert spanish.start == italian.start
    mixed = Markers(spanish.start, MARKERS["fr"].end)
    assert find(render(("x",), TextFormat.PLAIN, spanish), TextFormat.PLAIN) == ("x",)
    assert find(render(("x",), TextFormat.PLAIN, mixed), TextFormat.PLAIN) is None

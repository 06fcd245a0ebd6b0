"""Small calendars in the dialects of those who export, and the moments at which their events begin.

`dialects/expected.csv` has for each file the starts in UTC, by the zone that its writer meant, and
words of the note that says what was assumed; without such words nothing may have been assumed.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nudger.ics.load import read_files
from nudger.ics.occurrences import occurrences

DIALECTS = Path(__file__).parent / "dialects"
WINDOW = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC))


def expected():
    with (DIALECTS / "expected.csv").open(encoding="utf-8", newline="") as text:
        return [pytest.param(row, id=row["file"]) for row in csv.DictReader(text)]


@pytest.mark.parametrize("row", expected())
def test_events_begin_when_their_writer_meant(row):
    exported = read_files([DIALECTS / f"{row['file']}.ics"])
    found = occurrences(exported, "ana@ourco.example", WINDOW, "Europe/Berlin")
    starts = sorted(f"{one.start.astimezone(UTC):%Y-%m-%dT%H:%MZ}" for one in found.events)
    notes = [*found.assumptions("Europe/Berlin"), *found.problems]
    assert starts == row["starts"].split()
    assert bool(notes) is bool(row["note"]), notes
    assert row["note"] in " ".join(notes)


def test_every_file_is_expected():
    assert {path.stem for path in DIALECTS.glob("*.ics")} == {row.id for row in expected()}
    assert len(expected()) >= 120

"""Whole exported calendars, each event with the verdict that a sales manager gave.

Each set under `labelled/` holds files in the dialects of the programs that export them (or a folder
of saved invitations), `options.csv` how each is tried, `verdicts.csv` every event in them with what
should come of it and why. All but the first were written before the program was tried on them. At
first sight it gave the right verdict for 77.9 % of the second's events (many of which are there to
be hard), and, mended after those, for 112 of the third's 113 and all 46 of the fourth's. Thirteen
verdicts were given anew when it was settled that neither a bundled title word nor a long day hides
a listed customer.
"""

from __future__ import annotations

import csv
import json
import logging
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nudger.cli import app

LABELLED = Path(__file__).parent / "labelled"
LEAST_RIGHT = 0.99


def rows(labelled, name):
    with (labelled / name).open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def one_line(calendar, event):
    start = datetime.fromisoformat(event["start"]).astimezone(UTC)
    return (
        f"{calendar}: {start:%d %b %H:%M} {event['title']!r} {event['verdict']} {event['reason']}"
    )


def judged(labelled, calendar, options):
    place = labelled / calendar
    file = place if place.is_dir() else labelled / f"{calendar}.ics"
    result = CliRunner().invoke(app, ["try", str(file), *options.split(), "--json"])
    assert result.exit_code == 0, result.output
    return [one_line(calendar, event) for event in json.loads(result.stdout)]


@pytest.mark.parametrize("name", ["first", "second", "third", "fourth"])
def test_the_verdicts_are_those_of_a_person(name, caplog):
    caplog.set_level(logging.INFO)
    labelled = LABELLED / name
    expected = Counter(one_line(row["calendar"], row) for row in rows(labelled, "verdicts.csv"))
    given = Counter(
        line
        for row in rows(labelled, "options.csv")
        for line in judged(labelled, row["calendar"], row["options"])
    )
    right, total = (expected & given).total(), max(expected.total(), given.total())
    missed = [f"- {line}" for line in sorted((expected - given).elements())]
    wrong = [f"+ {line}" for line in sorted((given - expected).elements())]
    report = "\n".join([f"{name}: {right} of {total} right ({right / total:.1%})", *missed, *wrong])
    logging.getLogger(__name__).info(report)
    assert right >= LEAST_RIGHT * total, report

"""What commands print for spreadsheets."""

from __future__ import annotations

import csv
import io

import pytest

from nudger.cli.console import print_csv


@pytest.mark.parametrize(
    "title", ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx", " =x", "＝x"], ids=repr
)
def test_no_cell_is_taken_for_a_formula(title, capsys):
    print_csv(("title", "count"), [(title, -3)])
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows == [["title", "count"], [f"'{title}", "-3"]]


def test_other_cells_stay_as_they_are(capsys):
    print_csv(("title",), [("ACME: pilot, part 2",)])
    assert capsys.readouterr().out == 'title\n"ACME: pilot, part 2"\n'

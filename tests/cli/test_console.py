"""What commands print for people and for spreadsheets."""

from __future__ import annotations

import csv
import io

import pytest

from nudger.cli.console import print_csv, print_table


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


def test_a_table_is_as_wide_as_the_terminal_is_by_then(monkeypatch, capsys):
    title = "A title that is not short " * 2
    lines = {}
    for columns in ("40", "120"):
        monkeypatch.setenv("COLUMNS", columns)
        print_table(("rep", "title"), [("ana@ourco.example", title.strip())], "nothing")
        lines[columns] = capsys.readouterr().out.splitlines()[1:]
    assert len(lines["120"]) == 1
    assert len(lines["40"]) > 1
    assert all(len(line.rstrip()) <= 40 for line in lines["40"])

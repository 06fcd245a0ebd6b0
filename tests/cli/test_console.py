"""What commands print for people and for spreadsheets."""

from __future__ import annotations

import csv
import io

import pytest
import typer

from nudger.cli.console import fail, once_each, print_csv, print_table


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


HEAD = ("REP", "TITLE", "C.O.")
ROW = ("ana@ourco.example", "A title " * 5, "Dana agrees [b]to a pilot[/b] " * 5)


def printed(capsys, monkeypatch, columns, rows=(ROW,), head=HEAD):
    if columns is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", columns)
    print_table(head, rows, "nothing")
    return capsys.readouterr().out.splitlines()


def test_a_wide_table_becomes_blocks_on_a_narrow_terminal(monkeypatch, capsys):
    lines = printed(capsys, monkeypatch, "80", [ROW, ("ben@ourco.example", "", "x")])
    assert lines[0].rstrip() == "ana@ourco.example"
    assert lines[1].split() == ["TITLE", *["A", "title"] * 5]
    assert lines[2].startswith("  C.O.    Dana agrees [b]to a pilot[/b]")
    assert max(map(len, lines)) <= 80
    assert [line.rstrip() for line in lines[-3:]] == ["", "ben@ourco.example", "  C.O.    x"]


@pytest.mark.parametrize("columns", ["100", "160"])
def test_it_stays_a_table_where_there_is_room(monkeypatch, capsys, columns):
    assert printed(capsys, monkeypatch, columns)[0].split() == list(HEAD)


def test_what_would_be_squeezed_too_much_becomes_blocks_on_any_terminal(monkeypatch, capsys):
    row = ("ana@ourco.example", *("word " * 10,) * 6)
    head = tuple("ABCDEFG")
    assert printed(capsys, monkeypatch, "140", [row], head)[0].rstrip() == row[0]
    assert printed(capsys, monkeypatch, "200", [row], head)[0].split() == list(head)


def test_a_table_that_fits_stays_one(monkeypatch, capsys):
    lines = printed(capsys, monkeypatch, "80", [("a", "b", "c")])
    assert [line.split() for line in lines] == [list(HEAD), ["a", "b", "c"]]


def test_the_last_column_alone_may_be_broken(monkeypatch, capsys):
    lines = printed(capsys, monkeypatch, "80", [("a", "b", "word " * 30)])
    assert lines[0].split() == list(HEAD)
    assert len(lines) > 2


def test_in_a_pipe_each_row_is_a_line(monkeypatch, capsys):
    lines = printed(capsys, monkeypatch, None, [ROW, ROW])
    assert len(lines) == 3
    assert ROW[2].strip() in lines[1]


def test_an_error_is_told_once(capsys):
    with pytest.raises(typer.Exit) as ended:
        fail("a: refused\nb: other\na: refused")
    assert ended.value.exit_code == 1
    assert capsys.readouterr().err == "error: a: refused\nerror: b: other\n"
    assert once_each([("a", "x"), ("b", "y"), ("c", "x")]) == [("x", "a, c"), ("y", "b")]

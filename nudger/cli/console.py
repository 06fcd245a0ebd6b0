"""How commands speak: tables and lines for people, JSON for scripts, one line for a problem."""

from __future__ import annotations

import csv
import json
import os
import sys
import textwrap
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, track
from rich.table import Table
from rich.text import Text

from nudger.cli.exits import Exit

T = TypeVar("T")
LONGEST_WHOLE = 32
WIDE = 110
NARROW = 100
"""Columns of a terminal below which a table that does not fit is shown record by record."""
LEFT_FOR_LAST = 30
"""Columns in which the words of a table's last column can be read."""
MOST_SQUEEZED = 2
"""How many times wider than its terminal a table may be to be broken into it."""
GAP = 2
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def fail(message: str) -> NoReturn:
    """Say what went wrong, each line once, and end with `Exit.FAILED`."""
    _say_errors(message)
    raise typer.Exit(Exit.FAILED)


def refuse(message: str) -> NoReturn:
    """Say what is wrong with what was typed, and end with `Exit.USAGE`."""
    _say_errors(message)
    raise typer.Exit(Exit.USAGE)


def _say_errors(message: str) -> None:
    for line in dict.fromkeys(message.splitlines()):
        aside(f"[red]error:[/] {escape(line)}")


def once_each(failures: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of what failed and why, as pairs of each why and all that failed for it."""
    found: dict[str, list[str]] = {}
    for what, why in failures:
        found.setdefault(why, []).append(what)
    return [(why, ", ".join(whats)) for why, whats in found.items()]


@contextmanager
def problems_in_one_line() -> Iterator[None]:
    """Turn the problems that an admin can mend into one clear line each."""
    try:
        yield
    except _to_be_mended() as problem:
        fail(str(problem))


def _to_be_mended() -> tuple[type[Exception], ...]:
    from nudger.config import ConfigProblem  # noqa: PLC0415 - some commands need neither
    from nudger.runtime.problems import EXPECTED_PROBLEMS  # noqa: PLC0415

    return ConfigProblem, *EXPECTED_PROBLEMS


def is_terminal() -> bool:
    """Whether somebody can answer here."""
    return sys.stdin.isatty()


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)


def _harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    is_formula = isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA_STARTS)
    return f"'{cell}" if is_formula else cell


def say(line: str) -> None:
    """Print a line of ours; anything of strangers in it must be escaped by `plain`."""
    _console().print(line)


def aside(line: str) -> None:
    """Print a line of ours on standard error, out of the way of what a script reads."""
    _console(stderr=True).print(line)


def say_entry(mark: str, what: str, says: str) -> None:
    """Print a line about a thing; what is too long for a narrow terminal stands below, indented.
    `mark` is ours and four characters wide."""
    console = _console()
    fits = 5 + 35 + len(says) <= console.width
    if fits or not console.is_terminal or console.width >= WIDE:
        console.print(f"{mark} {plain(what):34} {plain(says)}")
        return
    console.print(f"{mark} {plain(what)}")
    room = max(console.width - 6, 20)
    for line in textwrap.wrap(says, room, break_long_words=False, break_on_hyphens=False):
        console.print(f"     {plain(line)}")


def plain(text: str) -> str:
    """`text` without markup or control characters, for a line of ours."""
    return escape("".join(c for c in text if c.isprintable()))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], empty: str) -> None:
    """Print the rows, or `empty` where there are none.

    Rows that do not fit become blocks, one record after the other, on a terminal of less than
    `NARROW` columns, and on any where too little of each cell would stand on a line; unless it is
    only the last column that has to be broken. What goes into a pipe or a file keeps a line for
    each row. An address or an id in the first column, by which a row is known, is not broken if it
    is short enough.
    """
    cells = [[plain(cell) for cell in row] for row in rows]
    console = _console()
    if not cells:
        console.print(empty)
        return
    widths = [max(map(_width, column)) for column in zip(columns, *cells, strict=True)]
    needed = sum(widths) + GAP * (len(widths) - 1)
    if _is_read_by_program(console):
        _console(width=needed).print(_table(columns, cells))
    elif needed <= console.width:
        console.print(_table(columns, cells))
    elif console.width - (needed - widths[-1]) >= LEFT_FOR_LAST:
        console.print(_table(columns, cells, whole=len(columns) - 1))
    elif console.width >= NARROW and needed <= MOST_SQUEEZED * console.width:
        console.print(_table(columns, cells))
    else:
        _print_blocks(console, columns, cells)


def _width(cell: str) -> int:
    return Text.from_markup(cell).cell_len


def _table(columns: Sequence[str], cells: Sequence[Sequence[str]], whole: int = 0) -> Table:
    """`whole` columns from the left are not broken."""
    is_known_by_first = all(len(row[0]) <= LONGEST_WHOLE and " " not in row[0] for row in cells)
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    for number, column in enumerate(columns):
        no_wrap = number < max(whole, int(is_known_by_first))
        table.add_column(column, overflow="fold", no_wrap=no_wrap)
    for row in cells:
        table.add_row(*row)
    return table


def _print_blocks(console: Console, columns: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    """Each row by the cell that it is known by, and below it what else it has, a line each."""
    widest = max(len(column) for column in columns)
    for number, row in enumerate(cells):
        if number:
            console.print()
        console.print(f"[bold]{row[0]}[/]", soft_wrap=False, overflow="fold")
        block = Table(box=None, show_header=False, padding=(0, 1, 0, 2), pad_edge=True)
        block.add_column(style="dim", min_width=widest, no_wrap=True)
        block.add_column(overflow="fold")
        for column, cell in zip(columns[1:], row[1:], strict=True):
            if cell:
                block.add_row(column, cell)
        console.print(block)


def _is_read_by_program(console: Console) -> bool:
    """Whether nobody said how wide the output is: no terminal, and no COLUMNS."""
    return not console.is_terminal and "COLUMNS" not in os.environ


def with_progress(items: Collection[T], what: str) -> Iterable[T]:
    """The items, with how far they are: see `with_progress_of`."""
    return with_progress_of(items, what, len(items))


def with_progress_of(items: Iterable[T], what: str, total: int) -> Iterable[T]:
    """The items, as many as `total`; how far they are is shown on standard error where that is a
    terminal, and goes away at the end."""
    console = _console(stderr=True)
    return track(
        items, what, console=console, transient=True, disable=not console.is_terminal, total=total
    )


@contextmanager
def progress_shown(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """Tell what comes out how far which part is: part, done, of how many. It is shown on standard
    error where that is a terminal, and goes away at the end."""
    console = _console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task(what)

        def tell(part: str, done: int, of: int) -> None:
            shown.update(task, description=f"{what}: {plain(part)}", completed=done, total=of)

        yield tell


def write_file(file: Path, text: str, done: str) -> None:
    """Write a file, or print its text where it is called "-"; `done` is said afterwards."""
    if str(file) == "-":
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}.")
    aside(f"{plain(str(file))} written{done}")


def _console(*, stderr: bool = False, width: int | None = None) -> Console:
    """Made for each output: a console keeps the width that it was made with."""
    return Console(stderr=stderr, highlight=False, soft_wrap=True, width=width)

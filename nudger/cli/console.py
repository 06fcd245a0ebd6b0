"""How commands speak: tables and lines for people, JSON for scripts, one line for a problem."""

from __future__ import annotations

import csv
import json
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

from nudger.config import ConfigProblem
from nudger.runtime.problems import EXPECTED_PROBLEMS

T = TypeVar("T")
LONGEST_WHOLE = 32
WIDE = 110
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def fail(message: str) -> NoReturn:
    """Say what is wrong and end with exit code 1."""
    for line in message.splitlines():
        aside(f"[red]error:[/] {escape(line)}")
    raise typer.Exit(1)


@contextmanager
def problems_in_one_line() -> Iterator[None]:
    """Turn the problems that an admin can mend into one clear line each."""
    try:
        yield
    except (ConfigProblem, *EXPECTED_PROBLEMS) as problem:
        fail(str(problem))


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
    """Print the rows as wide as the terminal, or `empty` where there are none. An address
    or an id in the first column, by which a row is known, is not broken if it is short enough."""
    cells = [[plain(cell) for cell in row] for row in rows]
    if not cells:
        _console().print(empty)
        return
    stays_whole = all(len(row[0]) <= LONGEST_WHOLE and " " not in row[0] for row in cells)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=stays_whole and number == 0)
    for row in cells:
        table.add_row(*row)
    _console().print(table)


def with_progress(items: Collection[T], what: str) -> Iterable[T]:
    """The items; how far they are is shown on standard error where that is a terminal, and goes
    away at the end."""
    console = _console(stderr=True)
    return track(
        items, what, console=console, transient=True, disable=not console.is_terminal,
        total=len(items),
    )  # fmt: skip


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


def _console(*, stderr: bool = False) -> Console:
    """Made for each output: a console keeps the width that it was made with."""
    return Console(stderr=stderr, highlight=False, soft_wrap=True)

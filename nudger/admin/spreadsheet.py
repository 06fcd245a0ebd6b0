"""The rows of a file that a spreadsheet saved as text.

Commas, semicolons or tabs; UTF-8, UTF-16 (with a byte order mark or without) or Windows-1252.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

LARGEST = 50_000_000
"""Bytes: some half a million accounts."""

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx, .ods and .xls begin."""


class NotAList(ValueError):
    """The file is no list of what was asked for; one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank, with the line on which it begins, counted from 1 as in an editor."""

    line: int
    cells: list[str]


def read_rows(content: bytes) -> list[Row]:
    """The rows of the file, of one at least. Raises `NotAList`."""
    if len(content) > LARGEST:
        raise NotAList(f"the file has more than {LARGEST // 1_000_000} million bytes: split it.")
    rows = _rows(_text(content))
    if not rows:
        raise NotAList("the file is empty.")
    return rows


def as_csv(rows: Iterable[Row]) -> str:
    """The rows as text that `read_rows` reads alike, once it is encoded as UTF-8."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(row.cells for row in rows)
    return written.getvalue()


def _text(content: bytes) -> str:
    if content.startswith(_WORKBOOKS):
        raise NotAList("the file is a workbook of a spreadsheet: save the sheet as CSV.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16")
    sample = content[:2000]
    if sample.count(0) > len(sample) // 4:
        return _decoded(content, "utf-16-le" if sample[1:2] == b"\0" else "utf-16-be")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(content, "cp1252")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding, errors="strict" if "utf" in encoding else "replace")
    except UnicodeDecodeError as error:
        raise NotAList("the file's text cannot be read: save it as CSV (UTF-8).") from error


def _rows(text: str) -> list[Row]:
    if "\0" in text:
        raise NotAList("the file is no CSV: save the sheet as CSV.")
    first, _, rest = text.partition("\n")
    said = re.fullmatch(r"sep=(.)\s*", first)
    mark, body = (said[1], rest) if said else (_mark(text), text)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=mark)
    found, before = [], 1 if said else 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append(Row(before + 1, cells))
            before = reader.line_num + (1 if said else 0)
    except csv.Error as error:
        raise NotAList(f"line {before + 1}: {error}.") from error
    return found


def _mark(text: str) -> str:
    """What parts the columns: the sign that the first line has most of."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    unquoted = re.sub(r'"[^"]*"', "", first)
    return max(",;\t", key=unquoted.count)

"""Where the sender's own words end: the signature, the closing and the disclaimer below them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from nudger.mail.quoting import (
    LONGEST_LINE,
    is_quoted,
    quote_header,
)
from nudger.mail.vocabulary import all_of, whole

LONGEST_SIGNATURE_LINE = 60
MOST_SIGNATURE_LINES = 6


_DELIMITER = re.compile(r"\s{0,2}(?:--|__|—|–)\s*")
_LINK = re.compile(r"[<(\[]\s*(?:https?://|mailto:|www\.)[^<>()\[\]]{0,300}[>)\]]")
_NAME_AFTER_DASH = re.compile(r"-{1,2} ?[A-ZÄÖÜÉÈÁÍ][\w.'-]*(?: [A-ZÄÖÜÉÈÁÍ][\w.'-]*){0,2}\s*")


def opens_signature(lines: Sequence[str], at: int) -> bool:
    """Whether a line is the "-- " before a signature, or a phone's own."""
    line = lines[at]
    if _DELIMITER.fullmatch(line):
        return True
    bare = _LINK.sub("", line.strip()).strip("<>*_ ")
    if len(bare) <= 100 and whole("signature").fullmatch(bare):
        return True
    return _NAME_AFTER_DASH.fullmatch(line.strip()) is not None and _is_last(lines, at)


def _is_last(lines: Sequence[str], at: int) -> bool:
    """Whether nothing but a quote follows."""
    for offset in range(at + 1, len(lines)):
        if lines[offset].strip():
            return is_quoted(lines[offset]) or quote_header(lines, offset) > 0
    return True


def opens_disclaimer(line: str) -> bool:
    bare = line.strip().strip("*_ ")[:LONGEST_LINE]
    return len(bare) > 8 and _disclaimer().match(bare) is not None


def is_closing(line: str) -> bool:
    bare = line.strip()
    return len(bare) <= 40 and whole("closing").fullmatch(bare) is not None


@cache
def _disclaimer() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('disclaimer')})", re.IGNORECASE)


def without_closing(lines: Sequence[str]) -> list[str]:
    """Without "Best regards" and the few short lines of a signature below it."""
    kept = list(lines)
    while (at := _closing_line(kept)) is not None:
        del kept[at:]
        while not kept[-1].strip():
            kept.pop()
    return kept


def _closing_line(lines: Sequence[str]) -> int | None:
    """Where the last lines begin to close the mail; the first line, never blank, closes nothing."""
    for at in range(len(lines) - 1, max(0, len(lines) - MOST_SIGNATURE_LINES - 3), -1):
        below = [line for line in lines[at + 1 :] if line.strip()]
        short = all(len(line) <= LONGEST_SIGNATURE_LINE for line in below)
        if is_closing(lines[at]) and len(below) <= MOST_SIGNATURE_LINES and short:
            return at
    return None

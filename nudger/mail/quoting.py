"""Where in a plain-text reply the quote begins.

Mail programs quote in few ways: lines behind ">", a line such as "On … X wrote:", a block of
From/Sent/To/Subject lines, or a divider. The words differ by language (`vocabulary`). All patterns
are linear; what is matched is cut to a length first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from nudger.mail.introductions import (
    FEWEST_DIGITS_OF_A_MOMENT,
    LONGEST_LINE,
    QUOTED,
    introduction,
    is_lotus_divider,
    wrote,
)
from nudger.mail.vocabulary import all_of

MOST_LINES_OF_A_BLOCK = 9

SENTINEL = re.compile(
    r"[\s>*_#▲=-]*(?:please )?(?:type |write |enter )?(?:your )?(?:reply|respond|antwort\w*|répond\w*)"
    r"(?: \w+){0,3} (?:above|over|oberhalb|au-dessus)\b.{0,60}line.{0,20}|[\s>▲]*▲.{5,80}▲\s*",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"\s*(?:- ?(?:hide|show) quoted text ?-|\[quoted text hidden\]|-+ ?zitierten text ausblenden ?-+)\s*",
    re.IGNORECASE,
)
_UNDERSCORES = re.compile(r"\s*_{10,}\s*")


def is_quoted(line: str) -> bool:
    return QUOTED.match(line) is not None


def is_sentinel(line: str) -> bool:
    """Our own "please reply above this line", or another system's."""
    return len(line) <= LONGEST_LINE and SENTINEL.fullmatch(line) is not None


@cache
def _from() -> re.Pattern[str]:
    return re.compile(
        rf"[\s>*_]*+(?:{all_of('from')})\s*+(?:\*\s*+)?[:：]\s*+(?:\*\s*+)?\S", re.IGNORECASE
    )


@cache
def _header() -> re.Pattern[str]:
    return re.compile(rf"[\s>*_]*+(?:{all_of('header')})\s*+(?:\*\s*+)?[:：]", re.IGNORECASE)


@cache
def _header_within() -> re.Pattern[str]:
    return re.compile(rf"(?<=[\s>;])\*?(?:{all_of('header')})\s{{0,3}}\*?[:：]", re.IGNORECASE)


@cache
def _divider() -> re.Pattern[str]:
    return re.compile(
        rf"[\s>]*+[-_*=~–—]{{2,}}+\s*+(?:{all_of('divider')})\s*+(?:[-_*=~–—]++\s*+)?"
        rf"|[\s>]*+[-_*=~–—]{{2,}}+\s*+(?:{all_of('divider')})\s*+[-_*=~–—]{{2,}}+[\s*]*+"
        rf"(?:{all_of('from')})\s*+[:：].*"
        rf"|[\s>]*+(?:{all_of('divider')})\s*+(?:[:：]\s*+)?",
        re.IGNORECASE,
    )


def quote_header(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` on introduce a quote: "On … wrote:", maybe wrapped; 0 for none."""
    found = introduction(lines, at)
    return found.lines if found is not None and found.column == 0 else 0


def header_block(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` on are a block of From/Sent/To/Subject, in any order; 0 for none."""
    first = lines[at][:LONGEST_LINE]
    if is_quoted(first):
        return 0
    begins_with_sender = _from().match(first) is not None
    if not begins_with_sender and not _header().match(first):
        return 0
    if begins_with_sender and "@" in first:
        within = list(_header_within().finditer(first))
        if len(within) >= 2 or (within and _is_moment(first[within[0].end() :])):
            return 1
    found, last = 1, at
    for offset, line in enumerate(lines[at + 1 : at + MOST_LINES_OF_A_BLOCK], start=1):
        if _from().match(line[:LONGEST_LINE]) or _header().match(line[:LONGEST_LINE]):
            found, last = found + 1, at + offset
        elif line.strip() and (found >= 3 or not begins_with_sender):
            break
    enough = 2 if begins_with_sender and "@" in first else 3
    return last - at + 1 if found >= enough else 0


def _is_moment(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= FEWEST_DIGITS_OF_A_MOMENT


def divider(lines: Sequence[str], at: int) -> int:
    """1 where a line parts the reply from what it answers, else 0."""
    line = lines[at][:LONGEST_LINE]
    if is_quoted(line):
        return 0
    if _HIDDEN.fullmatch(line) or is_lotus_divider(line):
        return 1
    if line.lstrip().startswith("--") and line.rstrip().endswith("--") and wrote().search(line):
        return 1
    has_words = any(c.isalpha() for c in line)
    if (
        has_words
        and _divider().fullmatch(line)
        and (_opens_with_dashes(line) or _block_follows(lines, at))
    ):
        return 1
    return int(_UNDERSCORES.fullmatch(line) is not None and _block_follows(lines, at))


def _opens_with_dashes(line: str) -> bool:
    """Whether it begins with two dashes or the like, of which one may be a mark of bold type."""
    first = line.lstrip()[:2]
    return len(first) == 2 and all(mark in "-_*=~–—" for mark in first)


def _block_follows(lines: Sequence[str], at: int) -> bool:
    following = [i for i in range(at + 1, min(at + 4, len(lines))) if lines[i].strip()]
    return bool(following) and (
        header_block(lines, following[0]) > 0 or is_quoted(lines[following[0]])
    )


def is_greeting(line: str) -> bool:
    """Whether a line is a greeting and the names of up to three words behind it."""
    return behind_greeting(line) is not None


def behind_greeting(line: str) -> str | None:
    """The words behind the greeting of such a line, and `None` for another."""
    bare = line.strip()
    found = _greeting().fullmatch(bare) if len(bare) <= 40 else None
    return found and found[1].strip(" ,")


@cache
def _greeting() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{all_of('greeting')})((?:[ ,]++[\w.'-]++){{0,3}})\s*+[,!.:?]?", re.IGNORECASE
    )

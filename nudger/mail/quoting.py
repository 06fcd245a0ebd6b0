"""Where in a plain-text reply the quote begins, and what is a signature.

Mail programs quote in few ways: lines behind ">", a line such as "On … X wrote:", a block of
From/Sent/To/Subject lines, or a divider. The words differ by language (`vocabulary`). All patterns
are linear; what is matched is cut to a length first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from nudger.mail.vocabulary import all_of

LONGEST_LINE = 400
MOST_LINES_OF_A_HEADER = 4

SENTINEL = re.compile(
    r"[\s>*_#▲=-]*(?:please )?(?:type |write |enter )?(?:your )?(?:reply|respond|antwort\w*|répond\w*)"
    r"(?: \w+){0,3} (?:above|over|oberhalb|au-dessus)\b.{0,60}line.{0,20}|[\s>▲]*▲.{5,80}▲\s*",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\s{0,3}(?:>|\|(?=\s)(?![^|]*\|)|›)")
_HIDDEN = re.compile(
    r"\s*(?:- ?(?:hide|show) quoted text ?-|\[quoted text hidden\]|-+ ?zitierten text ausblenden ?-+)\s*",
    re.IGNORECASE,
)
_UNDERSCORES = re.compile(r"\s*_{10,}\s*")
_ADDRESS_COLON = re.compile(
    r".*<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?\)?[\"”]?\s{0,3}[^:：]{0,40}[:：]\s*"
)


def is_quoted(line: str) -> bool:
    return _QUOTED.match(line) is not None


def is_sentinel(line: str) -> bool:
    """Our own "please reply above this line", or another system's."""
    return len(line) <= LONGEST_LINE and SENTINEL.fullmatch(line) is not None


@cache
def _wrote() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{all_of('wrote')})(?!\w)|(?:のメール|写道|寫道|작성)", re.IGNORECASE
    )


@cache
def _from() -> re.Pattern[str]:
    return re.compile(
        rf"[\s>*_]*+(?:{all_of('from')})\s*+(?:\*\s*+)?[:：]\s*+(?:\*\s*+)?\S", re.IGNORECASE
    )


@cache
def _header() -> re.Pattern[str]:
    return re.compile(rf"[\s>*_]*+(?:{all_of('header')})\s*+(?:\*\s*+)?[:：]", re.IGNORECASE)


@cache
def _divider() -> re.Pattern[str]:
    return re.compile(
        rf"[\s>]*+[-_*=~–—]{{2,}}+\s*+(?:{all_of('divider')})\s*+(?:[-_*=~–—]++\s*+)?"
        rf"|[\s>]*+(?:{all_of('divider')})\s*+(?:[:：]\s*+)?",
        re.IGNORECASE,
    )


def quote_header(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` on introduce a quote: "On … wrote:", maybe wrapped; 0 for none."""
    first = lines[at].strip().strip("*_ ")
    if not first or is_quoted(lines[at]) or len(first) > LONGEST_LINE:
        return 0
    joined = ""
    for count, line in enumerate(lines[at : at + MOST_LINES_OF_A_HEADER], start=1):
        bare = line.strip().strip("*_ ")
        if not bare or (is_quoted(line) and count > 1 and not bare.endswith((":", "："))):
            return 0
        joined = f"{joined} {bare}".strip()
        if len(joined) > LONGEST_LINE:
            return 0
        if joined.endswith((":", "：")):
            return count if _is_wrote(joined) else 0
    return 0


def _is_wrote(joined: str) -> bool:
    """Whether a line that ends with a colon says who wrote, and when or from where."""
    dated = any(c.isdigit() for c in joined) or "@" in joined
    if _wrote().search(joined):
        return dated or (len(joined) < 80 and joined.count(" ") <= 4)
    return sum(c.isdigit() for c in joined) >= 3 and _ADDRESS_COLON.fullmatch(joined) is not None


def header_block(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` on are a block of From/Sent/To/Subject; 0 for none."""
    if is_quoted(lines[at]) or not _from().match(lines[at][:LONGEST_LINE]):
        return 0
    found, last = 0, at
    for offset, line in enumerate(lines[at + 1 : at + 9], start=1):
        if _header().match(line[:LONGEST_LINE]):
            found, last = found + 1, at + offset
        elif line.strip() and found >= 2:
            break
    return last - at + 1 if found >= 1 and (found >= 2 or "@" in lines[at]) else 0


def divider(lines: Sequence[str], at: int) -> int:
    """1 where a line parts the reply from what it answers, else 0."""
    line = lines[at][:LONGEST_LINE]
    if is_quoted(line):
        return 0
    if _HIDDEN.fullmatch(line):
        return 1
    if line.lstrip().startswith("--") and line.rstrip().endswith("--") and _wrote().search(line):
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
    return line.lstrip()[:2] in ("--", "__", "**", "==", "~~", "––", "——")


def _block_follows(lines: Sequence[str], at: int) -> bool:
    following = [i for i in range(at + 1, min(at + 4, len(lines))) if lines[i].strip()]
    return bool(following) and (
        header_block(lines, following[0]) > 0 or is_quoted(lines[following[0]])
    )


def is_greeting(line: str) -> bool:
    bare = line.strip().lower()
    return len(bare) <= 40 and _greeting().fullmatch(bare) is not None


@cache
def _greeting() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('greeting')})(?:[ ,]++[\w.'-]++){{0,3}}\s*+[,!.:]?")

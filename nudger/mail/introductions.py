"""The line before a quote: "On … X wrote:", as mail programs write, wrap and break it.

It is known by how it begins (an opener such as "On" and a date, a date, or a name and an address)
and by how it ends, so that words which merely stand before it are never taken for its beginning.
The words differ by language (`vocabulary`). All patterns are linear on the few lines that are
joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from nudger.mail.vocabulary import all_of

LONGEST_LINE = 400
MOST_LINES = 5
MOST_OPENERS_IN_A_LINE = 5
FEWEST_DIGITS_OF_A_MOMENT = 6
MOST_WORDS_OF_A_NAME = 7
MOST_WORDS_AFTER_WROTE = 4

QUOTED = re.compile(r"\s{0,3}(?:>|\|(?=\s)(?![^|]*\|)|›)")
_ADDRESS = re.compile(r"(?<![^\s<>@\":(\[])[^\s<>@\":(\[]{1,100}+@[^\s<>@]{1,255}+")
_ADDRESS_COLON = re.compile(
    r".*<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?\)?[\"”]?\s{0,3}"
    r"[^:：]{0,40}(?:(?<=\d):\d\d[^:：]{0,20})?[:：]\s*"
)
_AFTER_OPENER = r"[ ,]{1,3}(?:[^\W\d]{1,15}[.,،]{0,2} {1,2}){0,3}+\(?\d"
_DATE = re.compile(
    r"(?:\d{1,2}[:.]\d{2}(?: ?[AaPp]\.?[Mm]\.?)?,? )?(?:[^\W\d]{1,12}[.,]{0,2} {1,2}){0,2}+"
    r"\d{1,4}(?:[./年년-] ?\d|\.? {1,2}(?:de )?[^\W\d]{3}|, \d{4}|(?:st|nd|rd|th) )"
)
_DATED_ADDRESS = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}[ ,]{1,3}"
    r"(?:\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?[ ,]{1,3})?"
    r"(?:[^<>@]{1,80} )?< ?[^<>\s@]{1,100}@[^<>\s@]{1,255}> ?[:：]?"
)
_ZONED_NAME = re.compile(
    r"\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d "
    r"[^\W\d_][^\s<>@:.!?]{0,30}(?: [^\s<>@:.!?]{1,30}){0,3}[:：]?"
)
_LOTUS = re.compile(r"-{3}\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4} [\d:.]{4,8}(?: ?[AaPp][Mm])?-{3}")
_DASHES = " \t-–—~*_"


@dataclass(frozen=True, slots=True)
class Introduction:
    """It begins at `column` of its first line, and is so many lines long. `is_vague` says that it
    tells neither when nor from which address, as "Ana wrote:"."""

    column: int
    lines: int
    is_vague: bool = False


@cache
def wrote() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{all_of('wrote')})(?!\w)|(?:のメール|写道|寫道|작성)", re.IGNORECASE
    )


@cache
def _opener() -> re.Pattern[str]:
    """At the beginning of a line, in whatever case."""
    return re.compile(rf"(?:{all_of('quote_opener')}){_AFTER_OPENER}", re.IGNORECASE)


@cache
def _opener_within() -> re.Pattern[str]:
    return re.compile(rf"(?<=\s)(?:{all_of('quote_opener')}){_AFTER_OPENER}")


@cache
def _opener_alone() -> re.Pattern[str]:
    """Gmail in Spanish writes "El El lun, 23 nov 2026 …"."""
    return re.compile(rf"(?:{all_of('quote_opener')})", re.IGNORECASE)


def introduction(lines: Sequence[str], at: int) -> Introduction | None:
    """The introduction of a quote that begins in line `at`, at its start or behind an answer."""
    line = lines[at][:LONGEST_LINE]
    if QUOTED.match(line) or not line.strip():
        return None
    for column in reversed(list(_columns_within(line))):
        count = _length(lines, at, line[column:])
        if count:
            return Introduction(column, count)
    if not _may_begin(line) or len(lines[at]) > LONGEST_LINE:
        return None
    count = _length(lines, at, line)
    if not count:
        return None
    said = " ".join(lines[at : at + count])
    return Introduction(0, count, not ("@" in said or any(map(str.isdigit, said))))


def _columns_within(line: str) -> Iterator[int]:
    for number, opener in enumerate(_opener_within().finditer(line)):
        if number == MOST_OPENERS_IN_A_LINE:
            return
        before = line[: opener.start()].strip(_DASHES)
        if before and not _opener_alone().fullmatch(before):
            yield opener.start()


def _may_begin(line: str) -> bool:
    bare = line.strip(_DASHES)
    return _opens(bare) or _begins_with_a_name(bare) or _says_who_wrote(bare)


def _opens(bare: str) -> bool:
    return _opener().match(bare) is not None or _DATE.match(bare) is not None


def _begins_with_a_name(bare: str) -> bool:
    """Such as "Ana Weber <ana@…> wrote:", or what of it stands before a break."""
    address = _ADDRESS.search(bare)
    before = bare[: address.start()] if address else bare.partition("<")[0]
    is_name = len(before.split()) <= MOST_WORDS_OF_A_NAME and not any(c in ".!?;" for c in before)
    return is_name and (address is not None or "<" in bare)


def _says_who_wrote(bare: str) -> bool:
    """Such as "Ana wrote:" and "Ana Weber/Sales wrote on 11/25/2026 08:02 AM:"."""
    said = wrote().search(bare)
    if said is None or not bare.endswith((":", "：")) or len(bare) > 120:
        return False
    before, after = bare[: said.start()].split(), bare[said.end() :]
    words = [word for word in after.split() if word[0].isalpha()]
    return len(before) <= MOST_WORDS_OF_A_NAME and len(words) <= MOST_WORDS_AFTER_WROTE


def _length(lines: Sequence[str], at: int, first: str) -> int:
    """How many lines the introduction takes that begins with the text `first`; 0 for none."""
    joined = ""
    for count in range(1, min(MOST_LINES, len(lines) - at) + 1):
        line = first if count == 1 else lines[at + count - 1]
        bare = line.strip().lstrip("> ").strip("*_ ")
        if count > 1 and (_is_quoted_words(joined, line, bare) or _begins_anew(joined, bare)):
            return 0
        if not bare:
            if not joined.endswith(("<", "mailto:")) and not _address_follows(lines, at + count):
                return 0
            continue
        joined = f"{joined} {bare}".strip()
        if len(joined) > LONGEST_LINE:
            return 0
        if joined.endswith((":", "：")) and not joined.endswith("mailto:"):
            return count if _is_wrote(joined) else 0
        if _is_whole(joined) and _may_end(lines, at + count):
            return count
    return 0


def _is_quoted_words(joined: str, line: str, bare: str) -> bool:
    """Whether a line is quoted, and not the end of an introduction that was wrapped into it."""
    if not QUOTED.match(line):
        return False
    if bare in (":", "：") and joined.count("<") > joined.count(">"):
        return False
    ends = bare.endswith((":", "：")) and wrote().search(bare) is not None
    return not ends or not _opens(joined)


def _address_follows(lines: Sequence[str], at: int) -> bool:
    """Whether a line begins with the bracket of an address, torn off by an empty line."""
    return at < len(lines) and lines[at].lstrip().startswith("<")


def _begins_anew(joined: str, bare: str) -> bool:
    """Whether a line is no further part of what was joined but an introduction by itself."""
    if _opener().match(bare):
        return True
    return _DATE.match(bare) is not None and not _opens(joined) and not wrote().search(joined)


def _is_wrote(joined: str) -> bool:
    """Whether a line that ends with a colon says who wrote, and when or from where."""
    dated = any(c.isdigit() for c in joined) or "@" in joined
    if wrote().search(joined):
        return dated or (len(joined) < 80 and joined.count(" ") <= 4)
    return sum(c.isdigit() for c in joined) >= 3 and _ADDRESS_COLON.fullmatch(joined) is not None


def _is_whole(joined: str) -> bool:
    """Whether it is an introduction though it ends without a colon."""
    bare = joined.strip(_DASHES)
    if _DATED_ADDRESS.fullmatch(bare) or _ZONED_NAME.fullmatch(bare):
        return True
    said = wrote().search(bare)
    if said is None or not _opens(bare):
        return False
    is_dated = sum(c.isdigit() for c in bare) >= FEWEST_DIGITS_OF_A_MOMENT
    ends = said.end() == len(bare) or bare.endswith((">", ")", "]"))
    has_ended = ends or _ADDRESS.fullmatch(bare.rpartition(" ")[2]) is not None
    return is_dated and "@" in bare and has_ended


def _may_end(lines: Sequence[str], at: int) -> bool:
    """Whether nothing goes on in the line after it."""
    return at >= len(lines) or not lines[at].strip() or QUOTED.match(lines[at]) is not None


def is_lotus_divider(line: str) -> bool:
    """Lotus Notes: "Nudger ---11/25/2026 08:02:11 AM---ACME: pilot review"."""
    return _LOTUS.search(line[:LONGEST_LINE]) is not None

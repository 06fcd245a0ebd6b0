"""The words that the sender of a reply wrote: nothing quoted, no signature, nothing of ours.

Answers between and below quoted lines are kept in their order. Sources: the quoting of Gmail,
Outlook, Apple Mail, Thunderbird, Yahoo, Proton and others, as they write it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from nudger.mail.html_reply import page_text
from nudger.mail.quoting import divider, header_block, is_quoted, is_sentinel, quote_header
from nudger.mail.signature_block import (
    opens_disclaimer,
    opens_signature,
    without_closing,
)

LONGEST_READ = 200_000
LONGEST_LINE = 2_000
MOST_LINES = 3_000
ENOUGH_OF_OURS = 2

_WORD_ENDS = re.compile(r"[\W_]+")
_LONG_GAP = re.compile(r"[^\S\n]{5,}+")


def reply_text(plain: str | None, page: str | None, ours: Collection[str] = ()) -> str:
    """The new words of a mail with these parts. `ours` are the lines of the mail that it answers,
    as `folded` gives them."""
    from_plain = text_words(plain, ours) if plain and plain.strip() else ""
    if page is None or not page.strip():
        return from_plain
    from_page = text_words(page_text(page[:LONGEST_READ]), ours)
    return _agreed(from_plain, from_page)


def _agreed(from_plain: str, from_page: str) -> str:
    """Both parts say the same as a rule; where they do not, the one that carries less along, and
    where they contradict each other, the page: that is what the sender saw."""
    if not from_plain or not from_page:
        return from_plain or from_page
    plain, page = folded(from_plain), folded(from_page)
    if plain == page or plain in page:
        return from_plain
    return from_page


def folded(text: str) -> str:
    """Text as it is compared: letters and digits alone, in lower case."""
    return _WORD_ENDS.sub(" ", text.casefold()).strip()


def text_words(text: str, ours: Collection[str] = ()) -> str:
    """The new words of a plain-text reply. Never raises; linear in the length of the text."""
    kept = _without_ours(_unquoted(_lines(text)), ours)
    return "\n".join(without_closing(_trimmed(kept)))


def _lines(text: str) -> list[str]:
    """The lines as far as they are read: gaps no wider than a column's, no line without end."""
    whole = text[:LONGEST_READ].replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    narrow = _LONG_GAP.sub(lambda gap: "\t" if "\t" in gap[0] else "    ", whole)
    return [line[:LONGEST_LINE] for line in narrow.split("\n")[:MOST_LINES]]


def _unquoted(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    at, in_signature = 0, False
    while at < len(lines):
        line = lines[at]
        if is_quoted(line):
            in_signature = False
            at += 1
            continue
        if is_sentinel(line):
            break
        span = quote_header(lines, at) or header_block(lines, at) or divider(lines, at)
        if span:
            if not _is_quoted_below(lines, at + span):
                break
            in_signature = False
            at += span
            continue
        in_signature = in_signature or opens_signature(lines, at) or opens_disclaimer(line)
        if not in_signature:
            kept.append(line.rstrip())
        at += 1
    return kept


def _is_quoted_below(lines: Sequence[str], at: int) -> bool:
    """Whether what a quote's introduction leads to is marked line by line, so that unmarked lines
    further down are the sender's again."""
    following = next((line for line in lines[at : at + 4] if line.strip()), "")
    return is_quoted(following)


def _without_ours(lines: Sequence[str], ours: Collection[str]) -> list[str]:
    """Without our own mail where a program quoted it unmarked: from its first lines on."""
    if not ours:
        return list(lines)
    mine = [bool(line.strip()) and folded(line) in ours for line in lines]
    for at, is_ours in enumerate(mine):
        window = [
            m for m, line in zip(mine[at : at + 5], lines[at : at + 5], strict=True) if line.strip()
        ]
        if is_ours and sum(window) >= ENOUGH_OF_OURS:
            return [line for line, is_mine in zip(lines, mine, strict=True) if not is_mine]
    return list(lines)


def _trimmed(lines: Sequence[str]) -> list[str]:
    kept = list(lines)
    while kept and not kept[0].strip():
        kept.pop(0)
    while kept and not kept[-1].strip():
        kept.pop()
    return [kept[0].lstrip(), *kept[1:]] if kept else []

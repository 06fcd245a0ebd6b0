"""The words that the sender of a reply wrote: nothing quoted, no signature, nothing of ours.

Answers between and below quoted lines are kept in their order. Sources: the quoting of Gmail,
Outlook, Apple Mail, Thunderbird, Yahoo, Proton and others, as they write it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from nudger.mail.banners import without_banners
from nudger.mail.contact_lines import is_own_name, is_short_name, names_of
from nudger.mail.html_reply import page_text, whole_page_text
from nudger.mail.introductions import introduction
from nudger.mail.ours import OurText, folded, unmarked
from nudger.mail.quoting import (
    divider,
    header_block,
    is_greeting,
    is_quoted,
    is_sentinel,
    quote_header,
)
from nudger.mail.signature_block import (
    is_boilerplate,
    is_closing,
    opens_disclaimer,
    opens_signature,
    without_signature,
)
from nudger.mail.token import without_keys
from nudger.mail.visible import visible
from nudger.mail.vocabulary import whole

__all__ = ["Writer", "folded", "own_words", "reply_text", "stands_apart", "text_words"]

LONGEST_READ = 200_000
LONGEST_LINE = 2_000
MOST_LINES = 3_000
ENOUGH_OF_OURS = 2
SHORTEST_WRAPPED_LINE = 60

_LONG_GAP = re.compile(r"[^\S\n]{5,}+")
_OPEN_LINK = re.compile(r"[(<\[](?:https?|mailto):[^\s()<>\[\]]{1,300}+\s*+$")
_SOFT_BREAK = re.compile(r"[\v\x85\u2028\u2029]")
_RULE = re.compile(r"[\s>]*+[-_*=~–—#]{2,}+[-_*=~–—#\s]*+")
_RULE_BEHIND = re.compile(r"(?<![\s-])\s{0,9}-{2,}+\s*+$")
_LEFT_OUT = re.compile(
    r"\s*[\[(<]\s?(?:\.{2,4}|…|snip(?:ped)?|gekürzt|coupé|corte)\s?[\])>]\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote a reply, by the `names` that are known, and the lines of the mail of ours that it
    answers, as `folded` gives them and in their order."""

    names: tuple[str, ...] = ()
    ours: Collection[str] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What the writer of a reply wrote. `is_within_quote` says that it was found by leaving out
    what is ours, since nothing stands apart from the quote: so that it is likely, not certain."""

    text: str = field(repr=False)
    is_within_quote: bool = False


def own_words(plain: str | None, page: str | None, writer: Writer = Writer()) -> OwnWords:
    """The new words of a mail with these parts."""
    known = _Known(OurText(writer.ours), names_of(*writer.names))
    from_plain = _own_words(plain, known) if plain and plain.strip() else ""
    shown = page[:LONGEST_READ] if page and page.strip() else None
    from_page = _own_words(page_text(shown), known) if shown else ""
    found = _agreed(from_plain, from_page)
    if _says_something(found):
        return OwnWords(_without_hints(found))
    within = _words_within_ours(plain or "", known)
    if not within and shown:
        within = _words_within_ours(whole_page_text(shown), known)
    if not within:
        within = _words_in_place_of_a_quote(page_text(shown) if shown else plain or "", known)
    return OwnWords(within, is_within_quote=True) if within else OwnWords(found)


def reply_text(plain: str | None, page: str | None, writer: Writer = Writer()) -> str:
    """The text of `own_words`."""
    return own_words(plain, page, writer).text


def text_words(text: str, ours: Collection[str] = (), names: Collection[str] = ()) -> str:
    """The new words of a plain-text reply. Never raises; linear in the length of the text."""
    return reply_text(text, None, Writer(tuple(names), ours))


def stands_apart(plain: str | None, page: str | None, writer: Writer = Writer()) -> bool:
    """Whether words stand outside the quote that are neither courtesies nor a signature, whatever
    became of them."""
    known = _Known(OurText(writer.ours), names_of(*writer.names))
    texts = [plain or "", page_text(page[:LONGEST_READ]) if page and page.strip() else ""]
    outside = (line for text in texts for line in _unquoted(_lines(text), known))
    return any(any(map(str.isalpha, line)) and not _is_courtesy(line, known) for line in outside)


@dataclass(frozen=True, slots=True)
class _Known:
    ours: OurText
    names: frozenset[str]


def _agreed(from_plain: str, from_page: str) -> str:
    """Both parts say the same as a rule; where they do not, the one that carries less along, and
    where they contradict each other, the page: that is what the sender saw."""
    if not from_plain or not from_page:
        return from_plain or from_page
    plain, page = folded(from_plain), folded(from_page)
    return from_plain if plain in page else from_page


def _own_words(text: str, known: _Known) -> str:
    """What stands outside of all that is quoted."""
    lines = _lines(text)
    kept = _without_ours(_unquoted(without_banners(lines), known), known.ours)
    return _signed_off(kept, known)


def _words_within_ours(text: str, known: _Known) -> str:
    """What was written below or between lines of ours that no mark tells from it, or behind the
    marks of a quote; empty where it does not hold our mail."""
    if not known.ours:
        return ""
    lines = without_banners([unmarked(line) for line in _lines(text)])
    mine = known.ours.lines_in(lines)
    if len(mine) < ENOUGH_OF_OURS:
        return ""
    first = min(mine)
    kept: list[str] = []
    at, in_signature, follows_ours = 0, False, True
    while at < len(lines):
        line = lines[at]
        span = quote_header(lines, at) or header_block(lines, at) or divider(lines, at)
        is_ours = at in mine or span or is_sentinel(line)
        if is_ours or (follows_ours and not line.strip()):
            in_signature, follows_ours = False, True
            at += max(1, span)
            continue
        follows_ours = False
        is_courtesy = at < first and _is_courtesy(line, known)
        in_signature = in_signature or _begins_to_sign(lines, at, known)
        if not in_signature and not is_courtesy:
            kept.append(known.ours.after_ours(line) or line.rstrip())
        at += 1
    return _signed_off([line for line in kept if not _points_below(line)], known)


def _words_in_place_of_a_quote(text: str, known: _Known) -> str:
    """What was written below the introduction of a quote with which a mail begins, where nothing
    of ours is left of the quote: somebody wrote over it."""
    lines = without_banners(_lines(text))
    if not known.ours or known.ours.lines_in([unmarked(line) for line in lines]):
        return ""
    said = (at for at, line in enumerate(lines) if line.strip() and not _is_courtesy(line, known))
    at = next((at for at in said if not _points_below(lines[at])), len(lines))
    span = (quote_header(lines, at) or header_block(lines, at)) if at < len(lines) else 0
    rest = _unquoted(lines[at + span :], known) if span else []
    return _signed_off(rest, known)


def _signed_off(lines: Sequence[str], known: _Known) -> str:
    kept = [line for line in lines if not _LEFT_OUT.fullmatch(line)]
    return "\n".join(_trimmed(without_signature(_trimmed(kept), known.names, known.ours)))


def _says_something(text: str) -> bool:
    """Whether it holds more than courtesies and a hint at where the answer stands."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not any(map(_points_below, lines)):
        return bool(lines)
    return not all(_points_below(one) or is_greeting(one) or is_closing(one) for one in lines)


def _without_hints(text: str) -> str:
    """Without lines that only say where the answer stands."""
    return "\n".join(_trimmed([line for line in text.split("\n") if not _points_below(line)]))


def _is_courtesy(line: str, known: _Known) -> bool:
    is_name = is_own_name(line, known.names) or is_short_name(line, known.names)
    return is_name or is_greeting(line) or is_closing(line)


def _points_below(line: str) -> bool:
    """Whether the line only says that answers stand within the quote: "see below"."""
    bare = line.strip(" \t*_.!:()↓👇⬇️")
    return len(line) <= 80 and bool(bare) and whole("see_below").fullmatch(bare) is not None


def _lines(text: str) -> list[str]:
    """The lines as far as they are read: gaps no wider than a column's, no line without end."""
    seen = visible(text[:LONGEST_READ])
    narrow = _LONG_GAP.sub(lambda gap: "\t" if "\t" in gap[0] else "    ", seen)
    broken = (
        piece
        for line in narrow.split("\n")
        for piece in ([line] if is_quoted(line) else _SOFT_BREAK.split(line))
    )
    return [without_keys(line[:LONGEST_LINE]) for line in islice(broken, MOST_LINES)]


class _OurLines:
    """Which of some lines are ours, quoted or not; found out when it is first asked."""

    def __init__(self, lines: Sequence[str], ours: OurText) -> None:
        self._lines, self._ours = lines, ours

    @cached_property
    def _at(self) -> set[int]:
        return (
            self._ours.lines_in([unmarked(line) for line in self._lines]) if self._ours else set()
        )

    def follow(self, at: int) -> bool:
        """Whether the next words, from line `at` on, are ours, or may be."""
        following = next((n for n in range(at, len(self._lines)) if self._lines[n].strip()), None)
        return not self._ours or (following is not None and self.has(following))

    def goes_on(self, at: int) -> bool:
        """Whether a line goes on in our words where the one before it ended."""
        return at - 1 in self._at and at in self._at

    def has(self, at: int) -> bool:
        return at in self._at


def _unquoted(lines: Sequence[str], known: _Known) -> list[str]:
    kept: list[str] = []
    mine = _OurLines(lines, known.ours)
    at, in_signature, after_quoted = 0, False, False
    while at < len(lines):
        line = lines[at]
        after_quoted = is_quoted(line) or (after_quoted and _is_torn_off(lines, at, mine))
        if after_quoted:
            in_signature = False
            at += 1
            continue
        if is_sentinel(line):
            return _without_preview(kept, known.ours)
        if header_block(lines, at):
            break
        intro = introduction(lines, at)
        if intro and intro.is_vague and not _is_quoted_below(lines, at + intro.lines):
            intro = intro if mine.follow(at + intro.lines) else None
        span = intro.lines if intro else divider(lines, at)
        if span:
            before = _RULE_BEHIND.sub("", line[: intro.column]).rstrip() if intro else ""
            if before.strip() and not in_signature:
                kept.append(before)
            if not _is_quoted_below(lines, at + span):
                break
            in_signature = False
            at += span
            continue
        in_signature = in_signature or _begins_to_sign(lines, at, known)
        in_signature = in_signature or (any(map(str.strip, kept)) and is_boilerplate(lines, at))
        if not in_signature:
            kept.append(line.rstrip())
        at += 1
    return kept


def _begins_to_sign(lines: Sequence[str], at: int, known: _Known) -> bool:
    if opens_disclaimer(lines[at]):
        return True
    return opens_signature(lines, at, known.names) and not known.ours.offers(lines[at])


def _is_torn_off(lines: Sequence[str], at: int, mine: _OurLines) -> bool:
    """Whether a line is what a program broke off the long quoted one before it, without a mark."""
    before, line = lines[at - 1], lines[at].strip()
    if " " not in line and line.endswith((")", ">", "]")) and _OPEN_LINK.search(before):
        return True
    if len(before) < SHORTEST_WRAPPED_LINE or not line[:1].islower():
        return False
    if mine.has(at - 1):
        return mine.goes_on(at)
    is_last = at + 1 == len(lines) or is_quoted(lines[at + 1])
    return is_last and not before.rstrip().endswith((".", "!", "?", ":", ";"))


def _without_preview(kept: list[str], ours: OurText) -> list[str]:
    """Without what our mails begin with, above the line that replies stand above."""
    mine = ours.lines_in(kept) if ours else set()
    while kept and (len(kept) - 1 in mine or not kept[-1].strip()):
        kept.pop()
    return kept


def _is_quoted_below(lines: Sequence[str], at: int) -> bool:
    """Whether what a quote's introduction leads to is marked line by line, so that unmarked lines
    further down are the sender's again."""
    following = next((line for line in lines[at : at + 4] if line.strip()), "")
    return is_quoted(following)


def _without_ours(lines: Sequence[str], ours: OurText) -> list[str]:
    """Without our own mail where a program quoted it unmarked."""
    mine = ours.lines_in(lines) if ours else set()
    if len(mine) < ENOUGH_OF_OURS:
        return list(lines)
    return [line for at, line in enumerate(lines) if at not in mine]


def _trimmed(lines: Sequence[str]) -> list[str]:
    kept = list(lines)
    while kept and _is_blank(kept[0]):
        kept.pop(0)
    while kept and _is_blank(kept[-1]):
        kept.pop()
    return [kept[0].lstrip(), *kept[1:]] if kept else []


def _is_blank(line: str) -> bool:
    """Whether nothing stands in it but what is drawn between parts of a mail."""
    return not line.strip() or _RULE.fullmatch(line) is not None

"""Which lines of a text are those of a mail of ours, however a program broke them anew.

Providers and mail programs make a plain text of our page, wrap our lines and join them, and write
addresses twice. What stays is the order of the words, and that is what is compared.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from nudger.mail.visible import visible

MOST_WORDS_OF_OURS = 10_000
FEWEST_WORDS_OF_A_LINE = 3
FEWEST_WORDS_BEFORE_AN_ANSWER = 5

_WORD_ENDS = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]+")
_LINK = re.compile(
    r"<(?:(?:mailto|https?|tel):[^<>\s]{0,2000}|[^<>\s@]{1,100}@[^<>\s@]{1,255})>", re.IGNORECASE
)
# French parts these from the word before them, and so does who breaks the line there.
_TORN_OFF = re.compile(r"\s{0,9}[?!:;»]\s{0,9}")
_MARKS = re.compile(r"(?:[ \t]{0,3}[>|›])++ ?")


def folded(text: str) -> str:
    """Text as it is compared: letters and digits alone, in lower case."""
    return _WORD_ENDS.sub(" ", visible(text).casefold()).strip()


def unmarked(line: str) -> str:
    """A line without its quote marks."""
    marks = _MARKS.match(line)
    return line[marks.end() :] if marks else line


@dataclass(frozen=True, slots=True)
class _Run:
    """Lines of a text, from `first` on, that say words of ours in our order."""

    lines: tuple[int, ...]
    words: int
    ends: frozenset[int]


class OurText:
    """The words of a mail of ours, from its lines in their order as `folded` gives them."""

    def __init__(self, lines: Collection[str]) -> None:
        self._words: list[str] = []
        self._spans: list[tuple[int, int]] = []
        for line in filter(None, lines):
            words = line.split()
            if len(self._words) + len(words) > MOST_WORDS_OF_OURS:
                break
            self._spans.append((len(self._words), len(self._words) + len(words)))
            self._words += words
        self._lines = frozenset(lines)
        self._at: dict[str, list[int]] = defaultdict(list)
        for position, word in enumerate(self._words):
            self._at[word].append(position)
        self._starts = dict(self._spans)
        self._choices = frozenset(
            line.partition(" ")[2] for line in lines if line.partition(" ")[0].isdigit()
        )

    def __bool__(self) -> bool:
        return bool(self._words)

    def has_line(self, line: str) -> bool:
        return folded(line) in self._lines

    def offers(self, line: str) -> bool:
        """Whether the mail lists this line behind a number, as it does milestones."""
        words = folded(line)
        return bool(words) and words in self._choices

    def lines_in(self, lines: Sequence[str]) -> set[int]:
        """The indexes of the lines that are ours: runs of them that hold a whole line of ours."""
        return {at for run in self._runs(lines) if self._is_whole(run) for at in run.lines}

    def after_ours(self, line: str) -> str:
        """What somebody wrote behind a line of ours, on that line; empty where there is none."""
        found = list(_WORD.finditer(line))
        words = [match[0].casefold() for match in found]
        longest = 0
        for start in self._at.get(words[0], ()) if words else ():
            size = self._starts.get(start, start) - start
            if longest < size < len(words) and self._says(words[:size], start):
                longest = size
        if longest < FEWEST_WORDS_BEFORE_AN_ANSWER:
            return ""
        return line[found[longest - 1].end() :].lstrip(" ?:.!)>_*-–—\t")

    def _runs(self, lines: Sequence[str]) -> Iterator[_Run]:
        own: list[int] = []
        count, ends = 0, frozenset[int]()
        for at, line in enumerate(lines):
            words = folded(_LINK.sub("", line)).split()
            if not words:
                if own and own[-1] == at - 1 and _TORN_OFF.fullmatch(line):
                    own.append(at)
                continue
            size = len(words)
            following = frozenset(end + size for end in ends if self._says(words, end))
            if not following:
                if own:
                    yield _Run(tuple(own), count, ends)
                starts = self._at.get(words[0], ())
                ends = frozenset(p + size for p in starts if self._says(words, p))
                own, count = ([at], size) if ends else ([], 0)
            else:
                own.append(at)
                count, ends = count + size, following
        if own:
            yield _Run(tuple(own), count, ends)

    def _says(self, words: Sequence[str], start: int) -> bool:
        return self._words[start : start + len(words)] == words

    def _is_whole(self, run: _Run) -> bool:
        return any(self._holds_a_line(end - run.words, end) for end in run.ends)

    def _holds_a_line(self, start: int, end: int) -> bool:
        first = bisect_left(self._spans, (start, 0))
        inside = [e - s for s, e in self._spans[first : first + 2] if e <= end]
        return len(inside) == 2 or any(size >= FEWEST_WORDS_OF_A_LINE for size in inside)

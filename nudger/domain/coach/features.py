"""What the judge sees of a sentence: pieces of its words, its words in their order, and which class
of word follows which.

The classes (who acts, what one learns, sells, grants) are the lists that the rules use, so that a
word that was never seen in training still says what it is. A feature is a number below `BUCKETS`,
made from its text by CRC-32: nothing has to be kept but a weight for each number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from zlib import crc32

from nudger.domain.coach import words as w

BUCKETS = 1 << 18
LONGEST_READ = 500
"""Characters; an answer is cut to as many before it is kept."""

_START, _END = "<s>", "</s>"
_LONGEST_PIECE = 5
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[^\w\s]")
_CLASSES = {
    name: re.compile(rf"(?:{alternatives})\Z")
    for name, alternatives in {
        "role": w.ROLES, "customer": w.CUSTOMER, "agrees": w.AGREES, "acts": w.ACTS,
        "acts elsewhere": w.ACTS_ELSEWHERE, "advances": w.ADVANCES, "learns": w.LEARNS,
        "sells": w.SELLS, "vague": w.VAGUE, "closes": w.CLOSES, "when": w.WHEN, "states": w.STATES,
    }.items()
}  # fmt: skip


def features(text: str) -> list[list[int]]:
    """The features of a sentence in three groups: pieces, words, classes; each number once.
    Linear in the length of the text, which is read up to `LONGEST_READ`."""
    tokens = _tokens(text)
    folded = [_folded(token) for token in tokens]
    groups = (_pieces(folded), _words(folded), _classes(tokens, folded))
    return [_numbers(group) for group in groups]


def words_of(text: str) -> list[str]:
    """The words of a sentence as they are told apart here, in lower case and without accents."""
    return [_folded(token) for token in _tokens(text) if token[0].isalpha()]


def _tokens(text: str) -> list[str]:
    line = unicodedata.normalize("NFKC", text[:LONGEST_READ]).replace("’", "'")
    return _TOKEN.findall(line)


def _folded(token: str) -> str:
    """A token in lower case and without accents, which reps leave out as often as not."""
    if token.isdigit():
        return "#"
    apart = unicodedata.normalize("NFD", token.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def _numbers(texts: Iterable[str]) -> list[int]:
    return list({crc32(text.encode()) % BUCKETS for text in texts})


def _pieces(tokens: Iterable[str]) -> Iterator[str]:
    for token in set(tokens):
        padded = f" {token} "
        for length in range(1, _LONGEST_PIECE + 1):
            for at in range(len(padded) - length + 1):
                yield padded[at : at + length]


def _words(tokens: Sequence[str]) -> Iterator[str]:
    yield from _runs("w", tokens, 3)
    for at, token in enumerate(tokens[:3]):
        yield f"{at}:{token}"
    yield f"long:{min(len(tokens) // 4, 8)}"


def _classes(tokens: Sequence[str], folded: Sequence[str]) -> Iterator[str]:
    named = [_class_of(tokens[at], folded[at], at) for at in range(len(tokens))]
    yield from _runs("c", named, 4)


def _runs(mark: str, tokens: Sequence[str], longest: int) -> Iterator[str]:
    """Up to `longest` tokens in a row, the ends of the sentence among them."""
    closed = [_START, *tokens, _END]
    for length in range(1, longest + 1):
        for at in range(len(closed) - length + 1):
            yield f"{mark}{length}:{' '.join(closed[at : at + length])}"


def _class_of(token: str, folded: str, at: int) -> str:
    """The class of a word; a name, a short word as it is, and of any other its ending."""
    known = _listed(token.casefold())
    if known:
        return known
    if at > 0 and token[0].isupper() and token[1:].islower():
        return "name"
    return folded if len(folded) <= 4 else f"-{folded[-2:]}"


@lru_cache(maxsize=4096)
def _listed(token: str) -> str | None:
    return next((name for name, pattern in _CLASSES.items() if pattern.match(token)), None)

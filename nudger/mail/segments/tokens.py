"""The words, marks and line ends of a text, each with its place in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"\w++(?:['’@.+-]\w++)*+|\n\s*+|([^\w\s])\1*+")


@dataclass(frozen=True, slots=True)
class Token:
    """`text` as written, from `start` to before `end`."""

    text: str
    start: int
    end: int

    @property
    def is_line_end(self) -> bool:
        return self.text.startswith("\n")

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum() or self.text[0] == "_"


def tokens_of(text: str) -> list[Token]:
    """In their order; an address or a number with its decimals is one. Linear in the length."""
    return [Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]

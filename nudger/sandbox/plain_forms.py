"""The plain text that providers make of a page: what a plain reply to an HTML mail quotes.

Gmail's API and Exchange replace the plain part that a mail came with by one of their own: cells in
a row, bold between stars (Gmail), addresses written twice (Exchange), long lines broken (Gmail).
"""

from __future__ import annotations

import re
import textwrap
from html.parser import HTMLParser

WIDTH = 72
_BLOCKS = frozenset({"p", "div", "tr", "table", "li", "ul", "h1", "h2", "h3", "body"})
_SILENT = frozenset({"head", "style", "script", "title"})
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")


def plain_of_page(page: str, provider: str) -> str:
    """`provider` is "google" or "microsoft"."""
    text = shown_text(page, bold="*" if provider == "google" else "")
    if provider == "microsoft":
        return _ADDRESS.sub(lambda found: f"{found[0]}<mailto:{found[0]}>", text)
    return "\n".join(
        textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) if line else ""
        for line in text.split("\n")
    )


def shown_text(page: str, bold: str = "") -> str:
    """What a person reads of a page; `bold` stands around what is bold."""
    reader = _PageReader(bold)
    reader.feed(page)
    lines = [" ".join(line.split(" ")).strip() for line in "".join(reader.pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _PageReader(HTMLParser):
    """Gathers the shown text; `bold` stands around what is bold."""

    def __init__(self, bold: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._bold = bold
        self._silent = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br" or tag in _BLOCKS:
            self._break()
        elif tag in ("td", "th") and self.pieces and not self.pieces[-1].endswith("\n"):
            self.pieces.append("  \t")
        elif tag == "b":
            self.pieces.append(self._bold)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent -= 1
        elif tag in _BLOCKS:
            self._break()
        elif tag == "b":
            self.pieces.append(self._bold)

    def handle_data(self, data: str) -> None:
        text = re.sub(r"[ \t\r\n]+", " ", data)
        if not self._silent and (text.strip() or "\u00a0" in text):
            self.pieces.append(text)

    def _break(self) -> None:
        self.pieces.append("\n")

"""Text of strangers made fit to be shown: no control characters, no reordering, no line breaks."""

from __future__ import annotations

import unicodedata

import idna

LONGEST_HEADER = 150
LONGEST_LINE = 300

_DROPPED = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def display_text(text: str, longest: int = LONGEST_LINE) -> str:
    """One harmless line; what is too long ends in an ellipsis."""
    kept = "".join(" " if unicodedata.category(c) in _DROPPED else c for c in text)
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def display_lines(text: str, longest: int, most: int) -> tuple[str, ...]:
    """So many harmless lines, those that say something; `longest` counts what stands in all of
    them, beyond which nothing is shown."""
    shown: list[str] = []
    left = longest
    for line in filter(None, map(str.strip, text.splitlines())):
        harmless = display_text(line, max(left, 1))
        if not harmless or left <= 0 or len(shown) == most:
            continue
        shown.append(harmless)
        left -= len(harmless)
    return tuple(shown)


def safe_header(text: str) -> str:
    """A value that can be no header but the one it is put into."""
    return display_text(text, LONGEST_HEADER)


def display_address(address: str) -> str:
    """An address, or a domain alone, that cannot pass for another: letters beyond ASCII in the
    domain as A-labels."""
    local, at, domain = address.strip().rpartition("@")
    try:
        shown = domain if domain.isascii() else idna.encode(domain.lower(), uts46=True).decode()
    except idna.IDNAError:
        shown = domain
    return display_text(f"{local}{at}{shown}", 80)

"""Text as it is compared: signs, quotes and emphasis around it are off, case and accents too."""

from __future__ import annotations

import unicodedata

from nudger.mail.visible import without_signs


def bare(line: str) -> str:
    """A line in lower case without signs, quotes and emphasis around it."""
    text = without_signs(line).replace("’", "'").lower()
    return without_signs(text.strip(" \"'“”„«»*_<>~`¡¿").strip()).strip()


def folded_words(text: str) -> list[str]:
    """The words of a text, lower case, without accents."""
    kept = without_accents(text.casefold())
    return "".join(c if c.isalnum() else " " for c in kept).split()


def without_accents(text: str) -> str:
    """A text without accents, its characters in their plainest form (NFKD)."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c))

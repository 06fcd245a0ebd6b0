"""Texts in a provider's answers, made fit to be kept."""

from __future__ import annotations


def storable_text(value: object) -> str:
    """The text, empty where it is none. What no database takes is left out of it: zero bytes, and
    half letters, which JSON can spell (RFC 8259, 8.2) and programs leave where they cut a text."""
    if not isinstance(value, str):
        return ""
    if value.isascii():
        return value.replace("\0", "")
    whole = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "")

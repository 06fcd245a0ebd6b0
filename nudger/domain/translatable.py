"""Marking a message that is said later, so that it is found for translation where it stands."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802 - gettext's own name, which extractors look for
    """The message as it is."""
    return message

"""The placeholders in a message that are filled in: `%(name)s` and `%(name)d`, and no others;
`%%` is a percent sign."""

from __future__ import annotations

import re

_PLACEHOLDER = re.compile(r"%(?:%|\([a-z_]\w*+\)[sd])", re.IGNORECASE)


def has_plain_placeholders(message: str) -> bool:
    """Whether a message has no others: a width fills the memory."""
    return "%" not in _PLACEHOLDER.sub("", message)


def fits(translation: str, message: str) -> bool:
    """Whether a translation is filled in by just what fills in the message."""
    return has_plain_placeholders(translation) and _named(translation) == _named(message)


def _named(message: str) -> set[str]:
    return set(_PLACEHOLDER.findall(message)) - {"%%"}

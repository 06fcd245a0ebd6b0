"""What somebody wrote in Slack, as plain text.

Slack sends `&`, `<` and `>` escaped, and wraps links, addresses and mentions in angle brackets:
https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re

LONGEST = 8000
_WRAPPED = re.compile(r"<([^<>|\s][^<>|]{0,500})(?:\|([^<>]{0,500}))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def plain_of(text: str) -> str:
    """Linear in the length of the text, of which no more than `LONGEST` is read."""
    plain = _WRAPPED.sub(_shown, text[:LONGEST])
    for entity, sign in _ENTITIES:
        plain = plain.replace(entity, sign)
    return plain


def _shown(found: re.Match[str]) -> str:
    target, label = found[1], found[2]
    return label or target.removeprefix("mailto:")

"""What mail gateways and Outlook write above a mail from outside: "[EXTERNAL] …", "CAUTION: …".

They stand where the answer stands, so that only the lines that are certainly a banner's are taken
out, and what goes on in their wrapped lines. The words differ by language (`vocabulary`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from nudger.mail.ours import folded
from nudger.mail.vocabulary import all_of

LONGEST_LINE = 400
SHORTEST_WRAPPED_LINE = 45

_TAG = re.compile(r"\s*[*_]{0,2}\[([^\[\]]{2,40})\][*_]{0,2}:?\s*")
_RULE = re.compile(r"[\s>]*+[-_*=~–—#]{3,}+[\s-]*+")
_ENDS_A_SENTENCE = (".", "!", "?", ":", ">", ")", "]", "*", "_", "-", "|")


@cache
def _phrase() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{all_of('banner')})(?!\w)")


@cache
def _tag() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('banner_tag')})")


def is_banner(line: str) -> bool:
    """Whether the line says, and says nothing else, that a mail came from outside."""
    words = folded(line[:LONGEST_LINE])
    return _tag().fullmatch(words) is not None or _phrase().search(words) is not None


def without_banners(lines: Sequence[str]) -> list[str]:
    """Without the banners and the rules drawn around them."""
    kept: list[str] = []
    before = ""
    for line in lines:
        if is_banner(line) or (before and _goes_on(before, line)):
            before = line
            continue
        if before and (_RULE.fullmatch(line) or not line.strip()):
            if line.strip():
                continue
            kept.append(line)
        else:
            kept.append(_untagged(line))
        before = ""
    return kept


def _goes_on(before: str, line: str) -> bool:
    """Whether a banner's sentence was wrapped into this line."""
    wrapped = len(before.rstrip()) >= SHORTEST_WRAPPED_LINE and bool(line.strip())
    return wrapped and not before.rstrip().endswith(_ENDS_A_SENTENCE)


def _untagged(line: str) -> str:
    """A line without the "[EXTERNAL]" before its words."""
    tag = _TAG.match(line)
    return line[tag.end() :] if tag and _tag().fullmatch(folded(tag[1])) else line

"""What gateways and Outlook write above a mail: "[EXTERNAL] …", "CAUTION: …", a disclaimer.

They stand where the answer stands, so that only the lines that are certainly a banner's are taken
out, and what goes on in their wrapped lines. The words differ by language (`vocabulary`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from nudger.mail.ours import folded
from nudger.mail.signature_block import opens_disclaimer
from nudger.mail.vocabulary import all_of, whole

LONGEST_LINE = 400
SHORTEST_WRAPPED_LINE = 45
SHORTEST_FULL_LINE = 66
MOST_WORDS_IN_A_FRAME = 5

_TAG = re.compile(r"\s*[*_]{0,2}\[([^\[\]]{2,40})\][*_]{0,2}:?\s*")
_ARMOUR = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----|Hash: [A-Z\d, -]{3,40}")
_MATTERS = ("banner_outside", "banner_mail", "banner_caution")
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


def _warns(line: str) -> bool:
    """Whether the line begins as warnings do and tells of a mail and of the outside: above an
    answer only."""
    words = folded(line[:LONGEST_LINE]).split()
    if not words or not any(whole(name).fullmatch(words[0]) for name in _MATTERS):
        return False
    found = [name for name in _MATTERS if any(map(whole(name).fullmatch, words))]
    is_framed = line.strip()[:1] in "[*<(#=⚠" and len(words) <= MOST_WORDS_IN_A_FRAME
    return "banner_outside" in found and (len(found) == len(_MATTERS) or is_framed)


def without_banners(lines: Sequence[str]) -> list[str]:
    """Without the banners, a disclaimer above all words, and the rules drawn around them."""
    kept: list[str] = []
    before, says_something = "", False
    for at, line in enumerate(lines):
        if _ARMOUR.fullmatch(line):
            continue
        is_above = not says_something and (
            opens_disclaimer(line) or (_warns(line) and any(map(str.strip, lines[at + 1 :][:9])))
        )
        if is_above or is_banner(line) or (before and _goes_on(before, line)):
            before = line
            continue
        if before and (_RULE.fullmatch(line) or not line.strip()):
            if line.strip():
                continue
            kept.append(line)
        else:
            kept.append(_untagged(line))
            says_something = says_something or bool(line.strip())
        before = ""
    return kept


def _goes_on(before: str, line: str) -> bool:
    """Whether a banner's sentence was wrapped into this line."""
    length, bare = len(before.rstrip()), line.strip()
    if not bare or before.rstrip().endswith(_ENDS_A_SENTENCE):
        return False
    goes_on_small = length >= SHORTEST_WRAPPED_LINE and bare[0].islower()
    return goes_on_small or length >= SHORTEST_FULL_LINE


def _untagged(line: str) -> str:
    """A line without the "[EXTERNAL]" before its words."""
    tag = _TAG.match(line)
    return line[tag.end() :] if tag and _tag().fullmatch(folded(tag[1])) else line

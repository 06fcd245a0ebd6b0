"""Text as it is compared: what cannot be seen is gone, blanks are blanks, signs around are off."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_JOINERS = re.compile("[\u200c\u200d\ufe00-\ufe0f\u20e3]")
_SIGNS = frozenset({"So", "Sk", "Cn", "Co", "Cf", "Mn"})
_ARROWS = "→➜➔➡⇒⟶►▶▸‣»"


def visible(text: str) -> str:
    """Text without characters that nobody sees; every blank but the line's end is a plain one."""
    return _BLANKS.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def without_signs(line: str) -> str:
    """A line without the pictures and arrows before and behind its words."""
    text = _JOINERS.sub("", line).strip()
    start, end = 0, len(text)
    while start < end and (_is_sign(text[start]) or text[start] in _ARROWS + " "):
        start += 1
    while end > start and (_is_sign(text[end - 1]) or text[end - 1] == " "):
        end -= 1
    text = text[start:end]
    return text[2:].lstrip() if text.startswith(("->", "=>", ">>")) else text


def bare(line: str) -> str:
    """A line in lower case without signs, quotes and emphasis around it."""
    text = without_signs(line).replace("’", "'").lower()
    return without_signs(text.strip(" \"'“”„«»*_<>~`").strip()).strip()


def folded_words(text: str) -> list[str]:
    """The words of a text, lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in kept).split()


def _is_sign(character: str) -> bool:
    return unicodedata.category(character) in _SIGNS

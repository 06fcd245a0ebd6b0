"""Text without what nobody sees in it: characters that mail programs and pasted pages leave behind.

Sources: Unicode's default ignorable code points (UAX #44) and white space.
"""

from __future__ import annotations

import re

_LINE_END = re.compile(r"\r\n|\r")
_SPACE = re.compile(r"[\f\x1c-\x1f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile(
    "[\u0000\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffc\U000e0000-\U000e007f]"
    # Joiners have a meaning in the scripts from Hebrew to Burmese, and within signs.
    "|(?<![\u0590-\u109f\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]"
    # What trackers in mail programs leave at the end of a mail.
    "|(?<!\\S)\u1427(?!\\S)"
    # A digit that is drawn as a key.
    "|(?<=[0-9#*])\ufe0f?\u20e3"
)
_SIGN = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\ufe0f\u200d\u20e3\U0001f000-\U0001faff]"
)
_SIGNS_AROUND = re.compile(rf"\A(?:{_SIGN}|\s)++|(?:(?<!{_SIGN})(?<!\s))(?:{_SIGN}|\s)++\Z")


def visible(text: str) -> str:
    """Without invisible characters; every kind of space a space, every line end a "\\n"."""
    return _INVISIBLE.sub("", _SPACE.sub(" ", _LINE_END.sub("\n", text)))


def without_signs(line: str) -> str:
    """Without emoji and arrows at its ends; empty where it holds nothing else."""
    return _SIGNS_AROUND.sub("", line)

"""What an empty reply box suggests: an answer that fits the mail which is open."""

from __future__ import annotations

import re

_EXAMPLE = re.compile(r"For example: (.+)$", re.MULTILINE)
_LETTERED_EXAMPLE = re.compile(r"^ {0,2}A: (.+)$", re.MULTILINE)
_LETTERED_CALL = re.compile(r"^B\. \S", re.MULTILINE)
_THIRD_MILESTONE = re.compile(r"^ {0,2}3[ \u00a0]{2}\S", re.MULTILINE)


def reply_hint(text: str) -> str:
    """Lines that somebody could send in reply to this mail, by the words that it has itself: in
    plain text, Nudger's own or the one that Exchange makes of the page."""
    asks_about_several = _LETTERED_CALL.search(text) is not None
    if "Did they agree?" in text:
        return "A: yes\nB: partly, the date is open" if asks_about_several else "yes"
    number = "\n3" if _THIRD_MILESTONE.search(text) else ""
    lettered = _LETTERED_EXAMPLE.search(text)
    if asks_about_several and lettered is not None:
        return f"A: {lettered[1]}{number}\nB: later 2h"
    example = _EXAMPLE.search(text)
    if example is not None:
        return example[1].strip("“”") + number
    return "undo" if "“undo” takes it back" in text else "Write a reply"

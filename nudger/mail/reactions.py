"""What mail programs send for a click on a sign: a thumbs-up is no answer.

Sources: Outlook's "… reacted to your message", Gmail's reaction part, the words of tapbacks.
"""

from __future__ import annotations

import re

from nudger.mail.message import Inbound
from nudger.mail.visible import without_signs
from nudger.mail.vocabulary import whole

GMAIL_REACTION = "text/vnd.google.email-reaction+json"
LONGEST_LINE = 500

_LINK = re.compile(r"<(?:https?|mailto):[^<>\s]{0,2000}>")
_ALTERNATIVE_TEXT = re.compile(r"\[[\w ]{2,20}\]")


def is_reaction(inbound: Inbound, text: str) -> bool:
    """Whether a mail is a reaction and no more; `text` are its own words."""
    if GMAIL_REACTION in inbound.part_types:
        return True
    shown = [line for line in text.split("\n") if line.strip()]
    said = [bare for line in shown if (bare := _without_pictures(line))]
    return bool(shown) and all(whole("reaction").fullmatch(line) for line in said)


def _without_pictures(line: str) -> str:
    words = _ALTERNATIVE_TEXT.sub("", _LINK.sub("", line[:LONGEST_LINE]))
    return without_signs(words.strip("* _"))

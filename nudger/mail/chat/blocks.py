"""The blocks of which messages and forms are made, within Slack's limits.

Whatever comes from calendars, customers or reps stands in `plain_text` objects, in which nothing is
a mention, a link or an emphasis. The limits: https://docs.slack.dev/reference/block-kit
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]

LONGEST_SECTION, LONGEST_HEADER, LONGEST_BUTTON, LONGEST_TITLE = 3000, 150, 75, 24
LONGEST_OPTION, MOST_OPTIONS, MOST_BLOCKS, MOST_BUTTONS = 75, 100, 50, 25
LONGEST_TEXT = 3000


def cut(text: str, longest: int) -> str:
    """Never empty, which Slack refuses; what is too long ends in an ellipsis."""
    return text if 0 < len(text) <= longest else (text[: longest - 1].rstrip() + "…")


def plain(text: str, longest: int) -> Block:
    return {"type": "plain_text", "text": cut(text, longest), "emoji": False}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, LONGEST_HEADER)}


def section(*lines: str) -> Block:
    text = "\n".join(line for line in lines if line)
    return {"type": "section", "text": plain(text, LONGEST_SECTION)}


def context(text: str) -> Block:
    return {"type": "context", "elements": [plain(text, LONGEST_SECTION)]}


def button(says: str, act: str, call: int, *, is_main: bool = False) -> Block:
    """`act` says what it does and is one of a kind in its message, once `call` stands beside it."""
    shown: Block = {
        "type": "button",
        "text": plain(says, LONGEST_BUTTON),
        "action_id": f"{act}:{call}",
        "value": str(call),
    }
    return {**shown, "style": "primary"} if is_main else shown


def actions(buttons: Sequence[Block]) -> Block:
    return {"type": "actions", "elements": list(buttons[:MOST_BUTTONS])}


def option(says: str, value: str) -> Block:
    return {"text": plain(says, LONGEST_OPTION), "value": value}


def escaped(text: str) -> str:
    """For the line that notifications show, in which Slack reads `&`, `<` and `>` as its own."""
    harmless = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return cut(harmless, LONGEST_TEXT)

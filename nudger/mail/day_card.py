"""The day's plan as an Adaptive Card: who calls whom and when, and which calls have a C.O. yet.

What was answered is not in it: a channel may have readers for whom no rep wrote that. Names stand
in text runs, which know no Markdown: https://adaptivecards.microsoft.com
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from nudger.domain.translatable import N_
from nudger.mail.catalogue import Catalogue
from nudger.mail.compose import long_day
from nudger.mail.display import display_text

MOST_BYTES = 28_000
MOST_CALLS = 60
TITLE = N_("Customer calls today, %(day)s")
COUNTED = N_("With a Commitment Objective: %(prepared)s of %(count)s")
MORE = N_("%(count)s more")
LEGEND = N_("✓ has a Commitment Objective · ○ has none yet")


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call of somebody who lets the channel see it; `start` is in the channel's zone."""

    start: datetime
    rep: str = field(repr=False)
    customer: str = field(repr=False)
    has_commitment: bool = False
    all_day: bool = False


def day_card(words: Catalogue, day: date, calls: Sequence[PlannedCall]) -> str:
    """The body of the request; calls that would make it too large are counted instead."""
    shown = min(len(calls), MOST_CALLS)
    while True:
        body = _body(words, day, calls, shown)
        if len(body.encode()) <= MOST_BYTES or shown == 0:
            return body
        shown -= 5 if shown > 5 else 1


def _body(words: Catalogue, day: date, calls: Sequence[PlannedCall], shown: int) -> str:
    prepared = sum(call.has_commitment for call in calls)
    moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - only its date is said
    title = words.say(TITLE, day=long_day(words, moment))
    counted = words.say(COUNTED, prepared=prepared, count=len(calls))
    more = len(calls) - shown
    blocks = [
        _line(title, size="Large", weight="Bolder"),
        _line(counted),
        *(_call(call) for call in calls[:shown]),
        *([_line(words.say(MORE, count=more))] if more else []),
        _line(words.say(LEGEND), is_subtle=True),
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
        "msteams": {"width": "Full"},
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return json.dumps({"type": "message", "attachments": [attachment]}, ensure_ascii=False)


def _call(call: PlannedCall) -> dict[str, Any]:
    at = "" if call.all_day else f"{call.start:%H:%M}  "
    sign = "✓" if call.has_commitment else "○"
    customer, rep = display_text(call.customer, 80), display_text(call.rep, 60)
    return _line(f"{sign}  {at}{customer} · {rep}")


def _line(
    text: str, size: str = "Default", weight: str = "Default", *, is_subtle: bool = False
) -> dict[str, Any]:
    run = {"type": "TextRun", "text": text, "size": size, "weight": weight, "isSubtle": is_subtle}
    return {"type": "RichTextBlock", "inlines": [run]}

"""What a page shows of the days to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nudger.admin.setup.proof import Week
from nudger.domain.reasons import reason_of
from nudger.domain.verdict import Decision
from nudger.mail.display import display_text
from nudger.web.console.moments import Moments

LONGEST_TITLE, LONGEST_ERROR, MOST_SHOWN = 80, 300, 100


def week_values(week: Week) -> dict[str, Any]:
    """Those that would be asked about, the others with why not, and calendars that cannot be
    read."""
    moments = Moments(week.zone)
    rows = [_row(one, moments) for one in week.preview.rows]
    others = [one for one in rows if not one["asks"]]
    return {
        "problem": None,
        "asked": [one for one in rows if one["asks"]][:MOST_SHOWN],
        "others": others[:MOST_SHOWN],
        "more": max(0, len(others) - MOST_SHOWN),
        "unknown": [(domain, count) for domain, count in week.preview.unknown.most_common(10)],
        "failures": [
            (rep, display_text(error, LONGEST_ERROR))
            for rep, error in week.preview.failures.items()
        ],
        "read": len(week.reps),
        "watched": week.watched,
    }


def _row(one: Mapping[str, Any], moments: Moments) -> dict[str, Any]:
    ask_at = one["ask_at"]
    return {
        "asks": one["verdict"] == Decision.ASK.value,
        "title": display_text(one["title"], LONGEST_TITLE),
        "start": moments.say(datetime.fromisoformat(one["start"])),
        "customers": ", ".join(one["customer"]),
        "rep": one["rep"] or one["calendar"],
        "why": reason_of(one["reason"]).words,
        "ask_at": moments.say(datetime.fromisoformat(ask_at)) if ask_at else None,
    }

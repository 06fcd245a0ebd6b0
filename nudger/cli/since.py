"""How far back a command looks: `--since`."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nudger.cli.console import fail

_DAYS_BACK = re.compile(r"-?(\d{1,4})d", re.ASCII)


def moment_since(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of a day, as in "2026-10-01", in this zone; or as many days before `now` as
    "-30d" says. Ends the command where the text is neither, or lies ahead."""
    days_back = _DAYS_BACK.fullmatch(text.strip())
    if days_back:
        return now - timedelta(days=int(days_back[1]))
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        fail(f"--since is {text!r}: a day such as 2026-10-01, or -30d, is expected.")
    begin = datetime(day.year, day.month, day.day, tzinfo=zone)
    if begin > now:
        fail(f"--since is {text!r}, which lies ahead.")
    return begin

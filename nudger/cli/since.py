"""Which stretch of time a command looks at: `--since` and `--until`."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from nudger.cli.console import refuse
from nudger.domain.when import read_bound


def moment_since(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of a day, as in "2026-10-01", in this zone; or as many days before `now` as
    "-30d" says. Ends the command where the text is neither, or lies ahead."""
    begin = beginning(text, now, zone)
    if begin > now:
        refuse(f"--since is {text!r}, which lies ahead.")
    return begin


def beginning(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The same, also of what lies ahead."""
    meant = read_bound(text, now, zone, days_ahead=False)
    if meant is None:
        refuse(f"--since is {text!r}: a day such as 2026-10-01, or -30d, is expected.")
    return meant[0]


def end(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The end of a day in this zone; or as many days after `now` as "14d" says, before it where
    "-7d" does. Ends the command where the text is neither."""
    meant = read_bound(text, now, zone, days_ahead=True)
    if meant is None:
        refuse(f"--until is {text!r}: a day such as 2026-10-01, or 14d, is expected.")
    return meant[1]

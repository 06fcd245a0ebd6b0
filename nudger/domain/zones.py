"""The names of time zones: IANA's, and those that Windows, Outlook and exports use.

Outlook has Windows names ("W. Europe Standard Time"), some IANA names, and "tzone://Microsoft/…"
for zones without a name. The table is CLDR's, as Babel ships it.
"""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

LONGEST_NAME = 64
UTC_NAMES = frozenset({"utc", "etc/utc", "gmt", "etc/gmt", "z", "tzone://microsoft/utc"})


def known_zone(name: str) -> ZoneInfo | None:
    """The zone of an IANA name, `None` for any other text."""
    if len(name) > LONGEST_NAME:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=1024)
def zone_or_utc(name: str) -> ZoneInfo:
    """The zone of an IANA name; UTC for any other text."""
    return known_zone(name) or ZoneInfo("UTC")


@lru_cache(maxsize=1024)
def iana_name(name: str) -> str | None:
    """The IANA name of an IANA or Windows name, `None` for any other text; every name of UTC is
    "UTC"."""
    known: str = get_global("windows_zone_mapping").get(name, name)
    if name.casefold() in UTC_NAMES or known.casefold() in UTC_NAMES:
        return "UTC"
    return known if known_zone(known) else None

"""Time zones as Outlook names them.

Graph uses Windows names ("W. Europe Standard Time"), some IANA names, and "tzone://Microsoft/…" for
zones without a name. The table is CLDR's, as Babel ships it.
"""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

_UTC_NAMES = frozenset({"", "UTC", "Etc/UTC", "Etc/GMT", "GMT", "tzone://Microsoft/Utc"})


@lru_cache(maxsize=1024)
def iana_zone(name: str | None) -> str:
    """The IANA name; "UTC" for a zone that has none (custom or unknown ones)."""
    if name is None or name in _UTC_NAMES:
        return "UTC"
    known: str = get_global("windows_zone_mapping").get(name, name)
    if known in _UTC_NAMES:
        return "UTC"
    try:
        ZoneInfo(known)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
    return known

"""Time zones as Outlook names them.

Graph uses Windows names ("W. Europe Standard Time"), some IANA names, and "tzone://Microsoft/…" for
zones without a name. The table is CLDR's, as Babel ships it.
"""

from __future__ import annotations

from functools import lru_cache

from babel.core import get_global

from nudger.domain.working_hours import known_zone

_UTC_NAMES = frozenset({"", "UTC", "Etc/UTC", "Etc/GMT", "GMT", "tzone://Microsoft/Utc"})


def iana_zone(name: str | None) -> str:
    """The IANA name; "UTC" for a zone that has none (custom or unknown ones)."""
    return find_zone(name or "") or "UTC"


@lru_cache(maxsize=1024)
def find_zone(name: str) -> str | None:
    """The IANA name, `None` for a zone that has none; every name of UTC is "UTC"."""
    known: str = get_global("windows_zone_mapping").get(name, name)
    if name in _UTC_NAMES or known in _UTC_NAMES:
        return "UTC"
    return known if known_zone(known) else None

"""What this machine tells of whoever sets Nudger up: its time zone, its language."""

from __future__ import annotations

import locale
import os
import warnings

from tzlocal import get_localzone_name

from nudger.domain.starter_milestones import LANGUAGES
from nudger.domain.zones import UTC_NAMES, known_zone


def guess_zone() -> str | None:
    """The machine's IANA zone; `None` where it is UTC, as on most servers: nobody lives there."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            name = get_localzone_name()
    except Exception:  # it reads whatever a machine's configuration holds
        return None
    if not name or name.casefold() in UTC_NAMES or known_zone(name) is None:
        return None
    return str(name)


def guess_language() -> str:
    """The language of the machine's messages where our mails are written in it; else English."""
    named = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    named.append(locale.getlocale()[0] or "")
    code = next((one[:2].lower() for one in named if one), "en")
    return code if code in LANGUAGES else "en"

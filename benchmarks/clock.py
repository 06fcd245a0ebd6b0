"""A clock that another process can be given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def ahead(by: timedelta) -> datetime:
    return datetime.now(UTC) + by

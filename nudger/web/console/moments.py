"""How pages of the console say when something was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Moments:
    """Says them in the settings' zone, as the commands do."""

    zone: ZoneInfo

    def say(self, moment: datetime | None) -> str:
        """As in "Tue 24 Nov 2026 14:00"; "never" for none."""
        return "never" if moment is None else f"{moment.astimezone(self.zone):%a %d %b %Y %H:%M}"

    def say_exactly(self, written: str) -> str:
        """As in "Tue 24 Nov 2026 14:00:05", of an ISO moment."""
        return f"{datetime.fromisoformat(written).astimezone(self.zone):%a %d %b %Y %H:%M:%S}"

    def say_day(self, moment: datetime) -> str:
        """As in "24 Nov"."""
        local = moment.astimezone(self.zone)
        return f"{local.day} {local:%b}"

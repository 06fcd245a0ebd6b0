"""How pages of the console say when something was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
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

    def midnight(self, typed: str) -> datetime | None:
        """When a day begins, typed as in "2026-11-24"; `None` for what is no day."""
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            return None
        return datetime.combine(day, time(), self.zone) if day.year in _YEARS else None

    def day_of(self, moment: datetime) -> datetime:
        """When the day of this moment began."""
        return datetime.combine(moment.astimezone(self.zone).date(), time(), self.zone)


_YEARS = range(1970, 9000)
"""Years that every database can keep, in any zone."""

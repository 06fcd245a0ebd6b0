"""The addresses of the add-in's page and pictures."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "/addin/outlook"
PANE = f"{PREFIX}/pane"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Below the address that browsers reach our pages at, without a slash at its end."""

    public_url: str

    @property
    def pane(self) -> str:
        return f"{self.public_url}{PANE}"

    def icon(self, pixels: int) -> str:
        """One of those in `nudger/web/static/outlook`."""
        return f"{self.public_url}/static/outlook/icon-{pixels}.png"

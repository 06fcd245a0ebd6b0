"""The addresses at which Google calls the add-on."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "/addon/google"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Below the address that browsers reach our pages at, without a slash at its end."""

    public_url: str

    @property
    def home(self) -> str:
        return f"{self.public_url}{PREFIX}/home"

    @property
    def event(self) -> str:
        return f"{self.public_url}{PREFIX}/event"

    @property
    def act(self) -> str:
        return f"{self.public_url}{PREFIX}/act"

    @property
    def pages(self) -> str:
        """How the addresses begin that a card may open."""
        return f"{self.public_url}/"

    @property
    def all(self) -> tuple[str, ...]:
        return self.home, self.event, self.act

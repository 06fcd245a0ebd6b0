"""An independent record of what happened: every call, every mail, who can read what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Delivery:
    """A mail that reached somebody. `kind` is "mail" or "calendar_update"."""

    to: str
    sender: str
    subject: str
    kind: str


@dataclass
class Ledger:
    calls: Counter[str] = field(default_factory=Counter)
    calls_by_person: Counter[tuple[str, str]] = field(default_factory=Counter)
    deliveries: list[Delivery] = field(default_factory=list)

    def called(self, method: str, person: str) -> None:
        self.calls[method] += 1
        self.calls_by_person[method, person] += 1

    def delivered(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)

    def mails_outside(self, inside: Iterable[str]) -> list[Delivery]:
        """What reached people whose domain is none of these."""
        domains = set(inside)
        return [one for one in self.deliveries if one.to.rpartition("@")[2] not in domains]

    def reset(self) -> None:
        self.calls.clear()
        self.calls_by_person.clear()
        self.deliveries.clear()

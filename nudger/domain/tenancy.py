"""Whether reps get our mail from within their own organization, or from outside of it.

Mail "from us" that comes from outside is taken for forged, even where SPF, DKIM and DMARC pass; so
the mailbox that asks belongs where the reps' mailboxes are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nudger.domain.event import Provider


@dataclass(frozen=True, slots=True)
class Seat:
    """A mailbox: its address, and who keeps it."""

    address: str
    provider: Provider

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def why_from_outside(
    asks: Seat, asked: Seat, is_ours: Callable[[str], bool] = lambda _address: False
) -> str | None:
    """Why mail from the one reaches the other from outside, `None` where it does not.

    `is_ours` tells whether an address is at one of the organization's own domains: an organization
    may have several in one place.
    """
    if asks.provider is not asked.provider:
        return (
            f"{asks.address} is kept by {_KEPT_BY[asks.provider]}, {asked.address} by "
            f"{_KEPT_BY[asked.provider]}: mail between them may be taken for forged. Set a "
            f"mailbox under [{asked.provider}], too"
        )
    if asks.domain != asked.domain and not is_ours(asks.address):
        return (
            f"{asks.domain} is not among your own domains: mail to {asked.address} comes from "
            "outside and may be taken for forged. Ask from a mailbox in the reps' own organization"
        )
    return None


_KEPT_BY = {Provider.GOOGLE: "Google", Provider.MICROSOFT: "Microsoft"}

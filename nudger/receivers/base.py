"""What a receiver is given, and what it makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from nudger.domain.notices import NoticeKind, Receipt


@dataclass(frozen=True, slots=True)
class Parcel:
    """A notice as it is delivered now. `call` is docs/export.md's; `guests` are the addresses of
    the call's outside people, for who looks the call up by them."""

    id: str
    kind: NoticeKind
    body: str = field(repr=False)
    call: Mapping[str, Any] = field(repr=False)
    guests: tuple[str, ...] = field(default=(), repr=False)
    sent_at: datetime = field(kw_only=True)


class Receiver(Protocol):
    """Somebody who is told. Neither raises anything that it can foresee."""

    def deliver(self, parcel: Parcel) -> Receipt: ...

    def look(self) -> Receipt:
        """What a delivery would meet, as far as can be seen without one."""
        ...

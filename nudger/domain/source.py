"""What a rep's word came in: a reply, a page, an add-on, or a chat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Source:
    """`key` tells what is caused by this word from what is caused by another. `inbound_id` is the
    stored mail of a reply, `None` where it was no mail."""

    key: str
    inbound_id: int | None = None

    @classmethod
    def of_reply(cls, inbound_id: int) -> Self:
        return cls(str(inbound_id), inbound_id)

    @classmethod
    def of_page(cls, random_bytes: Callable[[int], bytes]) -> Self:
        return cls(f"page-{random_bytes(8).hex()}")

    @classmethod
    def of_addon(cls, random_bytes: Callable[[int], bytes]) -> Self:
        return cls(f"addon-{random_bytes(8).hex()}")

    @classmethod
    def of_chat(cls, word_id: int) -> Self:
        return cls(f"chat-{word_id}")

"""What a reply says, held against what the same person said before in the very same words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from nudger.domain.responding import REMEMBERED, Saying
from nudger.runtime.context import Context
from nudger.store import inbox


@dataclass(frozen=True, slots=True)
class Said:
    """A reply as it was said now, and those before it by their ids."""

    now: Saying
    before: Mapping[int, Saying]


def keep_words(ctx: Context, tx: Connection, inbound_id: int, mail_id: int, text: str) -> None:
    """Remember the words of a reply to a mail of ours; their spaces and capitals do not count."""
    words = " ".join(text.casefold().split())
    if words:
        inbox.keep_words(tx, inbound_id, mail_id, ctx.vault.digest(words))


def said(ctx: Context, tx: Connection, inbound_id: int) -> Said | None:
    """`None` where the reply has no words of its own."""
    now = inbox.find_saying(tx, inbound_id)
    if now is None:
        return None
    return Said(now, inbox.said_before(tx, inbound_id, ctx.clock() - REMEMBERED))

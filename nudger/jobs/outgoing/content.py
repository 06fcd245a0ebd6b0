"""What a row of the outbox says and what its mail said, sealed and opened.

What is sealed belongs to its row: content to what makes the row unique, since it is sealed before
the row has a number, own lines to its number.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TypeVar

from nudger.mail.kind import Content
from nudger.mail.own_lines import OwnLines
from nudger.runtime.context import Context
from nudger.store.outbox import Mail

C = TypeVar("C", bound=Content)


def sealed_content(ctx: Context, once: str, content: Content) -> bytes:
    return ctx.vault.seal_json(content.model_dump(mode="json"), f"mail.content:{once}")


def ensure_opens(ctx: Context, mail: Mail) -> None:
    """Raises `SealBroken`, before other mails wait for this one."""
    if mail.content is not None:
        ctx.vault.open_json(mail.content, f"mail.content:{mail.once}")


def opened_content(ctx: Context, mail: Mail, model: type[C]) -> C:
    """What the row says, by the model of its kind. Raises `ValidationError`."""
    if mail.content is None:
        return model()
    return model.model_validate(ctx.vault.open_json(mail.content, f"mail.content:{mail.once}"))


def sealed_own_lines(ctx: Context, mail: Mail, lines: OwnLines) -> bytes:
    return ctx.vault.seal_json(asdict(lines), f"mail.own_lines:{mail.id}")


def opened_own_lines(ctx: Context, mail: Mail) -> OwnLines:
    """The lines of the mail as it was drafted; none of one that was drafted by an older version."""
    if mail.own_lines is None:
        return OwnLines()
    stored = ctx.vault.open_json(mail.own_lines, f"mail.own_lines:{mail.id}")
    return OwnLines(tuple(stored["plain"]), tuple(stored["page"]))

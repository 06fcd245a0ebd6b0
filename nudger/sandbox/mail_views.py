"""What the inbox page shows of mails, and of one that is open."""

from __future__ import annotations

import email
import re
from collections.abc import Iterable
from datetime import datetime
from email.message import EmailMessage
from email.policy import default as readable
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

from nudger.sandbox.entries import StoredMessage
from nudger.sandbox.reply_hints import reply_hint

_ABOVE = "▲ Please reply above this line ▲"
_UNSEEN = {0x034F: None, 0x200C: None}
"""What fills a preheader, so that nothing else of the mail stands in the list beside it."""


def parsed_mail(raw: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(raw, policy=readable)
    assert isinstance(parsed, EmailMessage)  # noqa: S101 - by the policy
    return parsed


def part_of(message: EmailMessage, kind: str) -> str:
    """The text of the first part of this kind, "plain" or "html"; empty without one."""
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def unread(messages: Iterable[StoredMessage]) -> int:
    """How many came in and were not opened."""
    return sum(1 for one in messages if {"INBOX", "UNREAD"} <= one.labels)


def newest_link(messages: Iterable[StoredMessage], start: str) -> str | None:
    """The address that begins so in the newest mail with one."""
    wanted = re.compile(re.escape(start) + r"[\w-]{1,100}")
    for message in sorted(messages, key=lambda one: one.history_id, reverse=True):
        parsed = parsed_mail(message.raw)
        found = wanted.search(part_of(parsed, "plain") + part_of(parsed, "html"))
        if found is not None:
            return found[0]
    return None


def line_of(message: StoredMessage, owner: str, zone: ZoneInfo) -> dict[str, Any]:
    """A mail in the list."""
    parsed = parsed_mail(message.raw)
    own = "SENT" in message.labels and owner not in str(parsed.get("To", ""))
    return {
        "id": message.id,
        "from": _names(parsed, "From"),
        "to": _names(parsed, "To"),
        "own": own,
        "unread": "UNREAD" in message.labels and not own,
        "subject": str(parsed.get("Subject", "")),
        "at": _date(parsed, message.received_at).astimezone(zone).strftime("%a %H:%M"),
        "snippet": _snippet(part_of(parsed, "plain")),
    }


def opened(message: StoredMessage, owner: str, zone: ZoneInfo) -> dict[str, Any]:
    """A mail to read and to reply to."""
    parsed = parsed_mail(message.raw)
    text = part_of(parsed, "plain")
    return {
        **line_of(message, owner, zone),
        "text": text,
        "hint": reply_hint(text),
        "has_html": bool(part_of(parsed, "html")),
    }


def framed_mail(message: StoredMessage) -> str:
    """The mail's own page, whose links open beside it."""
    page = part_of(parsed_mail(message.raw), "html")
    base = '<base target="_blank">'
    return page.replace("<head>", f"<head>{base}", 1) if "<head>" in page else base + page


def _snippet(text: str) -> str:
    return " ".join(text.translate(_UNSEEN).replace(_ABOVE, "").split())[:110]


def _names(parsed: EmailMessage, field: str) -> str:
    pairs = getaddresses([str(parsed.get(field, ""))])
    return ", ".join(name or address for name, address in pairs)


def _date(parsed: EmailMessage, received_at: datetime) -> datetime:
    try:
        return parsedate_to_datetime(str(parsed["Date"]))
    except (ValueError, TypeError):
        return received_at

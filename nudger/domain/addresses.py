"""What a mail address says by itself, before anybody lists its domain."""

from __future__ import annotations

import re

GMAIL_DOMAINS = frozenset({"gmail.com", "googlemail.com"})

_MACHINE = re.compile(
    r"(?:no[._-]?reply|do[._-]?not[._-]?reply|auto[._-]?reply|notifications?|mailer-daemon"
    r"|postmaster|bounces?|calendar-notification|(?:.*[._-])?note[._-]?taker)(?:[+._-].*)?"
)
_ENCAPSULATED = re.compile(r"imceasmtp-(.+)@[^@]*")
_HEX = re.compile(r"\+([0-9a-f]{2})")
_ROOM_NAME = re.compile(
    r"\b(?:meeting|conference|conf|board|training|huddle)[ -]?rooms?\b"
    r"|(?:besprechungs|konferenz|meeting|schulungs|sitzungs)(?:raum|zimmer)\b"
    r"|\bsalle de (?:réunion|conférence)|\bsala (?:de |di )?(?:re?uni|riuni|conferen|juntas|konfer)"
    r"|\bvergader(?:ruimte|zaal|kamer)\b|\b(?:mötes|konferens|møte)ro?u?m\b|\bmødelokale\b"
    r"|neuvotteluhuone|zasedací místnost|toplantı odası|переговорн|会議室|会议室|會議室|회의실",
    re.IGNORECASE,
)
_ROOM_ADDRESS = re.compile(
    r"(?:meeting|conf(?:erence)?|board|huddle)[._-]?rooms?(?![a-z])"
    r"|(?:besprechungs|konf(?:erenz)?|meeting)(?:raum|zimmer)"
    r"|(?:room|raum|salle|sala)[._-]?\d"
)


def plain_address(address: str) -> str:
    """The address in the form in which it is compared: lower-case, without a root dot, and out of
    Exchange's wrapper for foreign addresses ("IMCEASMTP-dana+40acme+2Ecom@…")."""
    plain = address.strip().lower().rstrip(".")
    if plain.startswith("imceasmtp-") and (wrapped := _ENCAPSULATED.fullmatch(plain)):
        inner = _HEX.sub(lambda match: chr(int(match[1], 16)), wrapped[1])
        return inner if inner.count("@") == 1 else plain
    return plain


def read_address(text: str) -> str | None:
    """The address that somebody typed, lower-case; `None` where it cannot be one. What a mail
    claims to be from is held to more: see `mail.inbound`."""
    local, _, domain = text.strip().lower().rpartition("@")
    is_one = local and "@" not in local and "." in domain.strip(".") and len(text.split()) == 1
    return f"{local}@{domain}" if is_one else None


def name_in(address: str) -> str:
    """The name that an address suggests: "Ana Weber" for ana.weber@ourco.com."""
    return address.partition("@")[0].replace(".", " ").title()


def mailbox_of(address: str) -> str:
    """The mailbox that a plain address reaches, as far as is known: Gmail leaves out dots and what
    follows a plus (support.google.com/mail/answer/7436150)."""
    local, _, domain = address.rpartition("@")
    if domain not in GMAIL_DOMAINS:
        return address
    return f"{local.partition('+')[0].replace('.', '')}@gmail.com"


def is_machine(local: str) -> bool:
    """Whether no person reads this local part: RFC 2142 and common use."""
    return _MACHINE.fullmatch(local) is not None


def is_room(address: str, name: str) -> bool:
    """Whether the address or the name shown beside it is a room's: one that a calendar program did
    not mark, as happens to rooms of other companies."""
    return (
        _ROOM_ADDRESS.match(address.partition("@")[0]) is not None
        or _ROOM_NAME.search(name) is not None
    )

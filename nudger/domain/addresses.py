"""What a mail address says by itself, before anybody lists its domain."""

from __future__ import annotations

import re

GMAIL_DOMAINS = frozenset({"gmail.com", "googlemail.com"})

_MACHINE = re.compile(
    r"(?:no[._-]?reply|do[._-]?not[._-]?reply|auto[._-]?reply|notifications?|mailer-daemon"
    r"|postmaster|bounces?|calendar-notification|mailer|(?:mail)?robot|scheduler"
    r"|calendar-invites?|(?:.*[._-])?note[._-]?taker)(?:[+._-].*)?"
)
_ENCAPSULATED = re.compile(r"imceasmtp-(.+)@[^@]*")
_HEX = re.compile(r"\+([0-9a-f]{2})")
_GUEST, _TENANTS = "#ext#", ".onmicrosoft.com"


def plain_address(address: str) -> str:
    """The address in the form in which it is compared: lower-case, without a root dot, and out of
    what Microsoft wraps foreign addresses in: Exchange's ("IMCEASMTP-dana+40acme+2Ecom@…") and a
    tenant's guest account ("dana_acme.com#EXT#@ourco.onmicrosoft.com")."""
    plain = address.strip().lower().rstrip(".")
    if plain.startswith("imceasmtp-") and (wrapped := _ENCAPSULATED.fullmatch(plain)):
        inner = _HEX.sub(lambda match: chr(int(match[1], 16)), wrapped[1])
        return inner if inner.count("@") == 1 else plain
    return _home_of_guest(plain) if _GUEST in plain else plain


def _home_of_guest(plain: str) -> str:
    """The home address stands before the mark, its "@" as the last underscore (Microsoft Entra,
    "Properties of a Microsoft Entra B2B collaboration user")."""
    local, _, tenant = plain.rpartition("@")
    name, _, home = local.removesuffix(_GUEST).rpartition("_")
    is_guest = local.endswith(_GUEST) and tenant.endswith(_TENANTS)
    return f"{name}@{home}" if is_guest and name and "." in home.strip(".") else plain


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

"""What ships with the program about the world's domains; data/*.txt, a domain or address a line."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def freemail_domains() -> frozenset[str]:
    """Domains whose addresses belong to anybody, groups that are open to anybody among them."""
    return _lines("freemail.txt")


@cache
def nobody_domains() -> frozenset[str]:
    """Domains, and single addresses, of bots that join meetings, and of services that only record,
    plan or connect them; "*.acme.com" is what lies in a domain without the domain itself."""
    return _lines("note_takers.txt") | _lines("services.txt")


@cache
def mass_senders() -> frozenset[str]:
    """Domains and single addresses that invite everybody who signed up for a webinar or event."""
    return _lines("mass_senders.txt")


def _lines(name: str) -> frozenset[str]:
    text = (files("nudger.domain") / "data" / name).read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))

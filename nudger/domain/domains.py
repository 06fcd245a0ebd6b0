"""Whose address is this: ours, a partner's, a customer's, or somebody's never to be asked about?

Domains are compared as IDNA 2008 A-labels (RFC 5891, by UTS 46 non-transitional), sub-domains
included; the longest entry wins, and a single address wins over any domain. A customer is known
by its registrable domain (Public Suffix List), a freemail guest by the whole address. In doubt an
address is outside.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files

import idna
from publicsuffixlist import PublicSuffixList

RESOURCE_DOMAINS = frozenset({"resource.calendar.google.com"})
GROUP_DOMAINS = frozenset({"group.calendar.google.com", "googlegroups.com"})
NOBODY_DOMAINS = frozenset(
    {"calendar.google.com", "import.calendar.google.com", "group.v.calendar.google.com"}
)


class DomainKind(StrEnum):
    """What an admin says that a domain or an address is."""

    OURS = "ours"
    PARTNER = "partner"
    CUSTOMER = "customer"
    NEVER = "never"


class PartyKind(StrEnum):
    """What an address turned out to be. `OUTSIDE` is an outside address that nobody listed."""

    OURS = "ours"
    PARTNER = "partner"
    CUSTOMER = "customer"
    OUTSIDE = "outside"
    NEVER = "never"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Party:
    """`customer` names whose guest this is (for customers and outsiders); `entry` is the listed
    domain or address that decided; `lookalike` marks a domain made to be mistaken for ours."""

    kind: PartyKind
    customer: str | None = None
    entry: str | None = None
    lookalike: bool = False


_OURS = Party(PartyKind.OURS)
_NOBODY = Party(PartyKind.NOBODY)


@dataclass(frozen=True)
class DomainRules:
    """The admin's entries. Keys are as `clean_entry` gives them.

    `mailboxes` are addresses of ours that are nobody (the one that asks); `note_takers` are the
    domains of bots that join meetings.
    """

    entries: Mapping[str, DomainKind]
    mailboxes: frozenset[str] = frozenset()
    note_takers: frozenset[str] = frozenset()
    _by_domain: dict[str, Party] = field(default_factory=dict, compare=False, repr=False)

    def classify(self, address: str) -> Party:
        """What this address is. Never raises: what cannot be read is outside."""
        local, _, domain = address.strip().lower().rpartition("@")
        if address.lower() in self.mailboxes:
            return _NOBODY
        single = self.entries.get(address.strip().lower())
        if single is not None and local:
            return self._party(single, customer_of(local, a_label(domain)), address.lower())
        party = self._by_domain.get(domain)
        if party is None:
            party = self._by_domain[domain] = self._classify_domain(a_label(domain))
        if party.kind in (PartyKind.CUSTOMER, PartyKind.OUTSIDE) and domain in freemail_domains():
            return Party(party.kind, f"{local}@{domain}", party.entry)
        return party

    def _classify_domain(self, domain: str) -> Party:
        if any(_within(domain, nobody) for nobody in self._nobodies()):
            return _NOBODY
        for candidate in _parents(domain):
            kind = self.entries.get(candidate)
            if kind is not None:
                return self._party(kind, registrable(domain), candidate)
        lookalike = any(
            looks_like(domain, ours)
            for ours, kind in self.entries.items()
            if kind is DomainKind.OURS and "@" not in ours
        )
        return Party(PartyKind.OUTSIDE, registrable(domain), lookalike=lookalike)

    def _nobodies(self) -> frozenset[str]:
        return RESOURCE_DOMAINS | NOBODY_DOMAINS | self.note_takers | note_taker_domains()

    @staticmethod
    def _party(kind: DomainKind, customer: str, entry: str) -> Party:
        inside = kind in (DomainKind.OURS, DomainKind.PARTNER)
        return Party(PartyKind(kind.value), None if inside else customer, entry)


def clean_entry(entry: str) -> str:
    """A listed domain or address in the form in which it is compared. Raises `ValueError`."""
    text = entry.strip().lower().removeprefix("http://").removeprefix("https://").rstrip("/.")
    local, at, domain = text.rpartition("@")
    label = a_label(domain.removeprefix("*."))
    if not label or "." not in label or any(c.isspace() or c in "/:,;" for c in text):
        raise ValueError(f"{entry!r} is neither a domain (acme.com) nor an address (a@acme.com).")
    if _suffixes().privatesuffix(label) is None:
        raise ValueError(f"{entry!r} is a public suffix: it would cover everybody under it.")
    return f"{local}@{label}" if at and local else label


def a_label(domain: str) -> str:
    """The domain as ASCII labels, lower-case; what IDNA refuses stays as it was written."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


@cache
def registrable(domain: str) -> str:
    """The part of the domain that somebody registered: "acme.co.uk" for "eu.acme.co.uk"."""
    return _suffixes().privatesuffix(domain) or domain


def customer_of(local: str, domain: str) -> str:
    return f"{local}@{domain}" if domain in freemail_domains() else registrable(domain)


def looks_like(domain: str, ours: str) -> bool:
    """Whether `domain` is another domain that reads like `ours`."""
    mine, theirs = registrable(ours), registrable(domain)
    return theirs != mine and _skeleton(theirs) == _skeleton(mine)


_CONFUSABLE = str.maketrans(
    "аеорсухіјѕԁһӏνοαερτικ01|ɡ",
    "aeopcyxijsdhlvoaeptikollg",
)


@cache
def _skeleton(domain: str) -> str:
    """A crude form of UTS 39's skeleton: enough to notice what was made to look like us."""
    try:
        shown = idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        shown = domain
    bare = "".join(c for c in unicodedata.normalize("NFKD", shown) if not unicodedata.combining(c))
    return bare.translate(_CONFUSABLE).replace("rn", "m").replace("vv", "w").replace("i", "l")


def _within(domain: str, parent: str) -> bool:
    return domain == parent or domain.endswith("." + parent)


def _parents(domain: str) -> list[str]:
    labels = domain.split(".")
    return [".".join(labels[at:]) for at in range(len(labels))]


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=True)


@cache
def freemail_domains() -> frozenset[str]:
    """Domains whose addresses belong to anybody (bundled list)."""
    return _lines("freemail.txt")


@cache
def note_taker_domains() -> frozenset[str]:
    """Domains of services whose bots join meetings to take notes (bundled list)."""
    return _lines("note_takers.txt")


def _lines(name: str) -> frozenset[str]:
    text = (files("nudger.domain") / "data" / name).read_text(encoding="utf-8")
    return frozenset(line for line in text.split() if line)

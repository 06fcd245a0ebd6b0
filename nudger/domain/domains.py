"""Whose address is this: ours, a partner's, a customer's, or somebody's never to be asked about?

The longest entry of the admin wins, sub-domains included, a single address over any domain, and
each over what ships with the program. A customer is known by its registrable domain, a freemail
guest by the whole address. In doubt an address is outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from nudger.domain.addresses import is_machine, mailbox_of, plain_address
from nudger.domain.bundled import freemail_domains, mass_senders, nobody_domains
from nudger.domain.domain_names import a_label, parents, registrable, suffix_list, tenant_of
from nudger.domain.lookalike import imitates, mixes_scripts, skeleton

LONGEST_DOMAIN = 253
"""RFC 1035, 2.3.4: 255 octets on the wire."""

MOST_REMEMBERED = 20_000
"""Addresses: those of colleagues and customers come again in each calendar."""

_SHORTEST_NAME = 4
"""Less of a domain may be any word."""

_GOOGLE_TEST_DOMAIN = ".test-google-a.com"
"""Google gives each Workspace domain a second name under this one."""


class DomainKind(StrEnum):
    """What an admin says that a domain or an address is."""

    OURS = "ours"
    PARTNER = "partner"
    CUSTOMER = "customer"
    NEVER = "never"


class PartyKind(StrEnum):
    """What an address turned out to be.

    `OUTSIDE` is an outside address that nobody listed; `NOBODY` is a bot, a service, a calendar;
    `MASS_SENDER` invites everybody who signed up.
    """

    OURS = "ours"
    PARTNER = "partner"
    CUSTOMER = "customer"
    OUTSIDE = "outside"
    NEVER = "never"
    NOBODY = "nobody"
    MASS_SENDER = "mass_sender"


@dataclass(frozen=True, slots=True)
class Party:
    """`customer` names whose guest this is (for customers and outsiders); `entry` is the listed
    domain or address that decided; `lookalike` marks a domain made to be mistaken for another."""

    kind: PartyKind
    customer: str | None = None
    entry: str | None = None
    lookalike: bool = False


_NOBODY = Party(PartyKind.NOBODY)
_MASS_SENDER = Party(PartyKind.MASS_SENDER)


@dataclass(frozen=True)
class DomainRules:
    """The admin's entries. Keys are as `clean_entry` gives them.

    `mailboxes` are addresses of ours that are nobody (the one that asks); `note_takers` are domains
    and addresses that are nobody beside the bundled ones: bots that join meetings, services that
    record them.
    """

    entries: Mapping[str, DomainKind]
    mailboxes: frozenset[str] = frozenset()
    note_takers: frozenset[str] = frozenset()
    _by_address: dict[str, Party] = field(default_factory=dict, compare=False, repr=False)
    _by_domain: dict[str, Party] = field(default_factory=dict, compare=False, repr=False)

    def classify(self, address: str) -> Party:
        """What this address is. Never raises: what cannot be read is outside."""
        party = self._by_address.get(address)
        if party is None:
            party = self._classify(address)
            if len(self._by_address) < MOST_REMEMBERED:
                self._by_address[address] = party
        return party

    def _classify(self, address: str) -> Party:
        whole = plain_address(address)
        local, _, domain = whole.rpartition("@")
        if whole in self.mailboxes:
            return _NOBODY
        single = self._singles.get(mailbox_of(whole)) if local else None
        if single is not None:
            return self._party(single, _customer_of(local, a_label(domain)))
        party = self._by_domain.get(domain)
        if party is None:
            party = self._by_domain[domain] = self._classify_domain(a_label(domain))
        if party.entry is None and party.kind is PartyKind.OUTSIDE:
            if whole in mass_senders():
                return _MASS_SENDER
            if whole in nobody_domains() or is_machine(local):
                return _NOBODY
        if party.customer is not None and domain in freemail_domains():
            return Party(party.kind, whole, party.entry)
        return party

    @cached_property
    def own_domains(self) -> tuple[str, ...]:
        """The domains that are ours."""
        return tuple(self._domains(PartyKind.OURS))

    @cached_property
    def known_domains(self) -> tuple[str, ...]:
        """The listed domains of ours, of partners and of customers."""
        kinds = (PartyKind.OURS, PartyKind.PARTNER, PartyKind.CUSTOMER)
        return tuple(self._domains(*kinds))

    def _classify_domain(self, domain: str) -> Party:
        if len(domain) > LONGEST_DOMAIN:
            return Party(PartyKind.OUTSIDE, domain)
        domain = domain.removesuffix(_GOOGLE_TEST_DOMAIN)
        entry = self._entry_for(domain)
        if entry is not None:
            return self._party(entry, registrable(domain))
        for candidate in parents(domain):
            if candidate in nobody_domains() or _lies_in(domain, candidate, nobody_domains()):
                return _NOBODY
            if candidate in mass_senders():
                return _MASS_SENDER
        return Party(PartyKind.OUTSIDE, registrable(domain), lookalike=self._is_lookalike(domain))

    def _entry_for(self, domain: str) -> str | None:
        tenant = tenant_of(domain)
        found = next((one for one in parents(domain) if one in self._listed), None)
        return self._tenants.get(tenant) if found is None and tenant else found

    def _is_lookalike(self, domain: str) -> bool:
        theirs = registrable(domain)
        return (
            mixes_scripts(domain)
            or self._skeletons.get(skeleton(theirs), theirs) != theirs
            or any(imitates(domain, ours) for ours in self._domains(PartyKind.OURS))
        )

    def _domains(self, *kinds: PartyKind) -> list[str]:
        return [e for e, kind in self._listed.items() if "@" not in e and kind in kinds]

    @cached_property
    def names(self) -> frozenset[str]:
        """What we are called, by our domains: "northwind" for "northwind-sales.com"."""
        domains = self._domains(PartyKind.OURS)
        first = (registrable(one).partition(".")[0].partition("-")[0] for one in domains)
        return frozenset(one for one in first if len(one) >= _SHORTEST_NAME)

    @cached_property
    def _listed(self) -> dict[str, PartyKind]:
        nobody = dict.fromkeys(self.note_takers, PartyKind.NOBODY)
        return nobody | {entry: PartyKind(kind.value) for entry, kind in self.entries.items()}

    @cached_property
    def _singles(self) -> dict[str, str]:
        """The entry by the mailbox that it reaches."""
        return {mailbox_of(entry): entry for entry in self._listed if "@" in entry}

    @cached_property
    def _skeletons(self) -> dict[str, str]:
        """Registered domains worth imitating, by what they look like."""
        worth = self.known_domains
        return {skeleton(registrable(one)): registrable(one) for one in worth}

    @cached_property
    def _tenants(self) -> dict[str, str]:
        """The entry by the name that its Exchange tenant would have, letters and digits alone; ours
        before others."""
        domains = [one for kind in reversed(PartyKind) for one in self._domains(kind)]
        whole = [one for one in domains if registrable(one) == one]
        return {one.partition(".")[0].replace("-", ""): one for one in whole}

    def _party(self, entry: str, customer: str) -> Party:
        kind = self._listed[entry]
        has_customer = kind in (PartyKind.CUSTOMER, PartyKind.NEVER)
        return Party(kind, customer if has_customer else None, entry)


def _lies_in(domain: str, candidate: str, bundled: frozenset[str]) -> bool:
    """Whether only what lies in the candidate is meant, and the domain does."""
    return domain != candidate and f"*.{candidate}" in bundled


def implied_ours(entries: Mapping[str, DomainKind], reps: Iterable[str]) -> frozenset[str]:
    """The domains that count as ours where the admin has listed none: those of the reps' addresses,
    but for freemail and for what is listed as something else."""
    if any(kind is DomainKind.OURS for kind in entries.values()):
        return frozenset()
    return frozenset(domain for domain in _domains_of(reps) if domain not in entries)


def foreign_domain(rules: DomainRules, rep: str) -> str | None:
    """The domain of a rep's address where it is neither ours nor a partner's, so that colleagues
    there count as customers; `None` for any other, and for freemail, which is nobody's."""
    (domain,) = _domains_of([rep]) or (None,)
    kind = domain and rules.classify(f"x@{domain}").kind
    return None if kind in (PartyKind.OURS, PartyKind.PARTNER) else domain


def _domains_of(addresses: Iterable[str]) -> set[str]:
    found = {a_label(plain_address(one).rpartition("@")[2]) for one in addresses}
    return {registrable(domain) for domain in found - freemail_domains() if domain}


def clean_entry(entry: str) -> str:
    """A listed domain or address in the form in which it is compared. Raises `ValueError`."""
    text = entry.strip().lower().removeprefix("http://").removeprefix("https://").rstrip("/.")
    local, at, domain = text.rpartition("@")
    label = a_label(domain.removeprefix("*."))
    if not label or "." not in label or any(c.isspace() or c in "/:,;" for c in text):
        raise ValueError(f"{entry!r} is neither a domain (acme.com) nor an address (a@acme.com).")
    if suffix_list().privatesuffix(label) is None:
        raise ValueError(f"{entry!r} is a public suffix: it would cover everybody under it.")
    return f"{local}@{label}" if at and local else label


def _customer_of(local: str, domain: str) -> str:
    return f"{local}@{domain}" if domain in freemail_domains() else registrable(domain)

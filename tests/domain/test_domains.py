"""Whose address is this?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.domains import DomainKind, DomainRules, PartyKind, clean_entry, looks_like

RULES = DomainRules(
    entries={
        "ourco.com": DomainKind.OURS,
        "labs.ourco.com": DomainKind.CUSTOMER,
        "sister.de": DomainKind.PARTNER,
        "contractor@gmail.com": DomainKind.PARTNER,
        "acme.co.uk": DomainKind.CUSTOMER,
        "law.example": DomainKind.NEVER,
        "xn--bcher-kva.de": DomainKind.CUSTOMER,
    },
    mailboxes=frozenset({"nudger@ourco.com"}),
    note_takers=frozenset({"bots.example"}),
)


@pytest.mark.parametrize(
    ("address", "kind", "customer"),
    [
        ("ana@ourco.com", PartyKind.OURS, None),
        ("ana@eu.ourco.com", PartyKind.OURS, None),
        ("ANA@OurCo.COM", PartyKind.OURS, None),
        ("x@labs.ourco.com", PartyKind.CUSTOMER, "ourco.com"),
        ("ana@notourco.com", PartyKind.OUTSIDE, "notourco.com"),
        ("ana@ourco.com.evil.io", PartyKind.OUTSIDE, "evil.io"),
        ("kai@sister.de", PartyKind.PARTNER, None),
        ("contractor@gmail.com", PartyKind.PARTNER, None),
        ("other@gmail.com", PartyKind.OUTSIDE, "other@gmail.com"),
        ("joe@eu.acme.co.uk", PartyKind.CUSTOMER, "acme.co.uk"),
        ("joe@other.co.uk", PartyKind.OUTSIDE, "other.co.uk"),
        ("counsel@law.example", PartyKind.NEVER, "law.example"),
        ("nudger@ourco.com", PartyKind.NOBODY, None),
        ("c_1@resource.calendar.google.com", PartyKind.NOBODY, None),
        ("x@group.v.calendar.google.com", PartyKind.NOBODY, None),
        ("note@bots.example", PartyKind.NOBODY, None),
        ("fred@fireflies.ai", PartyKind.NOBODY, None),
        ("leser@bücher.de", PartyKind.CUSTOMER, "xn--bcher-kva.de"),
        ("x@OURCO.COM.", PartyKind.OUTSIDE, None),
    ],
)
def test_whose_address(address, kind, customer):
    party = RULES.classify(address)
    assert party.kind is kind
    if customer is not None:
        assert party.customer == customer


@pytest.mark.parametrize(
    ("domain", "is_like"),
    [
        ("0urco.com", True),
        ("оurco.com", True),
        ("xn--urco-45d.com", True),
        ("ourco.com", False),
        ("mail.ourco.com", False),
        ("acme.com", False),
    ],
)
def test_lookalikes(domain, is_like):
    assert looks_like(domain, "ourco.com") is is_like


@pytest.mark.parametrize(
    ("entry", "cleaned"),
    [
        ("ACME.com", "acme.com"),
        ("*.acme.com", "acme.com"),
        ("https://acme.com/", "acme.com"),
        ("Bücher.de", "xn--bcher-kva.de"),
        ("Jo@Acme.com", "jo@acme.com"),
        ("@acme.com", "acme.com"),
    ],
)
def test_entries_are_cleaned(entry, cleaned):
    assert clean_entry(entry) == cleaned


@pytest.mark.parametrize("entry", ["", "com", "co.uk", "acme", "a b.com", "acme.com,globex.com"])
def test_wrong_entries_are_refused(entry):
    with pytest.raises(ValueError, match="neither|suffix"):
        clean_entry(entry)


@given(st.text(max_size=80))
def test_any_address_is_classified(address):
    assert RULES.classify(address).kind in set(PartyKind)

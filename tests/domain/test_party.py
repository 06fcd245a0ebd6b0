"""Who is meant by an address or a domain, in lists and in texts."""

from __future__ import annotations

import pytest

from nudger.domain.party import Party
from tests.growth import TWICE_LINEAR, growth


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("ana@acme.example", "…"),
        ("<Ana@ACME.example>", "<…>"),
        ("dana@acme.example", "dana@acme.example"),
        ("ana@acme.example.org", "ana@acme.example.org"),
        ("ana@acme.example.", "…."),
        ("with Ana Lee today", "with … today"),
        ("with Joana Leeds", "with Joana Leeds"),
    ],
)
def test_a_person_is_found_in_texts_and_nobody_else(text, redacted):
    party = Party(frozenset(["ana@acme.example"]), names=frozenset(["Ana Lee", "Ana"]))
    assert party.redact(text) == redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("dana@acme.example, kim@eu.acme.example", "…, …"),
        ("https://acme.example/x", "https://…/x"),
        ("notacme.example acme.example.org", "notacme.example acme.example.org"),
    ],
)
def test_a_domain_is_found_with_all_in_it(text, redacted):
    assert Party(domain="acme.example").redact(text) == redacted


ATTACKS = (
    "a",
    "a@",
    "a.",
    "@",
    "dana@acme.exampl",
    "acme.example-",
    "Dana Re",
    " ",
    "acme.example",
)


@pytest.mark.parametrize("piece", ATTACKS)
def test_strangers_texts_are_searched_in_proportion_to_their_length(piece):
    for party in (
        Party(domain="acme.example"),
        Party(frozenset(["dana@acme.example"]), names=frozenset(["Dana Reyes"])),
    ):
        assert growth(party.redact, lambda size: piece * size) <= TWICE_LINEAR


@pytest.mark.parametrize(
    ("party", "address", "included"),
    [
        (Party(frozenset(["dana@acme.example"])), "Dana@ACME.example", True),
        (Party(frozenset(["dana@acme.example"])), "ana@acme.example", False),
        (Party(frozenset(["d.ana@gmail.com"])), "dana+x@googlemail.com", True),
        (Party(domain="acme.example"), "dana@eu.acme.example", True),
        (Party(domain="acme.example"), "dana@notacme.example", False),
        (Party(domain="xn--bcher-kva.example"), "dana@bücher.example", True),
    ],
)
def test_whom_an_address_reaches(party, address, included):
    assert party.includes(address) is included

"""Whose address is this?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain import domains
from nudger.domain.domains import (
    DomainKind,
    DomainRules,
    PartyKind,
    clean_entry,
    foreign_domain,
    implied_ours,
)

RULES = DomainRules(
    entries={
        "ourco.com": DomainKind.OURS,
        "labs.ourco.com": DomainKind.CUSTOMER,
        "sister.de": DomainKind.PARTNER,
        "contractor@gmail.com": DomainKind.PARTNER,
        "acme.co.uk": DomainKind.CUSTOMER,
        "law.example": DomainKind.NEVER,
        "xn--bcher-kva.de": DomainKind.CUSTOMER,
        "otter.ai": DomainKind.CUSTOMER,
    },
    mailboxes=frozenset({"nudger@ourco.com"}),
    note_takers=frozenset({"bots.example", "notes@acme.co.uk"}),
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
        ("x@OURCO.COM.", PartyKind.OURS, None),
        ("contrac.tor+x@googlemail.com", PartyKind.PARTNER, None),
        ("ana@ourco.onmicrosoft.com", PartyKind.OURS, None),
        ("ana@ourco.mail.onmicrosoft.com", PartyKind.OURS, None),
        ("x@other.onmicrosoft.com", PartyKind.OUTSIDE, "other.onmicrosoft.com"),
        ("ana@ourco.com.test-google-a.com", PartyKind.OURS, None),
        ("no-reply@acme.co.uk", PartyKind.CUSTOMER, "acme.co.uk"),
        ("no-reply@other.co.uk", PartyKind.NOBODY, None),
        ("Do.Not.Reply@other.co.uk", PartyKind.NOBODY, None),
        ("acme-ai_notetaker@other.co.uk", PartyKind.NOBODY, None),
        ("noreplacement@other.co.uk", PartyKind.OUTSIDE, "other.co.uk"),
        ("fred@otter.ai", PartyKind.CUSTOMER, "otter.ai"),
        ("x@evernote.com", PartyKind.OUTSIDE, "evernote.com"),
        ("x@m.evernote.com", PartyKind.NOBODY, None),
        ("notes@acme.co.uk", PartyKind.NOBODY, None),
        ("host@livestorm.co", PartyKind.MASS_SENDER, None),
        ("dana@zoom.us", PartyKind.OUTSIDE, "zoom.us"),
        ("no-reply@zoom.us", PartyKind.MASS_SENDER, None),
        ("imceasmtp-joe+40acme+2eco+2euk@ourco.com", PartyKind.CUSTOMER, "acme.co.uk"),
        ("imceasmtp-nonsense@ourco.com", PartyKind.OURS, None),
        ("@ourco.com", PartyKind.OURS, None),
    ],
)
def test_whose_address(address, kind, customer):
    party = RULES.classify(address)
    assert party.kind is kind
    if customer is not None:
        assert party.customer == customer


@pytest.mark.parametrize(
    ("address", "is_marked"),
    [
        ("ceo@0urco.com", True),
        ("ceo@sister.com", False),
        ("ceo@аcme.co.uk", True),
        ("ceo@buecher.de", False),
        ("ceo@ourco.com", False),
        ("ceo@law.examp1e", False),
    ],
)
def test_lookalikes_of_ours_and_of_customers_are_marked(address, is_marked):
    assert RULES.classify(address).lookalike is is_marked


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


@pytest.mark.parametrize(
    ("case", "entries", "reps", "ours"),
    [
        ("nothing is listed", {}, ["ana@ourco.com", "ben@eu.ourco.com"], {"ourco.com"}),
        ("two domains", {}, ["ana@ourco.com", "lea@sister.de"], {"ourco.com", "sister.de"}),
        ("a freemail rep", {}, ["ana@gmail.com"], set()),
        ("it is listed as something else", {"ourco.com": DomainKind.PARTNER}, ["ana@ourco.com"],
         set()),
        ("one of ours is listed", {"ourco.com": DomainKind.OURS}, ["lea@sister.de"], set()),
        ("nobody is watched", {}, [], set()),
    ],
)  # fmt: skip
def test_the_reps_domains_are_ours_where_none_is_listed(case, entries, reps, ours):
    assert implied_ours(entries, reps) == ours


@pytest.mark.parametrize(
    ("rep", "domain"),
    [
        ("ana@ourco.com", None),
        ("ana@eu.ourco.com", None),
        ("kai@sister.de", None),
        ("ana@gmail.com", None),
        ("ana@0urco.com", "0urco.com"),
        ("ana@eu.elsewhere.com", "elsewhere.com"),
        ("dana@acme.co.uk", "acme.co.uk"),
    ],
)
def test_a_rep_elsewhere_is_questioned(rep, domain):
    assert foreign_domain(RULES, rep) == domain


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("ticket@acme.zendesk.com", PartyKind.NOBODY),
        ("dana@zendesk.com", PartyKind.OUTSIDE),
        ("x@bcc.hubspot.com", PartyKind.NOBODY),
        ("jo@hubspot.com", PartyKind.OUTSIDE),
        ("meetings@hubspot.com", PartyKind.NOBODY),
    ],
)
def test_tools_are_nobody_and_who_works_there_is_somebody(address, kind):
    assert RULES.classify(address).kind is kind


def test_addresses_beyond_those_that_are_remembered_are_known_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(domains, "MOST_REMEMBERED", 2)
    rules = DomainRules({"ourco.com": DomainKind.OURS, "acme.com": DomainKind.CUSTOMER})
    kinds = {"a@ourco.com": "ours", "b@acme.com": "customer", "c@beta.com": "outside"}
    for _ in range(2):
        assert {one: rules.classify(one).kind.value for one in kinds} == kinds
    assert rules._by_address.keys() == {"a@ourco.com", "b@acme.com"}

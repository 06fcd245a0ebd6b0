"""What a customer is called, and by what text it never is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.customer_names import (
    LONGEST_NAME,
    customer_name,
    misleading,
    person_name,
)
from nudger.domain.domains import DomainKind, DomainRules
from nudger.domain.event import Attendee
from tests.growth import TWICE_LINEAR, growth


def named(customer, *names, title=""):
    at = customer if "@" in customer else f"dana@{customer}"
    return customer_name(customer, [Attendee(at, name) for name in names], title)


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("acme.de", "Acme"),
        ("acme.co.uk", "Acme"),
        ("acme.onmicrosoft.com", "Acme"),
        ("nord-bau.de", "Nord-Bau"),
        ("t-systems.com", "T-Systems"),
        ("meyer-soehne.com", "Meyer Soehne"),
        ("strathpine-mills.co.uk", "Strathpine Mills"),
        ("acme-gmbh.de", "Acme"),
        ("gmbh.de", "Gmbh"),
        ("bmw.de", "BMW"),
        ("hp.com", "HP"),
        ("ibo.it", "Ibo"),
        ("3m.com", "3M"),
        ("xn--bcher-kva.de", "Bücher"),
        ("xn--cme-5cd.com", "xn--cme-5cd.com"),
        ("аcme.com", "аcme.com"),
        ("-.de", "-"),
        ("", ""),
    ],
)
def test_a_domain_is_a_name(domain, name):
    assert named(domain) == name


@pytest.mark.parametrize(
    ("case", "domain", "text", "name"),
    [
        ("as the title has it", "ortegabros.com", "Northwind proposal, Ortega Bros", "Ortega Bros"),
        ("with umlauts", "saegewerk-ott.de", "Termin mit Sägewerk Ott", "Sägewerk Ott"),
        ("with accents", "ceramica-alcorta.es", "Demo para Cerámica Alcorta", "Cerámica Alcorta"),
        ("with both signs", "meyer-soehne.com", "Meyer & Söhne: Angebot", "Meyer & Söhne"),
        ("an accent of two characters", "cafe-rose.fr", "Cafe\u0301 Rose", "Café Rose"),
        ("in capitals", "acme.de", "Reyes, Dana (ACME)", "ACME"),
        ("shouted", "acme.de", "ACME REVIEW", "Acme"),
        ("small", "ortegabros.com", "ortega bros sync", "Ortega Bros"),
        ("with a legal form behind", "acme.de", "Dana Reyes (Acme GmbH)", "Acme"),
        ("an address", "acme.de", "dana@acme.de via Calendly", "Acme"),
        ("only part of a word", "acme.de", "Acmesoft meeting", "Acme"),
        ("another company", "evil.io", "Acme GmbH", "Evil"),
        ("letters of another script", "acme.de", "Асme", "Acme"),
        ("markup between", "ortegabros.com", "Ortega</b><b>Bros", "Ortegabros"),
        ("a line between", "ortegabros.com", "Ortega\r\nBros", "Ortegabros"),
        ("far apart", "ortegabros.com", "Ortega      Bros", "Ortegabros"),
    ],
)
def test_texts_tell_how_it_is_spelled_and_nothing_else(case, domain, text, name):
    assert named(domain, title=text) == name
    assert named(domain, "Dana Reyes", text) == name


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("Dana Reyes", "Dana Reyes"),
        ("Reyes, Dana", "Dana Reyes"),
        ("Reyes, Dana (ACME)", "Dana Reyes"),
        ("Dana Reyes (Acme GmbH)", "Dana Reyes"),
        ("Dana Reyes [extern]", "Dana Reyes"),
        ("Dana Reyes via Calendly", "Dana Reyes"),
        ("'Dana O’Neill-Ruiz'", "Dana O’Neill-Ruiz"),
        ("Dr. Dana Reyes", "Dr. Dana Reyes"),
        ("山田 太郎", "山田 太郎"),
        ("dana@acme.de via Calendly", ""),
        ("dana@acme.de", ""),
        ("Dana", ""),
        ("Acme GmbH", ""),
        ("Dana Reyes <script>", ""),
        ("a b c d e", ""),
        ("Dana Reyes\r\nBcc: x", ""),
        ("", ""),
    ],
)
def test_a_freemail_guest_is_a_person_or_an_address(shown, name):
    assert person_name(shown) == name
    assert named("dana@gmail.com", shown) == (name or "dana@gmail.com")


def test_a_freemail_customer_is_called_by_no_other_guests_name():
    guests = [Attendee("pat@gmail.com", "Pat Doe"), Attendee("lou@gmail.com", "Lou Reed")]
    assert customer_name("lou@gmail.com", guests) == "Lou Reed"
    assert customer_name("eve@gmail.com", guests) == "eve@gmail.com"


RULES = DomainRules({
    "ourco.com": DomainKind.OURS, "acme.de": DomainKind.CUSTOMER, "hell.de": DomainKind.PARTNER,
    "eu.valdoro.it": DomainKind.CUSTOMER, "contoso.com": DomainKind.CUSTOMER,
    "contoso.fr": DomainKind.CUSTOMER,
    "auditor.com": DomainKind.NEVER,
})  # fmt: skip


@pytest.mark.parametrize(
    ("case", "customer", "guest", "is_misleading"),
    [
        ("the listed customer itself", "acme.de", Attendee("d@eu.acme.de"), False),
        ("somebody else", "globex.com", Attendee("sam@globex.com"), False),
        ("the name with another ending", "acme.io", Attendee("d@acme.io"), True),
        ("our own name with another ending", "ourco.io", Attendee("d@ourco.io"), True),
        ("a partner's name with another ending", "hell.com", Attendee("d@hell.com"), True),
        ("the name in letters that look alike", "acrne.io", Attendee("d@acrne.io"), True),
        ("one of two listed with the same name", "contoso.fr", Attendee("d@contoso.fr"), False),
        ("a third with that name", "contoso.it", Attendee("d@contoso.it"), True),
        ("listed by a domain within it", "valdoro.it", Attendee("d@eu.valdoro.it"), False),
        ("a freemail guest called Acme in other letters", "x@gmail.com",
         Attendee("x@gmail.com", "Асme Support"), True),
        ("a look-alike of ours", "0urco.com", Attendee("ceo@0urco.com"), True),
        ("like one that is never asked about", "auditor.de", Attendee("x@auditor.de"), False),
        ("a person", "pat@gmail.com", Attendee("pat@gmail.com", "Pat Doe"), False),
        ("a freemail guest who calls themself Acme", "x@gmail.com",
         Attendee("x@gmail.com", "Acme Support"), True),
        ("the same with an accent", "x@gmail.com", Attendee("x@gmail.com", "Acmé Support"), True),
    ],
)  # fmt: skip
def test_whose_name_could_be_taken_for_anothers(case, customer, guest, is_misleading):
    assert misleading([customer], [guest], RULES) == ({customer} if is_misleading else frozenset())


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_strangers_write_a_name_is_short_and_of_the_domain(name, title):
    shown = named("ortegabros.com", name, title=title)
    assert len(shown) <= LONGEST_NAME
    assert "".join(filter(str.isalnum, shown)).lower() == "ortegabros"
    assert len(person_name(name)) <= LONGEST_NAME


def test_a_long_name_is_cut():
    assert named(f"{'a' * 60}.de") == "A" + "a" * (LONGEST_NAME - 2) + "…"
    assert len(person_name(f"{'a' * 60} {'b' * 60}")) == LONGEST_NAME


@pytest.mark.parametrize("piece", ["a ", "a", "acme-", "(", "a & ", ", "])
def test_naming_takes_time_in_step_with_the_length_of_the_texts(piece):
    tried = growth(lambda text: (named("acme.de", text, title=text), person_name(text)),
                   lambda size: piece * size)  # fmt: skip
    assert tried < TWICE_LINEAR

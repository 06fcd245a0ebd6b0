"""Whom of the customer's side a sentence names, in our languages."""

from __future__ import annotations

import pytest

from nudger.domain.coach import coach
from nudger.domain.coach.who_is_named import who
from tests.growth import TWICE_LINEAR, growth

NAMED = {
    "Dana unterschreibt den Vertrag bis Freitag": "Dana",
    "Frau Reyes bestätigt die Teststellung": "Frau Reyes",
    "Hr. Wolf bestellt die Teststellung": "Hr. Wolf",
    "Marco firma el contrato el viernes": "Marco",
    "Jean-Luc valide le devis vendredi": "Jean-Luc",
    "La dottoressa Bianchi manda i dati": "dottoressa Bianchi",
    "O João assina até sexta": "João",
    "Pieter tekent de offerte vrijdag": "Pieter",
    "By Friday Dana signs the order": "Dana",
    "Dana hat zugesagt, den Piloten zu starten": "Dana",
    "O'Brien signs off the budget": "O'Brien",
    "Dana to sign by Friday": "Dana",
    "their CFO joins": "their cfo",
}
MAY_BE_NAMED = [
    "dana signs by friday",
    "Dana (dana@acme.example) agrees",
    "Der Kunde unterschreibt den Vertrag",
    "Site visit agreed for 4 December",
]
NOBODY = [
    "they sign the order by Friday",
    "sign the NDA",
    "PO by Friday",
    "The customer agrees to a pilot",
    "Contract signed by Friday",
    "le client signe vendredi",
    "ellos firman",
    "get a purchase order by Monday",
    "",
]


@pytest.mark.parametrize(("text", "name"), NAMED.items())
def test_who_is_named(text, name):
    assert who(text) == name


@pytest.mark.parametrize("text", MAY_BE_NAMED)
def test_nothing_is_claimed_where_a_word_may_be_a_name(text):
    assert who(text) == ""
    assert not {"has_who", "no_who"} & {finding.code for finding in coach(text).findings}


@pytest.mark.parametrize("text", NOBODY)
def test_nobody_is_to_be_seen(text):
    assert who(text) is None


def test_who_is_named_is_not_asked_for():
    assert "who on their side" not in (coach("Hr. Wolf bestellt die Teststellung").question or "")
    assert "who on their side" in (coach("they order the test units").question or "")


def test_it_grows_with_the_text():
    assert growth(who, lambda size: "Hr. dana Signs " * (size // 15)) < TWICE_LINEAR

"""What outside companies do, by the start list: the lists themselves, and what names and titles say."""

from __future__ import annotations

from importlib.resources import files

import pytest

from nudger.domain import trades
from nudger.domain.bundled import freemail_domains, mass_senders, nobody_domains
from nudger.domain.domain_names import registrable
from nudger.domain.trades import Sale, Trade, sale_in_title, trade_in_title, trade_of, without_names
from tests.growth import TWICE_LINEAR, growth

FOLDER = files("nudger.domain") / "data" / "start_list"
LISTS = sorted(one.name for one in FOLDER.iterdir() if one.name.endswith(".txt"))


def groups(name):
    """The domains of a list, group by group."""
    blocks = (FOLDER / name).read_text(encoding="utf-8").split("\n\n")[1:]
    return [block.strip().split("\n")[1:] for block in blocks]


def entries():
    return [entry for name in LISTS for group in groups(name) for entry in group]


@pytest.mark.parametrize("name", LISTS)
def test_each_group_of_a_list_is_sorted_and_holds_what_somebody_registered(name):
    for group in groups(name):
        assert group == sorted(group)
        assert [entry for entry in group if registrable(entry) != entry] == []


def test_the_lists_are_large_and_name_nobody_twice():
    known = entries()
    assert len(known) == len(set(known)) > 3000
    assert set(trades._domains()) == set(known)


def test_the_lists_name_nobody_whom_others_lists_name():
    others = freemail_domains() | nobody_domains() | mass_senders()
    assert sorted(set(entries()) & others) == []


@pytest.mark.parametrize(
    ("customer", "trade"),
    [
        ("hubspot.com", Trade.VENDOR),
        ("hays.co.uk", Trade.RECRUITING),
        ("commerzbank.de", Trade.FINANCE),
        ("tum.de", Trade.EDUCATION),
        ("oebb.at", Trade.TRAVEL),
        ("belastingdienst.nl", Trade.PUBLIC_SERVICE),
        ("garrigues.com", Trade.ADVISER),
        ("charite.de", Trade.HEALTH),
        ("edp.pt", Trade.UTILITY),
        ("irs.gov", Trade.PUBLIC_SERVICE),
        ("hacienda.gob.es", Trade.PUBLIC_SERVICE),
        ("admin.ch", Trade.PUBLIC_SERVICE),
        ("ox.ac.uk", Trade.EDUCATION),
        ("barts.nhs.uk", Trade.HEALTH),
        ("mit.edu", Trade.EDUCATION),
        ("kanzlei-vogt.de", Trade.ADVISER),
        ("vogt-rechtsanwaelte.de", Trade.ADVISER),
        ("bright-recruiting.com", Trade.RECRUITING),
        ("brightrecruitment.co.uk", Trade.RECRUITING),
        ("zahnarzt-lang.de", Trade.HEALTH),
        ("zahnarztpraxis-lang.de", Trade.HEALTH),
        ("kreissparkasse-birnau.de", Trade.FINANCE),
        ("gestoria-lopez.es", Trade.ADVISER),
        ("zahnarzt-lang@t-online.de", Trade.HEALTH),
        ("acme.com", None),
        ("lang@t-online.de", None),
        ("sun-energy.com", None),
        ("medical-devices.com", None),
        ("autohaus-huber.de", None),
        ("lawnmower.com", None),
        ("bankside.com", None),
        ("gov", Trade.PUBLIC_SERVICE),
        ("goverment.com", None),
        ("", None),
    ],
)
def test_the_trade_of_a_customer(customer, trade):
    assert trade_of(customer) is trade


@pytest.mark.parametrize(
    ("title", "trade"),
    [
        ("Steuerberater: Jahresabschluss", Trade.ADVISER),
        ("Dentist", Trade.HEALTH),
        ("Parent-teacher evening", Trade.EDUCATION),
        ("Entretien d’embauche", Trade.RECRUITING),
        ("RDV dentiste", Trade.HEALTH),
        ("Hypotheekgesprek", Trade.FINANCE),
        ("Cita médica", Trade.HEALTH),
        ("Cita me\u0301dica", Trade.HEALTH),
        ("Commercialista", Trade.ADVISER),
        ("Aula de inglês", Trade.EDUCATION),
        ("Ölwechsel", Trade.PRIVATE_LIFE),
        ("Stromvertrag", Trade.UTILITY),
        ("Weekly", None),
        ("Dentistry software", None),
        ("", None),
    ],
)
def test_the_trade_in_a_title(title, trade):
    assert trade_in_title(title) is trade


@pytest.mark.parametrize(
    ("title", "sale"),
    [
        ("OurCo demo", Sale.SURE),
        ("Produktdemo", Sale.SURE),
        ("Pilot kickoff", Sale.SURE),
        ("Prueba piloto", Sale.SURE),
        ("OurCo licence for Helvion", Sale.SURE),
        ("OurCo proposal", Sale.SURE),
        ("Proposal", Sale.PERHAPS),
        ("Licence renewal for OurCo", None),
        ("Weekly", None),
    ],
)
def test_the_sale_in_a_title(title, sale):
    assert sale_in_title(title, {"ourco"}) is sale


def test_a_title_without_the_words_of_names():
    assert without_names("Terms: Helvion Insurance", ["helvion-insurance.ch"]) == "Terms:  "


@pytest.mark.parametrize(
    "person",
    ["Mr Bank", "Ms. Bank", "Frau Bank", "Herrn Bank", "Mme Bank", "Señora Bank", "Sra. Bank",
     "Signor Bank", "dhr. Bank"],
)  # fmt: skip
def test_a_person_is_no_trade(person):
    assert without_names(f"Call with {person}", []) == "Call with "


@pytest.mark.parametrize("text", ["für ", "zahnarzt", "demo-", "401(k) ", "*"])
def test_a_long_title_takes_its_time_and_no_more(text):
    def longer(size):
        return text * size

    assert growth(trade_in_title, longer) < TWICE_LINEAR
    assert growth(lambda title: sale_in_title(title, {"ourco"}), longer) < TWICE_LINEAR
    assert growth(lambda title: without_names(title, ["acme.com"]), longer) < TWICE_LINEAR

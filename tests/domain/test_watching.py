"""Which outside companies that nobody listed are watched."""

from __future__ import annotations

import pytest

from nudger.domain.reasons import Reason
from nudger.domain.trades import Trade
from nudger.domain.watching import HELD_BACK, Visit, Watch, why_not_watched

ACME, GLOBEX, DEALER = "acme.com", "globex.com", "autohaus-huber.de"
CRM, BANK, UNI, LAW = "hubspot.com", "barclays.co.uk", "tum.de", "kanzlei-vogt.de"
PAT, TOM = "pat@gmail.com", "tom@gmx.de"

WATCHED = [
    ("somebody unknown", Visit([ACME])),
    ("a branch that many sell to", Visit([DEALER], "Erstgespräch")),
    ("an unknown company beside our lawyer", Visit([LAW, ACME], "Contract with lawyers")),
    ("the title speaks of one of two unknown companies", Visit([ACME, GLOBEX], "Vendor review")),
    ("we show our product to a bank", Visit([BANK], "Demo")),
    ("the bank itself invites to it", Visit([BANK], "Live demo", host=BANK)),
    ("our pilot with a vendor", Visit([CRM], "Pilot review", host=CRM)),
    ("we invite a vendor to a demo of its name, so that it is ours", Visit([CRM], "HubSpot demo")),
    ("our offer to a university", Visit([UNI], "Angebot besprechen")),
    ("our offer, by our own name, to who invites us",
     Visit([BANK], "OurCo proposal", host=BANK, ours={"ourco"})),
    ("our licence, by our own name", Visit([BANK], "OurCo licence", ours={"ourco"})),
    ("the word of a trade is the customer's name",
     Visit(["helvion-mutual.com"], "Helvion Mutual, next steps")),
    ("a person is called as a trade", Visit([ACME], "Termin mit Frau Arzt")),
    ("a customer lists us as its vendor", Visit([ACME], "Vendor onboarding")),
    ("our presentation, by our own name", Visit([BANK], "Präsentation OurCo", ours={"ourco"})),
    ("a dinner with a customer", Visit([ACME], "Dinner")),
    ("a call with somebody who writes from Gmail", Visit([PAT], "Call")),
    ("somebody who sells to dentists sees a demo", Visit([ACME], "Demo for the dentist software")),
]  # fmt: skip

HELD = [
    (Reason.VENDOR, "our CRM", Visit([CRM], "Weekly")),
    (Reason.VENDOR, "our CRM shows us more of it", Visit([CRM], "HubSpot demo", host=CRM)),
    (Reason.VENDOR, "our CRM makes us an offer", Visit([CRM], "Pricing proposal", host=CRM)),
    (Reason.VENDOR, "our CRM renews, and names us",
     Visit([CRM], "HubSpot licence renewal for OurCo", host=CRM, ours={"ourco"})),
    (Reason.VENDOR, "an unknown supplier", Visit([ACME], "Kaffeemaschine: Wartung")),
    (Reason.FINANCE, "our bank", Visit([BANK], "Catch-up")),
    (Reason.FINANCE, "our bank opens an account", Visit([BANK], "Onboarding", host=BANK)),
    (Reason.FINANCE, "an insurer's offer", Visit([BANK], "Insurance proposal")),
    (Reason.FINANCE, "an unknown broker", Visit([ACME], "Angebot Betriebliche Altersvorsorge")),
    (Reason.ADVISER, "our lawyers", Visit([LAW], "Termin")),
    (Reason.ADVISER, "our lawyers beside our bank", Visit([LAW, BANK], "Closing")),
    (Reason.EDUCATION, "a guest lecture", Visit([UNI], "Gastvortrag")),
    (Reason.HEALTH, "the dentist", Visit(["dr-lang.de"], "Zahnarzt")),
    (Reason.HEALTH, "the dentist writes from a freemail service", Visit(["zahnarzt@gmx.de"])),
    (Reason.RECRUITING, "a recruiter", Visit(["hays.de"], "Gespräch")),
    (Reason.RECRUITING, "a company that hires", Visit([ACME], "Entretien d'embauche")),
    (Reason.PUBLIC_SERVICE, "the tax office", Visit(["finanzamt-mitte.de"], "Betriebsprüfung")),
    (Reason.TRAVEL, "an airline", Visit(["lufthansa.com"], "Vertragskonditionen")),
    (Reason.UTILITY, "the telephone", Visit(["telekom.de"], "Glasfaseranschluss")),
    (Reason.PRIVATE_LIFE, "friends", Visit([PAT, TOM], "Dinner")),
]  # fmt: skip


@pytest.mark.parametrize("visit", [pytest.param(visit, id=says) for says, visit in WATCHED])
def test_who_is_watched_unless_the_start_list_knows_them(visit):
    assert why_not_watched(Watch.REVIEW, visit) is None


@pytest.mark.parametrize(
    ("reason", "visit"), [pytest.param(reason, visit, id=says) for reason, says, visit in HELD]
)
def test_whom_the_start_list_holds_back(reason, visit):
    assert why_not_watched(Watch.REVIEW, visit) is reason
    assert why_not_watched(Watch.EVERYBODY, visit) is None
    assert why_not_watched(Watch.LISTED, visit) is Reason.NOT_WATCHED


def test_titles_tell_no_trade_where_the_admin_wants_none_of_our_words():
    assert why_not_watched(Watch.REVIEW, Visit([ACME], "Vakanz", title_tells=False)) is None
    assert why_not_watched(Watch.REVIEW, Visit([ACME], "Vakanz")) is Reason.RECRUITING


def test_each_trade_has_a_reason_of_its_own():
    assert {reason.value for reason in HELD_BACK} == {trade.value for trade in Trade}
    assert {reason for reason, _, _ in HELD} == HELD_BACK

"""From what the admin decided to what judging goes by."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nudger.config import MeetingSettings, Settings
from nudger.domain.domains import PartyKind
from nudger.domain.event import Provider
from nudger.domain.titles import bundled_title_words
from nudger.runtime.policies import load_rules
from nudger.sandbox.entries import Guest
from nudger.store import people
from nudger.store.people import NewRep
from nudger.worker import outgoing

ANA, BEN, DANA = "ana@ourco.example", "ben@ourco.example", "dana@acme.example"


@pytest.fixture
def rules(database):
    """The rules for given `[meetings]` settings."""

    def load(**meetings):
        settings = Settings(write_back="private", meetings=MeetingSettings(**meetings))
        with database.read() as tx:
            return load_rules(tx, settings)

    return load


def test_title_words_come_beside_the_bundled_ones(rules):
    policy = rules(title_words={"en": ["audit"], "de": ["Messe"]}).policies[None]
    assert policy.title_words == (*bundled_title_words(), "audit", "Messe")


def test_the_bundled_title_words_can_be_taken_out(rules):
    policy = rules(title_words=["webinar"], bundled_title_words=False).policies[None]
    assert policy.title_words == ("webinar",)


def test_listed_bots_are_nobody(rules):
    domains = rules(note_takers=["bots.com", "notes@acme.com"]).policies[None].rules
    assert domains.classify("x@eu.bots.com").kind is PartyKind.NOBODY
    assert domains.classify("notes@acme.com").kind is PartyKind.NOBODY
    assert domains.classify("dana@acme.com").kind is PartyKind.OUTSIDE


def test_other_words_make_other_rules(rules):
    versions = {rules().version, rules(title_words=["x"]).version,
                rules(bundled_title_words=False).version}  # fmt: skip
    assert len(versions) == 3


ALIAS = "a.weber@old-ourco.example"


def add(office, email=ANA, *aliases):
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(email, Provider.GOOGLE, aliases=aliases), office.ctx.clock())


def test_who_declined_under_an_alias_is_not_asked(office):
    add(office, ANA, ALIAS)
    office.meet(organizer=DANA, guests=[Guest(ALIAS, "", "declined"), Guest(DANA, "", "accepted")])
    outgoing(office.ctx)
    assert office.inbox(ANA) == []


def test_a_new_alias_is_nobody_from_outside_at_once(office):
    office.at(datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
    office.meet(guests=[ANA, ALIAS])
    outgoing(office.ctx)
    add(office, ANA, ALIAS)
    office.at(datetime(2026, 11, 23, 8, 5, tzinfo=UTC))
    outgoing(office.ctx)
    assert office.inbox(ANA) == []


def test_an_address_is_its_owners_also_where_it_is_somebody_elses_alias(office):
    add(office, BEN, ANA)
    office.meet()
    outgoing(office.ctx)
    assert (len(office.inbox(ANA)), len(office.inbox(BEN))) == (1, 0)

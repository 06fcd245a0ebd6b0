"""Teams: their domains, milestones, lead time and language; who is asked where they meet."""

from __future__ import annotations

import pytest

from nudger.domain.event import Provider
from nudger.sandbox.people_pages import plain_text
from nudger.store import calendars, meetings, people
from nudger.store.people import NewRep
from nudger.worker import incoming, outgoing
from simulation.counter import kind_of

ANA, BEN, DANA = "ana@ourco.example", "ben@ourco.example", "dana@acme.example"
TEAMS = """
[[teams]]
name = "emea"
language = "de"
ask = { lead_hours = 3 }
domains = { never = ["globex.example"] }
milestones = [{ name = "Erstgespräch" }, { name = "Angebot" }]

[[teams]]
name = "partners"
domains = { customer = ["acme.example"], partner = ["globex.example"] }
meetings = { watch = "listed" }
"""


@pytest.fixture
def office(office):
    office.configure(TEAMS)
    return office


def join(office, person, team, kept_by="google"):
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(person, Provider(kept_by), team=team), office.world.now())


def work(office, **by):
    office.later(**by)
    outgoing(office.ctx)
    incoming(office.ctx)


def asked(office, person):
    return [one for one in office.inbox(person) if kind_of(one) == "question"]


def test_a_team_has_its_language_milestones_and_lead_time(office):
    join(office, ANA, "emea")
    office.meet()
    work(office)
    assert not office.inbox(ANA), "three working hours before, not the morning before"
    work(office, days=1, hours=2)
    text = plain_text(office.inbox(ANA)[-1])
    assert "zugesagt" in text
    assert "Erstgespräch" in text
    assert "Needs analysis" not in text
    office.reply("Frau Klein schickt uns bis Mittwoch die Ausschreibungsunterlagen\n2")
    work(office, minutes=2)
    assert "Angebot" in office.description("call1")


@pytest.mark.parametrize(
    ("team", "guest", "reason"),
    [
        ("emea", "x@globex.example", "never_domain"),
        ("emea", DANA, "outside"),
        ("partners", "x@globex.example", "no_customer"),
        ("partners", "x@initech.example", "not_watched"),
        ("partners", DANA, "customer"),
        (None, "x@globex.example", "outside"),
    ],
)
def test_a_team_has_its_domains(office, team, guest, reason):
    join(office, ANA, team)
    office.meet(guests=[ANA, guest])
    work(office)
    with office.ctx.database.read() as tx:
        assert calendars.find_event(tx, "call1")[0][1].reason == reason


def test_asked_is_the_rep_whose_team_watches_the_customer(office):
    join(office, ANA, "partners")
    join(office, BEN, None)
    office.meet(guests=[ANA, BEN, "x@initech.example"])
    work(office)
    work(office, days=1, hours=2)
    assert len(asked(office, BEN)) == 1
    assert asked(office, ANA) == []


def test_who_stopped_is_not_asked_where_a_colleague_takes_part(office):
    join(office, BEN, None)
    office.meet()
    work(office)
    office.reply("stop")
    work(office, minutes=2)
    office.meet("call2", guests=[ANA, BEN, DANA], title="ACME: security")
    work(office, hours=2)
    assert len(asked(office, ANA)) == 1
    assert len(asked(office, BEN)) == 1


def test_who_stops_before_being_asked_hands_over_by_itself(office):
    join(office, BEN, None)
    office.meet()
    later = office.world.now().replace(day=27, hour=12)
    office.meet("call2", guests=[ANA, BEN, DANA], title="ACME: security", start=later)
    work(office)
    office.reply("stop")
    work(office, minutes=2)
    work(office, minutes=2)
    work(office, days=3)
    assert len(asked(office, ANA)) == 1
    assert len(asked(office, BEN)) == 1
    with office.ctx.database.read() as tx:
        assert sum(meetings.state_counts(tx).values()) == 2

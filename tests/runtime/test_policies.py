"""From what the admin decided to what judging goes by."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from nudger.config import MeetingSettings, Settings
from nudger.domain.domains import PartyKind
from nudger.domain.event import Provider
from nudger.domain.series import EACH, one_in
from nudger.domain.titles import bundled_title_words
from nudger.domain.watching import Watch
from nudger.domain.working_hours import CalendarHours
from nudger.runtime.policies import for_rep, load_rules
from nudger.sandbox.entries import Guest
from nudger.store import people
from nudger.store.people import NewRep, Rep
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
    assert policy.title_words == bundled_title_words()
    assert policy.own_title_words == ("audit", "Messe")


def test_the_bundled_title_words_can_be_taken_out(rules):
    policy = rules(title_words=["webinar"], bundled_title_words=False).policies[None]
    assert (policy.title_words, policy.own_title_words) == ((), ("webinar",))


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


TEAMS = Settings(
    write_back="private",
    time_zone="Europe/Berlin",
    milestones=[{"name": "Demo"}],
    teams=[
        {
            "name": "emea",
            "manager": "mia@ourco.example",
            "language": "de",
            "time_zone": "Europe/Paris",
            "ask": {"lead_hours": 3, "hours_from": "settings", "day_starts": "08:00"},
            "meetings": {"series": 2},
            "milestones": [{"name": "Angebot"}],
        }
    ],
)


def holds_for(**of_rep):
    told = CalendarHours("Asia/Tokyo")
    rep = Rep(1, ANA, "Ana Weber", Provider.GOOGLE, 1, calendar_hours=told, **of_rep)
    return for_rep(TEAMS, rep)


def test_what_holds_for_a_rep_is_their_teams():
    own = holds_for(team="emea")
    assert str(own.hours).startswith("Europe/Paris (settings), 08:00-17:30")
    assert (own.zone.key, own.language, own.manager) == ("Europe/Paris", "de", "mia@ourco.example")
    assert own.timing.lead == timedelta(hours=3)
    assert own.cadence == one_in(2)
    assert [one.name for one in own.milestones] == ["Angebot"]


def test_what_holds_for_a_rep_without_a_team_is_everybodys():
    own = holds_for()
    assert str(own.hours).startswith("Asia/Tokyo (calendar), 09:00-17:30")
    assert (own.language, own.manager, own.timing.lead) == ("en", None, None)
    assert own.cadence == EACH
    assert [one.name for one in own.milestones] == ["Demo"]


def test_what_is_chosen_for_the_rep_alone_goes_before_the_team():
    own = holds_for(team="emea", language="fr", time_zone="UTC", manager="lea@ourco.example")
    assert (own.language, own.zone.key, own.manager) == ("fr", "UTC", "lea@ourco.example")
    assert holds_for(team="emea", manager=ANA).manager is None, "nobody is their own manager"


@pytest.mark.parametrize(
    ("written", "watch"),
    [
        ({}, Watch.REVIEW),
        ({"watch": "review"}, Watch.REVIEW),
        ({"watch": "everybody"}, Watch.EVERYBODY),
        ({"watch": "all_outside"}, Watch.EVERYBODY),
        ({"watch": "listed"}, Watch.LISTED),
    ],
)
def test_what_is_watched_is_what_the_admin_wrote(rules, database, written, watch):
    assert rules(**written).policies[None].watch is watch
    with database.begin() as tx:
        people.set_domains(tx, ["acme.com"], "customer", datetime(2026, 11, 23, tzinfo=UTC))
    assert rules(**written).policies[None].watch is watch


def test_an_unknown_way_of_watching_is_refused():
    with pytest.raises(ValidationError):
        MeetingSettings(watch="nobody")


def test_titles_tell_no_trade_without_the_bundled_words(rules):
    assert rules().policies[None].title_tells_trade
    assert not rules(bundled_title_words=False).policies[None].title_tells_trade


def test_what_changed_of_a_rep_is_laid_over_what_is_known(rules, database):
    with database.begin() as tx:
        for name, alias in (("ana", "both"), ("ben", "both"), ("cem", "ana")):
            new = NewRep(f"{name}@ourco.com", Provider.GOOGLE, aliases=(f"{alias}@ourco.com",))
            people.add_rep(tx, new, datetime(2026, 11, 23, 9, tzinfo=UTC))
    known = rules()
    for before in known.reps:
        changed = replace(before, name="Another", time_zone="Europe/Berlin")
        now = known.with_rep(changed)
        wanted = [changed if rep.id == before.id else rep for rep in known.reps]
        assert now.reps == wanted
        assert now.for_rep(before).zone.key == "Europe/Berlin"
        assert {a: rep.id for a, rep in now.reps_by_address.items()} == {
            a: rep.id for a, rep in known.reps_by_address.items()
        }
        assert all(now.reps_by_address[rep.email] is rep for rep in wanted)
        assert known.reps_by_id[before.id] is before


def test_rules_are_made_anew_where_what_they_are_made_of_changed(office):
    def load(settings=office.ctx.settings):
        with office.ctx.database.read() as tx:
            return load_rules(tx, settings)

    first = load()
    assert load() is first
    add(office, BEN)
    with_ben = load()
    assert BEN in with_ben.reps_by_address
    with office.ctx.database.begin() as tx:
        people.set_domains(tx, ["acme.example"], "never", office.ctx.clock())
    assert load().version != with_ben.version
    fewer = office.ctx.settings.model_copy(update={"meetings": MeetingSettings(watch="listed")})
    assert load(fewer).policies[None].watch is Watch.LISTED
    assert load().policies[None].watch is not Watch.LISTED

"""Colleagues who take part are told once that somebody was asked; nobody else ever is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.availability import RepState
from nudger.domain.commitment import MeetingState
from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.sandbox.entries import Guest
from nudger.sandbox.people_pages import plain_text
from nudger.store import meetings, people, sent_log
from nudger.store.people import NewRep
from tests.office import run_once

ANA, BEN, LEA, DANA = (
    "ana@ourco.example", "ben@ourco.example", "lea@ourco.example", "dana@acme.example",
)  # fmt: skip

LATER = timedelta(minutes=16)
START = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def after(office, by=LATER):
    office.at(office.world.now() + by)
    run_once(office.ctx)


def meet(office, entry_id="call1", response="accepted", **more):
    """Ana's meeting with Dana, in which Ben takes part."""
    guests = [Guest(ANA, "", "accepted"), Guest(BEN, "", response), Guest(DANA, "", "accepted")]
    return office.meet(entry_id, guests=guests, **more)


def told(office, person=BEN):
    return [plain_text(m) for m in office.inbox(person) if "was asked" in plain_text(m)]


def subjects(office, person=BEN):
    return [mail.headers["subject"] for mail in office.inbox(person)]


def set_state(office, state):
    with office.ctx.database.begin() as tx:
        ben = people.find_rep(tx, BEN)
        people.set_state(tx, ben.id, state)


@pytest.fixture
def team(office):
    """Ana and Ben are watched, and the admin wants colleagues to be told."""
    ask = office.ctx.settings.ask.model_copy(update={"tell_colleagues": True})
    office.ctx = replace(office.ctx, settings=office.ctx.settings.model_copy(update={"ask": ask}))
    provider = Provider(office.world.people[ANA].provider)
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(BEN, provider, "Ben Okafor"), office.ctx.clock())
    return office


def test_who_takes_part_is_told_once_who_was_asked(team):
    meet(team)
    run_once(team.ctx)
    assert (len(team.inbox(ANA)), len(team.inbox(BEN))) == (1, 0), "not in the same breath"
    after(team)
    assert subjects(team) == ["ACME: pilot review, Tue 24 Nov: Ana Weber was asked"]
    assert f"not me, ask {BEN}" in told(team)[0]
    for _ in range(6):
        after(team, timedelta(hours=1))
    assert len(told(team)) == 1
    assert told(team, DANA) == []


def test_by_default_nobody_is_told(office, team):
    ask = team.ctx.settings.ask.model_copy(update={"tell_colleagues": False})
    team.ctx = replace(team.ctx, settings=team.ctx.settings.model_copy(update={"ask": ask}))
    meet(team)
    run_once(team.ctx)
    after(team)
    assert team.inbox(BEN) == []


@pytest.mark.parametrize(("wanted_by", "count"), [("ana's team", 1), ("ben's team", 0)])
def test_the_team_of_who_was_asked_decides(office, wanted_by, count):
    """A colleague is told of the questions of a team that wants it, whatever their own wants."""
    wanted = {name: name == wanted_by for name in ("ana's team", "ben's team")}
    office.configure("".join(
        f'[[teams]]\nname = "{name}"\nask = {{ tell_colleagues = {str(tells).lower()} }}\n'
        for name, tells in wanted.items()
    ))  # fmt: skip
    provider = Provider(office.world.people[ANA].provider)
    with office.ctx.database.begin() as tx:
        people.add_rep(
            tx, NewRep(ANA, provider, "Ana Weber", team="ana's team"), office.ctx.clock()
        )
        people.add_rep(
            tx, NewRep(BEN, provider, "Ben Okafor", team="ben's team"), office.ctx.clock()
        )
    meet(office)
    run_once(office.ctx)
    after(office)
    assert len(told(office)) == count


@pytest.mark.parametrize(
    ("response", "count"), [("tentative", 1), ("declined", 0), ("needsAction", 0)]
)
def test_only_who_takes_part_is_told(team, response, count):
    meet(team, response=response)
    run_once(team.ctx)
    after(team)
    assert len(told(team)) == count


def test_who_declines_meanwhile_is_not_told(team):
    entry = meet(team)
    run_once(team.ctx)
    guests = [Guest(ANA, "", "accepted"), Guest(BEN, "", "declined"), Guest(DANA, "", "accepted")]
    with team.world.lock:
        team.world.calendars.change(entry, ANA, False, guests=guests)
    after(team)
    assert told(team) == []


@pytest.mark.parametrize("state", [RepState.PAUSED, RepState.STOPPED])
def test_who_wants_no_mail_is_not_told(team, state):
    set_state(team, state)
    meet(team)
    run_once(team.ctx)
    after(team)
    assert team.inbox(BEN) == []


def test_nobody_is_told_once_it_is_answered(team):
    meet(team)
    run_once(team.ctx)
    team.reply("Dana agrees to a pilot by Friday\n1")
    after(team, timedelta(minutes=3))
    after(team)
    assert told(team) == []


def test_several_are_one_mail(team):
    meet(team)
    meet(team, "call2", title="ACME: legal", start=START + timedelta(hours=2))
    run_once(team.ctx)
    after(team)
    assert subjects(team) == ["2 calls: a colleague was asked"]
    assert "ACME: legal" in told(team)[0]


def test_a_call_that_is_not_told_of_is_asked_about_all_the_same(team):
    """Only a question that goes out without a call ends the call."""
    meet(team)
    meet(team, "call2", title="ACME: legal", start=START + timedelta(hours=2))
    run_once(team.ctx)
    with team.ctx.database.begin() as tx:
        ana = people.find_rep(tx, ANA)
        (legal,) = team.ctx.meetings.ahead(tx, ana.id, START + timedelta(hours=1), START + DAY)
        is_planned = (MeetingState.PLANNED, "owner_left")
        team.ctx.meetings.set_states(tx, [legal.id], *is_planned, team.ctx.clock())
    after(team)
    assert subjects(team) == ["ACME: pilot review, Tue 24 Nov: Ana Weber was asked"]
    with team.ctx.database.read() as tx:
        left = team.ctx.meetings.get(tx, legal.id)
    assert (left.state, left.reason) == is_planned


def test_a_question_to_the_colleague_goes_first(team):
    meet(team)
    run_once(team.ctx)
    guests = [Guest(BEN, "", "accepted"), Guest(DANA, "", "accepted")]
    team.meet("bens", owner=BEN, title="ACME: by Ben", start=START, guests=guests)
    after(team)
    assert subjects(team) == ["ACME: by Ben, Tue 24 Nov: what will they agree to?"]
    after(team, timedelta(minutes=55))
    assert told(team) == []
    after(team, timedelta(minutes=10))
    assert len(told(team)) == 1


def test_never_outside_their_hours_and_never_after_the_start(team):
    team.at(datetime(2026, 11, 23, 16, 20, tzinfo=UTC))
    meet(team, start=datetime(2026, 11, 24, 7, 30, tzinfo=UTC))
    run_once(team.ctx)
    assert len(team.inbox(ANA)) == 1
    for hours in range(1, 20):
        team.at(datetime(2026, 11, 23, 16, 20, tzinfo=UTC) + timedelta(hours=hours))
        run_once(team.ctx)
    assert team.inbox(BEN) == []


def test_after_a_hand_over_nobody_is_told_again(team):
    provider = Provider(team.world.people[ANA].provider)
    team.world.add_person(LEA, "Lea Martin", zone="Europe/Berlin", provider=provider.value)
    with team.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(LEA, provider, "Lea Martin"), team.ctx.clock())
    guests = [Guest(one, "", "accepted") for one in (ANA, BEN, LEA, DANA)]
    team.meet(guests=guests)
    run_once(team.ctx)
    after(team)
    assert (len(told(team)), len(told(team, LEA))) == (1, 1)
    team.reply(f"not me, ask {BEN}")
    after(team, timedelta(minutes=3))
    for _ in range(3):
        after(team, timedelta(minutes=50))
    assert "what will they agree to?" in subjects(team)[-1]
    assert (len(told(team)), len(told(team, LEA)), len(told(team, ANA))) == (1, 1, 0)


def test_handed_over_at_once_the_others_hear_of_the_one_who_is_asked(team):
    provider = Provider(team.world.people[ANA].provider)
    team.world.add_person(LEA, "Lea Martin", zone="Europe/Berlin", provider=provider.value)
    with team.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(LEA, provider, "Lea Martin"), team.ctx.clock())
    team.meet(guests=[Guest(one, "", "accepted") for one in (ANA, BEN, LEA, DANA)])
    run_once(team.ctx)
    team.reply(f"not me, ask {BEN}")
    after(team, timedelta(minutes=3))
    after(team, timedelta(minutes=20))
    assert "Ben Okafor was asked" in told(team, LEA)[0]
    assert told(team) == []


def test_a_colleagues_answer_is_not_written_and_they_learn_how_to_be_asked(team):
    meet(team)
    run_once(team.ctx)
    after(team)
    for text in ("Dana agrees to a pilot by Friday", "skip"):
        team.reply(text, person=BEN, mail=0)
        after(team, timedelta(minutes=3))
    assert "pilot by Friday" not in team.description("call1")
    with team.ctx.database.read() as tx:
        assert meetings.state_counts(tx) == {"asked": 1}
    assert subjects(team)[1:] == ["Nudger: nothing to answer"]
    shown = " ".join(plain_text(team.inbox(BEN)[-1]).split())
    assert f"Ana Weber can reply: not me, ask {BEN}" in shown


def test_a_colleague_can_stop_all_mails(team):
    meet(team)
    run_once(team.ctx)
    after(team)
    team.reply("stop", person=BEN)
    after(team, timedelta(minutes=3))
    with team.ctx.database.read() as tx:
        assert people.find_rep(tx, BEN).state is RepState.STOPPED
        assert people.find_rep(tx, ANA).state is RepState.ACTIVE


def test_it_costs_one_call_for_each_who_is_told(team):
    get = "graph.calendar.get" if team.is_outlook else "calendar.events.get"
    meet(team)
    run_once(team.ctx)
    before = team.calls.get(get, 0)
    after(team)
    assert team.calls.get(get, 0) == before + 1
    with team.ctx.database.read() as tx:
        assert len(sent_log.sent_mails(tx, MailKind.COLLEAGUE)) == 1

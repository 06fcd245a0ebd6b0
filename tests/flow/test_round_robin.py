"""A booking tool gives a call to another host: who is asked follows, and nobody twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.jobs.scan import scan
from nudger.sandbox.people_pages import plain_text
from nudger.store import meetings, outbox, people
from nudger.store.people import NewRep
from tests.office import ANA, BEN, DANA, run_once

ANSWER = "Dana, the CFO, agrees to a pilot by Friday\n1"


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


@pytest.fixture
def office(office, kept_by):
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(BEN, Provider(kept_by), "Ben Okafor"), office.world.now())
    run_once(office.ctx)
    return office


def to_ana(office):
    return office.meet(title="Dana Reyes and Ana Weber")


def to_ben(office):
    """In a new event, as booking tools do it."""
    return office.meet(
        "call2", owner=BEN, guests=[BEN, DANA], title="Dana Reyes and Ben Okafor",
        description="Booked by Dana",
    )  # fmt: skip


def to_ben_and_seen(office):
    """Before the other event goes."""
    to_ben(office)
    office.later(minutes=2)
    scan(office.ctx)
    with office.ctx.database.read() as tx:
        assert sum(meetings.state_counts(tx).values()) == 2


def subjects(office, person):
    return [plain_text(one) for one in office.inbox(person)]


def questions(office, person):
    return [text for text in subjects(office, person) if "have agreed to do" in text]


def go_on(office, times=3, **by):
    for _ in range(times):
        office.later(**(by or {"minutes": 2}))
        run_once(office.ctx)


def answered_by_ana(office, text=ANSWER):
    entry = to_ana(office)
    go_on(office, 1)
    office.reply(text)
    go_on(office, 1)
    return entry


def test_a_question_that_has_not_gone_out_goes_to_the_new_host(office):
    start = datetime(2026, 11, 26, 13, tzinfo=UTC)
    entry = office.meet(start=start)
    go_on(office, 1)
    office.world.calendars.cancel(entry, ANA)
    office.meet("call2", owner=BEN, guests=[BEN, DANA], start=start)
    go_on(office, 1)
    office.at(datetime(2026, 11, 25, 8, 5, tzinfo=UTC))
    go_on(office, 1)
    assert [len(questions(office, one)) for one in (ANA, BEN)] == [0, 1]


@pytest.mark.parametrize("is_there_first", [False, True])
def test_an_unanswered_question_is_withdrawn_from_the_former_host(office, is_there_first):
    entry = to_ana(office)
    go_on(office, 1)
    assert len(questions(office, ANA)) == 1
    if is_there_first:
        to_ben_and_seen(office)
    office.world.calendars.cancel(entry, ANA)
    if not is_there_first:
        to_ben(office)
    go_on(office, 2)
    office.at(datetime(2026, 11, 24, 11, 30, tzinfo=UTC))
    go_on(office, 2)
    assert len(questions(office, ANA)) == 1, "neither asked again nor reminded"
    assert questions(office, BEN)


@pytest.mark.parametrize("is_there_first", [False, True])
def test_an_answer_that_was_given_stays(office, is_there_first):
    entry = answered_by_ana(office)
    before = subjects(office, ANA)
    if is_there_first:
        to_ben_and_seen(office)
    office.world.calendars.cancel(entry, ANA)
    if not is_there_first:
        to_ben(office)
    go_on(office, 3)
    assert questions(office, BEN) == []
    with office.ctx.database.read() as tx:
        assert outbox.waiting(tx, (MailKind.QUESTION,)) == []
    assert subjects(office, ANA) == before, "nothing went wrong, and nothing is said"
    assert "agrees to a pilot" in office.description("call2", BEN)
    assert "Booked by Dana" in office.description("call2", BEN)
    office.at(datetime(2026, 11, 24, 14, 30, tzinfo=UTC))
    go_on(office, 1)
    assert any("Did they agree" in text for text in subjects(office, BEN))
    assert not any("Did they agree" in text for text in subjects(office, ANA))


def test_a_private_event_goes_along(office):
    settings = office.file.read_text()
    office.file.write_text(settings.replace('write_back = "meeting"', 'write_back = "private"'))
    office.configure("")
    entry = answered_by_ana(office)
    assert [one.title for one in private(office, ANA)] == ["C.O. for: Dana Reyes and Ana Weber"]
    office.world.calendars.cancel(entry, ANA)
    to_ben(office)
    go_on(office, 3)
    assert private(office, ANA) == []
    assert "agrees to a pilot" in private(office, BEN)[0].description


def private(office, person):
    entries = office.world.calendars.of(person).values()
    return [one for one in entries if one.visibility == "private" and one.status != "cancelled"]


@pytest.mark.parametrize("is_there_first", [False, True])
def test_what_a_rep_keeps_to_themself_is_not_passed_on(office, is_there_first):
    entry = answered_by_ana(office, f"{ANSWER}\nprivate")
    if is_there_first:
        to_ben_and_seen(office)
    office.world.calendars.cancel(entry, ANA)
    if not is_there_first:
        to_ben(office)
    go_on(office, 3)
    assert len(questions(office, BEN)) == 1
    assert private(office, BEN) == []
    assert office.description("call2", BEN) == "Booked by Dana"


def test_the_same_event_with_another_organizer_asks_the_new_one(office):
    to_ana(office)
    go_on(office, 1)
    assert len(questions(office, ANA)) == 1
    with office.world.lock:
        for owner in (ANA, DANA):
            office.world.calendars.of(owner).pop("call1", None)
    office.meet(owner=BEN, organizer=BEN, guests=[BEN, DANA], title="Dana Reyes and Ben Okafor")
    office.world.calendars.expire_tokens(ANA)
    go_on(office, 3)
    assert [len(questions(office, one)) for one in (ANA, BEN)] == [1, 1]
    office.at(datetime(2026, 11, 24, 11, 30, tzinfo=UTC))
    go_on(office, 1)
    assert len(questions(office, ANA)) == 1, "not reminded"

"""A clock that is set back: nothing twice, nothing forgotten, nothing late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nudger.sandbox.people_pages import plain_text
from nudger.worker import incoming, outgoing
from simulation.counter import kind_of

ANA = "ana@ourco.example"
ANSWER = "Dana agrees to a pilot by Friday\n2"


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


def work(office, **by):
    office.later(**by)
    outgoing(office.ctx)
    incoming(office.ctx)


def kinds(office):
    return [kind_of(one) for one in office.inbox(ANA)]


@pytest.mark.parametrize("back", [timedelta(minutes=20), timedelta(hours=3), timedelta(hours=24)])
def test_nothing_is_asked_twice_and_what_is_new_is_seen_at_once(office, back):
    office.later(days=1, hours=4)
    office.meet(start=office.world.now() + timedelta(days=1))
    work(office)
    assert kinds(office) == ["question"]
    office.at(office.world.now() - back)
    office.meet("call2", title="ACME: soon", start=office.world.now() + timedelta(hours=8))
    for _ in range(12):
        work(office, minutes=15)
    assert kinds(office).count("question") == 2
    assert "ACME: soon" in plain_text(office.inbox(ANA)[1])


def test_an_answer_is_taken_and_confirmed_at_once(office):
    work(office)
    office.later(hours=4)
    office.meet()
    work(office)
    office.at(office.world.now() - timedelta(hours=3))
    office.reply(ANSWER)
    work(office, minutes=1)
    work(office, minutes=1)
    assert "Dana agrees" in office.description("call1")
    assert "saved" in office.inbox(ANA)[-1].headers["subject"]

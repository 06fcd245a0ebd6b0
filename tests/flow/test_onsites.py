"""Whole days at a customer's: asked about before the first, and after the last."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from nudger.admin.explain import explain_event
from nudger.sandbox.entries import Guest
from nudger.sandbox.people_pages import plain_text
from nudger.store import people, tables
from tests.office import ANA, DANA, run_once

FIRST, AFTER = datetime(2026, 11, 24, 23, tzinfo=UTC), datetime(2026, 11, 27, 23, tzinfo=UTC)
"""From Wednesday to Friday, by midnights in Berlin."""


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


@pytest.fixture
def onsite(office):
    with office.ctx.database.begin() as tx:
        people.set_domains(tx, ["acme.example"], "customer", office.ctx.clock())
    office.meet(
        title="ACME: rollout workshop", start=FIRST, end=AFTER, all_day=True, transparent=True,
        guests=[ANA, Guest(DANA, "Dana Reyes", "accepted")],
    )  # fmt: skip
    run_once(office.ctx)
    return office


def subject_of(mail):
    return message_from_bytes(mail.raw, policy=default)["Subject"]


def last(office):
    return plain_text(office.inbox(ANA)[-1])


def test_the_question_comes_on_the_working_day_before_the_first(onsite):
    assert onsite.inbox(ANA) == []
    onsite.at(datetime(2026, 11, 24, 8, 5, tzinfo=UTC))
    run_once(onsite.ctx)
    (question,) = onsite.inbox(ANA)
    assert "Wed 25 – Fri 27 Nov" in subject_of(question)
    assert "Wed 25 – Fri 27 Nov, all day" in last(onsite)


def test_the_question_after_it_comes_when_the_last_day_is_over(onsite):
    onsite.at(datetime(2026, 11, 24, 8, 5, tzinfo=UTC))
    run_once(onsite.ctx)
    onsite.reply("Dana, the CFO, agrees to a pilot by Friday\n1")
    onsite.later(minutes=2)
    run_once(onsite.ctx)
    assert "agrees to a pilot" in onsite.description("call1")
    before = len(onsite.inbox(ANA))
    for moment in (datetime(2026, 11, 25, 17, tzinfo=UTC), datetime(2026, 11, 27, 16, tzinfo=UTC)):
        onsite.at(moment)
        run_once(onsite.ctx)
    assert len(onsite.inbox(ANA)) == before
    onsite.at(datetime(2026, 11, 30, 8, 5, tzinfo=UTC))
    run_once(onsite.ctx)
    assert any("Did they agree" in plain_text(one) for one in onsite.inbox(ANA)[before:])


def test_a_private_answer_takes_the_same_days(onsite):
    onsite.at(datetime(2026, 11, 24, 8, 5, tzinfo=UTC))
    run_once(onsite.ctx)
    onsite.reply("Dana, the CFO, agrees to a pilot by Friday\nprivate")
    onsite.later(minutes=2)
    run_once(onsite.ctx)
    (companion,) = (one for one in onsite.world.calendars.of(ANA).values() if one.id != "call1")
    assert companion.all_day
    days = [
        one.astimezone(ZoneInfo(companion.zone)).date() for one in (companion.start, companion.end)
    ]
    assert days == [date(2026, 11, 25), date(2026, 11, 28)]


def test_where_the_customer_has_not_accepted_nothing_is_asked(office):
    with office.ctx.database.begin() as tx:
        people.set_domains(tx, ["acme.example"], "customer", office.ctx.clock())
    office.meet(start=FIRST, end=AFTER, all_day=True, guests=[ANA, Guest(DANA, "", "needsAction")])
    office.at(datetime(2026, 11, 24, 8, 5, tzinfo=UTC))
    run_once(office.ctx)
    assert office.inbox(ANA) == []


def test_explain_tells_the_days(onsite):
    with onsite.ctx.database.read() as tx:
        event_id = tx.scalars(select(tables.occurrence.c.event_id)).one()
    (seen,) = explain_event(onsite.ctx, event_id)
    assert seen["meeting"]["days"] == ["2026-11-25", "2026-11-27"]

"""The one reminder: whom of, when, and when none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.mails import MailKind
from nudger.jobs.ask import ask
from nudger.store import outbox
from simulation.counter import kind_of
from tests.office import ANA, run_once

START = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)
THE_DAY_BEFORE = datetime(2026, 11, 25, 8, 5, tzinfo=UTC)


def reminders(office):
    """When those that wait are due."""
    with office.ctx.database.read() as tx:
        return [one.due_at for one in outbox.waiting(tx, (MailKind.REMINDER,))]


def kinds(office):
    return [kind_of(one) for one in office.inbox(ANA)]


@pytest.fixture
def asked(office):
    entry = office.meet(start=START)
    run_once(office.ctx)
    office.at(THE_DAY_BEFORE)
    run_once(office.ctx)
    assert kinds(office) == ["question"]
    return entry


def move(office, entry, start):
    with office.world.lock:
        end = start + timedelta(minutes=45)
        office.world.calendars.change(entry, ANA, False, start=start, end=end)
    office.later(minutes=2)
    run_once(office.ctx)


def test_it_is_planned_once_the_question_went_out(office, asked):
    (due,) = reminders(office)
    assert THE_DAY_BEFORE + timedelta(hours=1) <= due < START


def test_it_follows_the_call(office, asked):
    (due,) = reminders(office)
    move(office, asked, START + timedelta(days=1))
    assert reminders(office) == [due + timedelta(days=1)]


def test_none_comes_where_the_call_is_too_soon_after_the_question_by_now(office, asked):
    move(office, asked, THE_DAY_BEFORE + timedelta(minutes=70))
    assert reminders(office) == []
    office.later(hours=1)
    run_once(office.ctx)
    assert kinds(office) == ["question"]


@pytest.mark.parametrize("switched", ["[ask]\nremind = false\n"])
def test_none_is_planned_where_it_is_switched_off(office, switched):
    office.configure(switched)
    office.meet(start=START)
    run_once(office.ctx)
    office.at(THE_DAY_BEFORE)
    run_once(office.ctx)
    assert kinds(office) == ["question"]
    assert reminders(office) == []


def test_of_several_calls_the_first_that_is_open_says_when(office):
    office.meet(start=START)
    office.meet("call2", title="ACME: legal", start=START + timedelta(hours=3))
    run_once(office.ctx)
    office.at(THE_DAY_BEFORE)
    run_once(office.ctx)
    (due,) = reminders(office)
    assert due < START
    office.reply("A: skip")
    office.later(minutes=2)
    run_once(office.ctx)
    office.at(START - timedelta(minutes=30))
    ask(office.ctx)
    (reminder,) = (one for one in office.inbox(ANA) if kind_of(one) == "reminder")
    assert "legal" in reminder.headers["subject"]


def test_it_says_only_once_what_nobody_answers(office, asked):
    for hours in range(0, 60, 2):
        office.at(THE_DAY_BEFORE + timedelta(hours=hours))
        run_once(office.ctx)
    assert kinds(office) == ["question", "reminder"]


def test_an_answer_takes_it_back(office, asked):
    office.reply("Dana agrees to a pilot by Friday\n1")
    office.later(minutes=2)
    run_once(office.ctx)
    assert reminders(office) == []

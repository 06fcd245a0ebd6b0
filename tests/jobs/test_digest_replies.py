"""What is done about the parts of a reply to a question about several calls."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from nudger.sandbox.people_pages import plain_text
from nudger.store import tables
from tests.office import ANA, run_once

GOOD = "Dana, the CFO, agrees to a pilot by Friday"


@pytest.fixture
def two_calls(office):
    office.meet("call1", title="ACME: pilot review")
    office.meet("call2", title="ACME: legal", start=datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    run_once(office.ctx)
    return office


def say(office, text):
    office.reply(text)
    office.later(minutes=2)
    run_once(office.ctx)


def told(office):
    return [plain_text(mail) for mail in office.inbox(ANA)[1:]]


def fillers(office):
    trail = tables.audit.c
    with office.ctx.database.read() as tx:
        rows = tx.execute(
            sa.select(trail.meeting_id).where(trail.reason == "filler", trail.step == "understand")
        ).scalars()
        return sorted(rows)


def test_what_could_not_be_placed_is_quoted_beside_the_calls(two_calls):
    say(two_calls, f"The weather is fine in Leeds\nB: {GOOD}\n1")
    assert GOOD in two_calls.description("call2")
    quoting = next(mail for mail in told(two_calls) if "The weather is fine in Leeds" in mail)
    assert "A: ACME: pilot review · B: ACME: legal" in quoting
    assert "mute series" not in quoting


def test_a_late_answer_is_taken_until_the_last_of_the_calls_is_long_over(two_calls):
    two_calls.at(datetime(2026, 12, 24, 14, 30, tzinfo=UTC))
    say(two_calls, f"B: {GOOD}")
    assert GOOD in two_calls.description("call2")
    two_calls.at(datetime(2026, 12, 24, 16, 30, tzinfo=UTC))
    say(two_calls, "B: Dana signs the order on Friday")
    assert "Dana signs the order" not in two_calls.description("call2")


def test_an_answer_that_names_no_call_is_quoted_back(two_calls):
    say(two_calls, GOOD)
    (mail,) = told(two_calls)
    assert GOOD in mail
    assert "letter of the call" in mail
    assert "mute series" not in mail


def test_a_filler_for_one_call_gets_one_line_about_it_and_is_counted(two_calls):
    say(two_calls, f"A: {GOOD}\n1\nB: tbd")
    assert "tbd" not in two_calls.description("call2")
    hint = next(mail for mail in told(two_calls) if "One line is enough" in mail)
    assert "ACME: legal" in hint
    assert "pilot review" not in hint
    assert len(fillers(two_calls)) == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("tbd", "One line is enough"),
        ("what do you mean by C.O.?", "The Commitment Objective (C.O.) is"),
    ],
)
def test_one_helpful_line_and_no_note(office, text, line):
    office.meet("call1")
    run_once(office.ctx)
    before = office.description("call1")
    say(office, text)
    (mail,) = told(office)
    assert line in mail
    assert "mute series" not in mail
    assert office.description("call1") == before
    assert len(fillers(office)) == (text == "tbd")


def test_the_same_as_last_time_where_there_was_none(office):
    office.meet("call1")
    run_once(office.ctx)
    say(office, "same as last time")
    assert "There is no earlier answer" in told(office)[0]


def test_a_pause_may_last_until_a_day(office):
    office.meet("call1")
    run_once(office.ctx)
    say(office, "Pause until 7 January, I am on holiday")
    assert "No questions until Thursday 7 January" in told(office)[0]

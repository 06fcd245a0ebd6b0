"""A call as other systems are told of it, field by field, at each stage of its life."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nudger.jobs.telling.call import COLUMNS, has_customer, read_calls
from tests.office import ANA, NOW, run_once

GOOD = "Dana, the CFO, agrees to a pilot by Friday\n1\nfallback: Dana agrees to a demo on Monday"
AFTERWARDS = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
ASKED_AT = "2026-11-23T08:05:00+00:00"
ANSWERED_AT = "2026-11-23T08:07:00+00:00"
OUTCOME_AT = "2026-11-24T14:02:00+00:00"
ASKED = {
    "call": 1, "changed_at": ASKED_AT, "start": "2026-11-24T13:00:00+00:00",
    "end": "2026-11-24T13:45:00+00:00", "time_zone": "Europe/Berlin",
    "title": "ACME: pilot review", "customers": ["acme.example"], "rep": ANA,
    "rep_name": "Ana Weber", "state": "asked", "reason": "booked_late",
    "commitment_objective": None, "next_milestone": None, "fallback": None,
    "kept_private": False, "asked_at": ASKED_AT, "answered_at": None, "outcome": None,
    "outcome_words": None, "outcome_at": None, "note": None, "note_written_at": None,
}  # fmt: skip
ANSWERED = {
    "state": "written", "reason": "written", "changed_at": ANSWERED_AT,
    "commitment_objective": "Dana, the CFO, agrees to a pilot by Friday",
    "next_milestone": "First call", "fallback": "Dana agrees to a demo on Monday",
    "answered_at": ANSWERED_AT, "note": "meeting", "note_written_at": ANSWERED_AT,
}  # fmt: skip


def call(office, number=1):
    with office.ctx.database.read() as tx:
        (found,) = read_calls(office.ctx, tx, [number])
    return found


def say(office, text):
    office.reply(text)
    office.later(minutes=2)
    run_once(office.ctx)


@pytest.fixture
def asked(office):
    assert office.world.now() == NOW
    office.meet()
    run_once(office.ctx)
    return office


def changed(office, since=ASKED):
    """The fields that are not as before."""
    now = call(office).as_json()
    assert list(now) == list(COLUMNS) == list(ASKED)
    return {name: value for name, value in now.items() if value != since[name]}


def test_one_that_was_asked_about(asked):
    assert call(asked).as_json() == ASKED
    assert call(asked).lacks_objective
    assert call(asked).words.endswith(".")


def test_one_that_was_answered_and_written(asked):
    say(asked, GOOD)
    assert changed(asked) == ANSWERED
    assert not call(asked).lacks_objective


def test_one_whose_answer_is_kept_private_says_that_and_no_more(asked):
    say(asked, f"{GOOD}\nprivate")
    told = changed(asked)
    assert told["kept_private"] is True
    assert told["answered_at"] == ANSWERED_AT
    assert told["note"] == "private"
    assert not {"commitment_objective", "next_milestone", "fallback"} & told.keys()
    assert not call(asked).lacks_objective


def test_one_whose_answer_was_taken_back_is_unanswered(asked):
    say(asked, GOOD)
    say(asked, "undo")
    told = changed(asked)
    assert not {"answered_at", "commitment_objective", "next_milestone", "fallback"} & told.keys()
    assert call(asked).lacks_objective


@pytest.mark.parametrize(
    ("text", "outcome", "words"),
    [("yes", "yes", None), ("no", "no", None), ("partly, they want a demo", "partly", "they want a demo")],
)  # fmt: skip
def test_one_of_which_is_known_what_came_of_it(asked, text, outcome, words):
    say(asked, GOOD)
    asked.at(AFTERWARDS)
    run_once(asked.ctx)
    say(asked, text)
    told = call(asked).as_json()
    assert (told["outcome"], told["outcome_words"]) == (outcome, words)
    assert told["outcome_at"] == OUTCOME_AT


def test_one_that_was_called_off_lacks_nothing(asked):
    say(asked, "skip")
    assert call(asked).state == "withdrawn"
    assert not call(asked).lacks_objective


@pytest.mark.parametrize(
    ("domain", "is_with"),
    [
        ("acme.example", True),
        ("ACME.example ", True),
        ("dana@acme.example", True),
        ("example", True),
        ("me.example", False),
        ("uk.acme.example", False),
        ("globex.example", False),
    ],
)
def test_whose_customer_a_domain_is(asked, domain, is_with):
    assert has_customer(("acme.example",), domain) is is_with
    assert call(asked).is_with(domain) is is_with


def test_several_come_in_the_order_in_which_they_are_named(office):
    for number in (1, 2, 3):
        office.meet(f"call{number}", title=f"Call {number}")
    run_once(office.ctx)
    with office.ctx.database.read() as tx:
        assert [one.call for one in read_calls(office.ctx, tx, [3, 1, 2])] == [3, 1, 2]

"""What becomes of a reply: how its mail ends, what stands in the trail, what the rep is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from nudger.sandbox.people_pages import plain_text
from nudger.store import audit, meetings, tables
from tests.office import ANA, run_once

GOOD = "Dana, the CFO, agrees to a pilot by Friday"
PILOT, LEGAL = "ACME: pilot review, Tue 24 Nov", "ACME: legal, Tue 24 Nov"
AFTERWARDS = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


@pytest.fixture
def asked(office):
    office.meet()
    run_once(office.ctx)
    return office


@pytest.fixture
def asked_about_two(office):
    office.meet()
    office.meet("call2", title="ACME: legal", start=datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    run_once(office.ctx)
    return office


@pytest.fixture
def called_off(asked):
    call_off(asked, "call1")
    return asked


@pytest.fixture
def held(asked):
    """The call is over, and we asked what came of it."""
    said(asked, GOOD)
    asked.at(AFTERWARDS)
    run_once(asked.ctx)
    return asked


def call_off(office, entry_id):
    with office.world.lock:
        entry = office.world.calendars.find(ANA, entry_id)
        office.world.calendars.change(entry, ANA, False, status="cancelled")
    office.later(minutes=2)
    run_once(office.ctx)


def trail(office):
    with office.ctx.database.read() as tx:
        steps = [one.step for one in audit.after(tx, 0)]
    return [" ".join(map(str, (one.step, one.reason, one.meeting_id))) for one in steps]


def said(office, text):
    """The end of a reply's mail, the steps that it caused, and the subjects of what came back."""
    steps, mails, columns = len(trail(office)), len(office.inbox(ANA)), tables.inbound.c
    office.reply(text)
    office.later(minutes=2)
    run_once(office.ctx)
    ended = sa.select(columns.state, columns.reason, columns.disposition)
    with office.ctx.database.read() as tx:
        end = tx.execute(ended.order_by(columns.id.desc()).limit(1)).one()
    told = [mail.headers["subject"] for mail in office.inbox(ANA)[mails:]]
    return " ".join(end), trail(office)[steps:], told


def states(office):
    with office.ctx.database.read() as tx:
        return meetings.state_counts(tx)


@pytest.mark.parametrize(
    ("text", "end", "steps", "told"),
    [
        (GOOD, "done answered answer",
         ["answer answered 1", "understand answered 1", "write written 1",
          "confirmation as_asked 1"], [f"{PILOT}: saved"]),
        ("tbd", "quarantined filler unclear", ["understand filler 1", "command filler 1"],
         [f"{PILOT}: not done"]),
        ("what is this?", "quarantined asked_back unclear",
         ["understand asked_back 1", "command asked_back 1"], [f"{PILOT}: not done"]),
        ("no", "quarantined no_answer_found unclear",
         ["understand no_answer_found 1", "command not_understood 1"], [f"{PILOT}: not done"]),
        ("thanks", "quarantined acknowledgement empty", ["understand acknowledgement 1"], []),
        ("", "quarantined empty empty", ["understand empty 1"], []),
        ("skip", "done skip command",
         ["command skip 1", "understand skip 1", "command skip 1"], [f"{PILOT}: skipped"]),
        ("stop", "done stop command",
         ["command stop 1", "understand stop 1", "command stop 1"], [f"{PILOT}: stopped"]),
    ],
)  # fmt: skip
def test_of_one_call(asked, text, end, steps, told):
    assert said(asked, text) == (end, steps, told)


@pytest.mark.parametrize(
    ("text", "end", "steps", "told", "left"),
    [
        (f"A: {GOOD}\nB: skip", "done answered answer",
         ["command skip 2", "answer answered 1", "understand answered 1", "write written 1",
          "command skip 2", "confirmation as_asked 1"],
         [f"{LEGAL}: skipped", f"{PILOT}: saved"], {"withdrawn": 1, "written": 1}),
        ("A: skip\nB: skip", "done digest command",
         ["command skip 1", "command skip 2", "understand digest 1", "command skip 1",
          "command skip 2"], [f"{PILOT}: skipped", f"{LEGAL}: skipped"], {"withdrawn": 2}),
        ("A: later 25:99\nB: skip", "done digest command",
         ["command not_understood 1", "command skip 2", "understand digest 1",
          "command not_understood 1", "command skip 2"],
         [f"{PILOT}: not done", f"{LEGAL}: skipped"], {"asked": 1, "withdrawn": 1}),
        ("private", "done nothing_saved command",
         ["command nothing_saved 1", "command nothing_saved 2", "understand nothing_saved 1",
          "command nothing_saved 1", "command nothing_saved 2"],
         ["2 calls: not done"], {"asked": 2}),
        ("A: tbd\nB: tbd", "quarantined filler unclear",
         ["understand filler 2", "understand filler 1", "command filler 1", "command filler 2"],
         ["2 calls: not done"], {"asked": 2}),
        ("A: thanks", "quarantined filler unclear", ["understand filler 1", "command filler 1"],
         [f"{PILOT}: not done"], {"asked": 2}),
        ("C: foo", "quarantined which_meeting unclear",
         ["understand which_meeting 1", "command unplaced 1", "command unplaced 2"],
         ["2 calls: not done"], {"asked": 2}),
        ("A: 2\nB: 9", "done answered answer",
         ["answer answered 1", "understand answered 1", "write no_commitment 1",
          "command unplaced 1", "command unplaced 2", "confirmation as_asked 1"],
         ["2 calls: not done", f"{PILOT}: saved"], {"asked": 1, "written": 1}),
    ],
)  # fmt: skip
def test_of_two_calls(asked_about_two, text, end, steps, told, left):
    assert said(asked_about_two, text) == (end, steps, told)
    assert states(asked_about_two) == left


@pytest.mark.parametrize(
    ("text", "end", "steps", "told"),
    [
        (GOOD, "quarantined event_gone answer", ["understand event_gone 1", "command event_gone 1"],
         [f"{PILOT}: not done"]),
        ("skip", "quarantined event_gone command",
         ["understand event_gone 1", "command event_gone 1"], [f"{PILOT}: not done"]),
        ("tbd", "quarantined filler unclear", ["understand filler 1", "command filler 1"],
         [f"{PILOT}: not done"]),
        ("thanks", "quarantined acknowledgement empty", ["understand acknowledgement 1"], []),
        ("stop", "done stop command",
         ["command stop 1", "understand stop 1", "command stop 1"], [f"{PILOT}: stopped"]),
    ],
)  # fmt: skip
def test_of_a_call_that_was_called_off(called_off, text, end, steps, told):
    assert said(called_off, text) == (end, steps, told)
    assert states(called_off) == {"withdrawn": 1}


@pytest.mark.parametrize(
    ("text", "gone", "left"),
    [
        (f"A: {GOOD}\n1\nB: Dana signs the order on Friday\n1", LEGAL, "written"),
        ("A: skip\nB: skip", LEGAL, "withdrawn"),
        ("skip", LEGAL, "withdrawn"),
        (f"A: {GOOD}\n1", None, "written"),
    ],
)
def test_where_one_of_two_was_called_off_that_alone_is_told_of(asked_about_two, text, gone, left):
    office = asked_about_two
    call_off(office, "call2")
    _, steps, told = said(office, text)
    assert [mail for mail in told if "not done" in mail] == ([f"{gone}: not done"] if gone else [])
    assert ("command event_gone 2" in steps) is bool(gone)
    assert "command event_gone 1" not in steps
    with office.ctx.database.read() as tx:
        assert [office.ctx.meetings.get(tx, one).state for one in (1, 2)] == [left, "withdrawn"]


@pytest.mark.parametrize(
    ("text", "end", "steps"),
    [
        ("yes", "done outcome answer", ["outcome yes 1", "understand outcome 1"]),
        ("no", "done outcome answer", ["outcome no 1", "understand outcome 1"]),
        ("partly, they want a demo", "done outcome answer",
         ["outcome partly 1", "understand outcome 1"]),
        ("tbd", "quarantined filler unclear", ["understand filler 1", "command filler 1"]),
    ],
)  # fmt: skip
def test_after_the_call(held, text, end, steps):
    ended, caused, _ = said(held, text)
    assert (ended, [one for one in caused if "write" not in one]) == (end, steps)


def test_what_no_reply_can_be_read_from_is_explained_once_with_what_can_be_replied(asked):
    said(asked, "no")
    (told,) = asked.inbox(ANA)[1:]
    assert "We could not read an answer in your reply" in plain_text(told)
    assert "mute series" in plain_text(told)

"""What becomes of words, clicks and forms in Slack: how each ends, and what stands in the trail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from nudger.admin.controls import end_lockdown, lock_down
from nudger.domain.availability import RepState
from nudger.jobs.heed import heed
from nudger.jobs.incoming.from_chat import keep_click, keep_form, keep_said
from nudger.providers.chat import ChatEvent
from nudger.store import audit, chat, people, tables
from tests.office import ANA, run_once

GOOD = "Dana, the CFO, agrees to a pilot by Friday"


@pytest.fixture
def slack(office):
    office.configure(
        f'[slack]\nbot_token = "xoxb-sandbox"\napp_token = "xapp-sandbox"\n'
        f'api_root = "{office.server.url}/slack/api"\n'
    )
    with office.ctx.database.begin() as tx:
        chat.choose(tx, 1, office.ctx.clock())
    return office.server.slack.workspace


@pytest.fixture
def asked(office, slack):
    office.meet()
    run_once(office.ctx)
    return slack


def rows(office, table):
    with office.ctx.database.read() as tx:
        return list(tx.execute(sa.select(table).order_by(*table.primary_key.columns)))


def trail(office):
    with office.ctx.database.read() as tx:
        steps = [one.step for one in audit.after(tx, 0)]
    return [" ".join(map(str, (s.step, s.reason, s.meeting_id, s.rep_id))) for s in steps]


def event(office, content, thread=0, key="1"):
    """Something of Ana's, under the first question or in no thread."""
    (person,) = rows(office, tables.chat_person)
    ts = None if thread is None else rows(office, tables.chat_post)[thread].ts
    return ChatEvent(key, person.team_id, person.user_id, person.channel_id, ts, content)


def ended(office, keep, *given):
    """How it ends, and the steps that it causes."""
    before = len(trail(office))
    keep(office.ctx, *given)
    office.later(minutes=2)
    run_once(office.ctx)
    word = rows(office, tables.chat_word)[-1]
    return f"{word.state} {word.reason} {word.disposition}", trail(office)[before:]


def says(office, text, thread=0, key="1"):
    return ended(office, keep_said, event(office, {"text": text}, thread, key))


def clicks(office, act, key="1"):
    return ended(office, keep_click, event(office, {"act": act}, 0, key))


ANSWERED = ["answer answered 1 1", "understand answered 1 1"]
SKIPPED = ["command skip 1 1", "understand skip 1 1", "command skip 1 1"]
STOPPED = ["command stop 1 1", "understand stop 1 1", "command stop 1 1"]


@pytest.mark.parametrize(
    ("text", "thread", "end", "steps"),
    [
        (GOOD, 0, "done answered answer", ANSWERED),
        (GOOD, None, "done answered answer", ANSWERED),
        ("skip", 0, "done skip command", SKIPPED),
        ("stop", 0, "done stop command", STOPPED),
        ("tbd", 0, "dropped filler unclear", ["understand filler 1 1", "command filler 1 1"]),
        ("thanks", 0, "dropped acknowledgement empty", ["understand acknowledgement 1 1"]),
    ],
)
def test_a_message(office, asked, text, thread, end, steps):
    found, caused = says(office, text, thread)
    assert (found, caused[: len(steps)]) == (end, steps)


@pytest.mark.parametrize(
    ("act", "end", "steps"),
    [
        ("milestone-1:1", "done answered answer", ANSWERED),
        ("skip:1", "done skip command", SKIPPED),
        ("later:1", "done later command",
         ["command later 1 1", "understand later 1 1", "command later 1 1"]),
        ("outcome-yes:1", "done outcome answer", ["outcome yes 1 1", "understand outcome 1 1"]),
        ("skip:0", "dropped empty empty", ["understand empty 1 1"]),
        ("skip:2", "dropped empty empty", ["understand empty 1 1"]),
        ("outcome-maybe:1", "dropped empty empty", ["understand empty 1 1"]),
        ("milestone-3:1", "dropped empty empty", ["understand empty 1 1"]),
    ],
)  # fmt: skip
def test_a_click(office, asked, act, end, steps):
    found, caused = clicks(office, act)
    assert (found, caused[: len(steps)]) == (end, steps)


@pytest.mark.parametrize(
    ("milestone", "named"), [("0", "First call"), ("1", "Needs analysis"), ("2", "Decision")]
)
def test_a_button_names_its_own_milestone(office, asked, milestone, named):
    clicks(office, f"milestone-{milestone}:1")
    with office.ctx.database.read() as tx:
        (_, answer) = office.ctx.answers.latest(tx, 1)
    assert answer.next_milestone == named


def test_later_by_a_button_is_two_hours(office, asked):
    clicks(office, "later:1")
    (mail,) = (one for one in rows(office, tables.mail) if one.reason == "later" and
               one.state == "due")  # fmt: skip
    assert mail.due_at == office.ctx.clock() + timedelta(hours=2)


@pytest.mark.parametrize(
    ("values", "end"),
    [
        ({"commitment": {"commitment": {"value": GOOD}}}, "done answered answer"),
        ({}, "dropped empty empty"),
    ],
)
def test_a_form(office, asked, values, end):
    (post,) = rows(office, tables.chat_post)
    found, caused = ended(office, keep_form, event(office, {"values": values}), f"{post.mail_id}:1")
    assert found == end
    assert f"understand {end.split()[1]} 1 1" in caused


@pytest.mark.parametrize("number", ["0", "2", "x"])
def test_a_form_about_no_call_of_the_question_says_nothing(office, asked, number):
    (post,) = rows(office, tables.chat_post)
    values = {"commitment": {"commitment": {"value": GOOD}}}
    found, _ = ended(
        office, keep_form, event(office, {"values": values}), f"{post.mail_id}:{number}"
    )
    assert found == "dropped empty empty"
    assert rows(office, tables.answer) == []


def test_a_form_about_one_of_two_calls_that_was_called_off_since_is_told_so(office, slack):
    office.meet()
    office.meet("call2", title="ACME: legal", start=datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    run_once(office.ctx)
    with office.world.lock:
        office.world.calendars.cancel(office.world.calendars.find(ANA, "call2"), ANA)
    office.later(minutes=5)
    run_once(office.ctx)
    posts = len(slack.posts(ANA))
    (post,) = rows(office, tables.chat_post)
    values = {"commitment": {"commitment": {"value": GOOD}}}
    form = event(office, {"values": values})
    found, steps = ended(office, keep_form, form, f"{post.mail_id}:2")
    assert found == "dropped event_gone answer"
    assert steps == ["understand event_gone 1 1", "command event_gone 2 1"]
    assert rows(office, tables.answer) == []
    assert len(slack.posts(ANA)) == posts + 1


@pytest.fixture
def none_open(office, asked):
    clicks(office, "skip:1", key="0")
    return asked


def test_outside_of_threads_a_command_about_all_calls_is_obeyed(office, none_open):
    end, steps = says(office, "Stop!", None)
    assert end == "done stop command"
    assert steps[:2] == ["command stop None 1", "understand stop None 1"]
    with office.ctx.database.read() as tx:
        assert people.get_rep(tx, 1).state is RepState.STOPPED


@pytest.mark.parametrize("text", [GOOD, "skip", "yes"])
def test_outside_of_threads_the_rep_is_told_where_an_answer_belongs(office, none_open, text):
    posts = len(none_open.posts(ANA))
    end, steps = says(office, text, None)
    assert end == "dropped which_meeting unclear"
    assert steps == ["understand which_meeting None 1", "command which_meeting None 1"]
    (told,) = none_open.posts(ANA)[posts:]
    assert "thread_ts" not in told
    assert rows(office, tables.answer) == []


def test_of_two_open_questions_neither_is_guessed(office, asked):
    office.later(hours=2)
    office.meet("call2", title="ACME: legal", start=datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    run_once(office.ctx)
    assert len(asked.posts(ANA)) == 2
    assert says(office, GOOD, None)[0] == "dropped which_meeting unclear"
    assert says(office, GOOD, 1, "2")[0] == "done answered answer"
    assert [one.meeting_id for one in rows(office, tables.answer)] == [2]


def test_answers_alone_are_counted(office, asked):
    keep_said(office.ctx, event(office, {"text": "thanks"}))
    keep_said(office.ctx, event(office, {"text": GOOD}, key="2"))
    assert heed(office.ctx) == 1


def test_a_lockdown_obeys_nothing_that_is_said_here(office, asked):
    keep_said(office.ctx, event(office, {"text": GOOD}))
    lock_down(office.ctx.database, office.ctx.clock())
    assert heed(office.ctx) == 0
    assert [one.state for one in rows(office, tables.chat_word)] == ["stored"]
    end_lockdown(office.ctx.database, office.ctx.clock(), keep_tokens=True)
    assert heed(office.ctx) == 1


def test_a_word_that_does_not_open_is_set_aside_and_stops_no_other(office, asked):
    keep_said(office.ctx, event(office, {"text": "Broken"}))
    with office.ctx.database.begin() as tx:
        tx.execute(sa.update(tables.chat_word).values(content=b"\x01" + b"x" * 40))
    keep_said(office.ctx, event(office, {"text": GOOD}, key="2"))
    for _ in range(8):
        heed(office.ctx)
        office.later(minutes=8)
    ends = [(one.state, one.reason) for one in rows(office, tables.chat_word)]
    assert ends == [("failed", "failed_thrice"), ("done", "answered")]
    assert "understand failed_thrice None 1" in trail(office)

"""Asked in Slack, answered there: question, buttons, form, thread, and what became of it elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from nudger.domain.event import Provider
from nudger.jobs.incoming.from_chat import chat_beside, keep_click, keep_form, keep_said
from nudger.providers.chat import ChatEvent
from nudger.sandbox.faults import Fault
from nudger.sandbox.slack.workspace import Workspace
from nudger.store import chat, people, tables
from nudger.store.people import NewRep
from tests.office import ANA, BEN, Office, run_once
from tests.waiting import PATIENCE, wait_for

GOOD = "Dana, the CFO, agrees to a pilot by Friday"
PLACE = "call1"


@pytest.fixture
def slack(office: Office) -> Workspace:
    office.configure(
        f'[slack]\nbot_token = "xoxb-sandbox"\napp_token = "xapp-sandbox"\n'
        f'api_root = "{office.server.url}/slack/api"\n'
    )
    choose(office)
    return office.server.slack.workspace


def choose(office: Office, email: str = ANA) -> None:
    with office.ctx.database.begin() as tx:
        rep = people.find_rep(tx, email)
        assert rep is not None
        chat.choose(tx, rep.id, office.ctx.clock())


@pytest.fixture
def asked(office: Office, slack: Workspace) -> Workspace:
    office.meet(PLACE)
    run_once(office.ctx)
    return slack


@pytest.fixture
def heard(office: Office, slack: Workspace) -> Iterator[Workspace]:
    """With the client of Socket Mode connected."""
    with chat_beside(office.ctx):
        wait_for(lambda: office.server.slack.socket_mode.connections)
        yield slack


def settled(office: Office) -> None:
    """Have all that was sent by Socket Mode be ours, then work once more."""
    socket = office.server.slack.socket_mode
    wait_for(lambda: not socket.waiting)
    office.later(minutes=2)
    run_once(office.ctx)


def texts(message: dict[str, Any]) -> str:
    return "\n".join(
        text["text"]
        for block in message["blocks"]
        for text in ([block["text"]] if "text" in block else block["elements"])
        if text.get("type") == "plain_text"
    )


def buttons(message: dict[str, Any]) -> list[str]:
    blocks = [block for block in message["blocks"] if block["type"] == "actions"]
    return [one["text"]["text"] for block in blocks for one in block["elements"]]


def rows(office: Office, table: sa.Table) -> list[Any]:
    with office.ctx.database.read() as tx:
        return list(tx.execute(sa.select(table)))


def test_who_chose_slack_is_asked_there_and_not_by_mail(office, asked):
    (question,) = asked.posts(ANA)
    assert office.inbox(ANA) == []
    assert "ACME: pilot review" in texts(question)
    assert buttons(question) == [
        "Your answer", "Ask me again in two hours", "No question about this call",
        "First call", "Needs analysis", "Decision",
    ]  # fmt: skip
    run_once(office.ctx)
    assert len(asked.posts(ANA)) == 1


def test_who_did_not_choose_it_is_asked_by_mail(office, slack):
    with office.ctx.database.begin() as tx:
        chat.leave(tx, 1)
    office.meet(PLACE)
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == 1
    assert slack.posts(ANA) == []


def test_beside_mail_both_ask(office, slack):
    office.file.write_text(
        office.file.read_text().replace("[slack]", "[slack]\nbeside_mail = true")
    )
    office.configure("")
    office.meet(PLACE)
    run_once(office.ctx)
    assert len(slack.posts(ANA)) == len(office.inbox(ANA)) == 1


def test_an_answer_in_the_thread_is_written_and_confirmed_there(office, heard):
    office.meet(PLACE)
    run_once(office.ctx)
    (question,) = heard.posts(ANA)
    heard.says(ANA, f"{GOOD}\nDecision", question)
    settled(office)
    assert GOOD in office.description(PLACE)
    question, confirmation = heard.posts(ANA)
    assert confirmation["thread_ts"] == question["ts"]
    assert GOOD in texts(confirmation)
    assert "Settled: answered here." in texts(question)
    assert buttons(question) == []
    assert office.inbox(ANA) == []


def test_outside_of_a_thread_it_is_about_the_one_question_that_is_open(office, heard):
    office.meet(PLACE)
    run_once(office.ctx)
    heard.says(ANA, GOOD)
    settled(office)
    assert GOOD in office.description(PLACE)
    heard.says(ANA, "another thing")
    settled(office)
    assert "Which call is this about?" in texts(heard.posts(ANA)[-1])


def test_a_button_answers_with_its_milestone_and_the_coach_asks_in_the_thread(office, heard):
    office.meet(PLACE)
    run_once(office.ctx)
    heard.clicks(ANA, heard.posts(ANA)[0], "Decision")
    settled(office)
    (answer,) = rows(office, tables.answer)
    assert answer.inbound_id is None
    question, confirmation = heard.posts(ANA)
    assert confirmation["thread_ts"] == question["ts"]
    assert "what will the customer have agreed to do" in texts(confirmation)


def test_a_form_answers_and_keeps_it_private(office, heard):
    office.meet(PLACE)
    run_once(office.ctx)
    heard.clicks(ANA, heard.posts(ANA)[0], "Your answer")
    wait_for(lambda: heard.views)
    heard.fills_in(
        ANA, "V00001", commitment=GOOD, milestone="Decision", place="Only me: in a private event"
    )
    settled(office)
    assert GOOD not in office.description(PLACE)
    assert len(rows(office, tables.answer)) == 1
    (note,) = rows(office, tables.note)
    assert note.place == "private"
    assert "Settled: answered here." in texts(heard.posts(ANA)[0])


def test_skipping_and_later(office, heard):
    office.meet(PLACE)
    run_once(office.ctx)
    heard.clicks(ANA, heard.posts(ANA)[0], "Ask me again in two hours")
    settled(office)
    assert "We ask again on" in texts(heard.posts(ANA)[1])
    office.later(hours=2)
    run_once(office.ctx)
    again = heard.posts(ANA)[2]
    assert "thread_ts" not in again
    heard.clicks(ANA, again, "No question about this call")
    settled(office)
    assert all(buttons(one) == [] for one in heard.posts(ANA))
    assert "Settled: no question about this call." in texts(heard.posts(ANA)[0])


def test_after_the_call_one_click_says_whether_they_agreed(office, heard):
    entry = office.meet(PLACE)
    run_once(office.ctx)
    heard.says(ANA, GOOD, heard.posts(ANA)[0])
    settled(office)
    office.at(entry.end)
    office.later(hours=2)
    run_once(office.ctx)
    follow_up = heard.posts(ANA)[-1]
    assert buttons(follow_up) == ["yes", "partly", "no"]
    heard.clicks(ANA, follow_up, "partly")
    settled(office)
    assert [one.outcome for one in rows(office, tables.outcome)] == ["partly"]
    assert buttons(heard.posts(ANA)[-1]) == []


def test_a_question_whose_meeting_is_called_off_says_so(office, asked):
    with office.world.lock:
        entry = office.world.calendars.find(ANA, PLACE)
        office.world.calendars.cancel(entry, ANA)
    office.later(minutes=5)
    run_once(office.ctx)
    (question,) = asked.posts(ANA)
    assert "Withdrawn: the meeting is no longer in your calendar." in texts(question)
    assert buttons(question) == []


def test_a_question_that_somebody_else_is_asked_now_says_so(office, heard):
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(BEN, Provider.GOOGLE, "Ben Okafor"), office.ctx.clock())
    office.meet(PLACE)
    run_once(office.ctx)
    heard.says(ANA, f"not me, ask {BEN}", under=heard.posts(ANA)[0])
    settled(office)
    question = heard.posts(ANA)[0]
    assert "Withdrawn: somebody else is asked about this call." in texts(question)
    assert buttons(question) == []


def test_a_form_about_a_call_that_was_called_off_since_answers_nothing(office, slack):
    """Though another call of the same question is still on."""
    first = office.meet(PLACE)
    office.meet("call2", title="ACME: legal", start=first.start + timedelta(hours=2))
    run_once(office.ctx)
    with office.world.lock:
        office.world.calendars.cancel(office.world.calendars.find(ANA, "call2"), ANA)
    office.later(minutes=5)
    run_once(office.ctx)
    (post,), (person,) = rows(office, tables.chat_post), rows(office, tables.chat_person)
    for number in (2, 1):
        values = {"commitment": {"commitment": {"value": f"Dana signs offer {number} on Friday"}}}
        event = ChatEvent(f"form:{number}", person.team_id, person.user_id, "", None,
                          {"values": values})  # fmt: skip
        keep_form(office.ctx, event, f"{post.mail_id}:{number}")
        run_once(office.ctx)
    with office.ctx.database.read() as tx:
        kept = [(one.meeting_id, office.ctx.answers.latest(tx, one.meeting_id)[1]) for one in
                rows(office, tables.answer)]  # fmt: skip
    assert [(of, answer.commitment_objective) for of, answer in kept] == [
        (1, "Dana signs offer 1 on Friday")
    ]


def test_both_at_once_are_one_answer_and_one_note(office, heard):
    office.file.write_text(
        office.file.read_text().replace("[slack]", "[slack]\nbeside_mail = true")
    )
    office.configure("")
    office.meet(PLACE)
    run_once(office.ctx)
    office.reply(GOOD)
    heard.says(ANA, GOOD, heard.posts(ANA)[0])
    wait_for(lambda: not office.server.slack.socket_mode.waiting)
    office.later(minutes=2)
    run_once(office.ctx)
    run_once(office.ctx)
    assert len(rows(office, tables.answer)) == 1
    assert len(rows(office, tables.note)) == 1
    assert office.description(PLACE).count(GOOD) == 1
    assert "Settled: answered" in texts(heard.posts(ANA)[0])


def test_a_stranger_in_the_workspace_moves_nothing(office, heard):
    office.meet(PLACE)
    run_once(office.ctx)
    question = heard.posts(ANA)[0]
    heard.clicks(BEN, question, "Decision")
    heard.says(BEN, GOOD)
    settled(office)
    assert rows(office, tables.chat_word) == []
    assert rows(office, tables.answer) == []


def test_an_edited_answer_is_the_answer(office, heard):
    office.meet(PLACE)
    run_once(office.ctx)
    ts = heard.says(ANA, GOOD, heard.posts(ANA)[0])
    settled(office)
    heard.edits(ANA, ts, "Dana, the CFO, agrees to sign the contract by Friday")
    settled(office)
    assert "sign the contract" in office.description(PLACE)


def test_what_was_said_while_the_line_was_down_comes_when_it_is_back(office, heard):
    office.meet(PLACE)
    run_once(office.ctx)
    socket = office.server.slack.socket_mode
    socket.disconnect()
    heard.says(ANA, GOOD, heard.posts(ANA)[0])
    settled(office)
    assert GOOD in office.description(PLACE)


def test_what_is_told_twice_counts_once(office, heard):
    socket = office.server.slack.socket_mode
    office.meet(PLACE)
    run_once(office.ctx)
    sent: list[Any] = []
    deliver = heard.deliver

    def twice(kind: str, payload: dict[str, Any]) -> None:
        sent.append(payload)
        deliver(kind, payload)
        deliver(kind, payload)

    heard.deliver = twice
    heard.says(ANA, GOOD, heard.posts(ANA)[0])
    wait_for(lambda: len(socket.acknowledged) >= 2)
    assert len(rows(office, tables.chat_word)) == 1


def test_after_a_kill_between_post_and_record_there_is_one_message(office, slack, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*_args: object) -> None:
        raise Killed

    office.meet(PLACE)
    with monkeypatch.context() as patched:
        patched.setattr(chat, "set_posted", die)
        with pytest.raises(Killed):
            run_once(office.ctx)
    assert len(slack.posts(ANA)) == 1
    office.later(minutes=2)
    run_once(office.another_worker())
    assert len(slack.posts(ANA)) == 1
    assert "sent" in {one.state for one in rows(office, tables.mail)}
    assert office.inbox(ANA) == []


@pytest.mark.parametrize("effect", [False, True])
def test_no_answer_to_a_post_is_in_doubt_and_asked_about(office, slack, effect):
    office.world.faults.add(
        Fault("slack.chat.postMessage", status=0, reason="no_byte", effect=effect)
    )
    office.meet(PLACE)
    run_once(office.ctx)
    office.later(minutes=2)
    run_once(office.ctx)
    assert len(slack.posts(ANA)) == 1
    assert office.inbox(ANA) == []


@pytest.mark.parametrize(
    "code", ["token_revoked", "is_archived", "user_is_deactivated", "invalid_blocks"]
)
def test_what_slack_does_not_take_goes_by_mail_and_says_so(office, slack, code):
    office.world.faults.add(Fault("slack.chat.postMessage", status=200, reason=code))
    office.meet(PLACE)
    run_once(office.ctx)
    assert slack.posts(ANA) == []
    assert len(office.inbox(ANA)) == 1
    assert [one.refused_why for one in rows(office, tables.chat_person)] == [f"slack: {code}"]
    steps = [(one.step, one.reason) for one in rows(office, tables.audit)]
    assert ("chat", "chat_refused") in steps


def test_what_slack_takes_again_ends_what_the_rep_is_told_of_the_refusal(office, slack):
    office.world.faults.add(Fault("slack.chat.postMessage", status=200, reason="token_revoked"))
    office.meet(PLACE)
    run_once(office.ctx)
    (person,) = rows(office, tables.chat_person)
    assert person.refused_at == office.world.now()
    office.meet("call2", title="ACME: legal")
    office.later(hours=2)
    run_once(office.ctx)
    assert len(slack.posts(ANA)) == 1
    (person,) = rows(office, tables.chat_person)
    assert (person.refused_at, person.refused_why) == (None, None)


def test_a_mail_that_was_begun_is_not_posted_as_well(office, slack):
    """Its draft may have been sent, whatever the rep has chosen since."""
    with office.ctx.database.begin() as tx:
        chat.leave(tx, 1)
    office.world.faults.add(Fault("gmail.users.drafts.send", status=500, effect=True))
    office.meet(PLACE)
    run_once(office.ctx)
    choose(office)
    for _ in range(3):
        office.later(minutes=11)
        run_once(office.ctx)
    assert len(office.inbox(ANA)) == 1
    assert slack.posts(ANA) == []


def test_somebody_who_is_not_in_the_workspace_gets_mail(office, slack):
    slack.user_of = lambda _email: None  # type: ignore[method-assign]
    office.meet(PLACE)
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == 1


def test_a_pause_that_slack_asks_for_is_kept(office, slack):
    office.world.faults.add(Fault("slack.chat.postMessage", status=429, retry_after=60))
    office.meet(PLACE)
    run_once(office.ctx)
    office.later(seconds=50)
    run_once(office.ctx)
    assert slack.posts(ANA) == []
    office.later(seconds=20)
    run_once(office.ctx)
    assert len(slack.posts(ANA)) == 1


def test_a_slack_that_is_down_for_long_delays_no_question_for_long(office, slack):
    office.world.faults.add(Fault("slack.chat.postMessage", status=503, times=None))
    office.meet(PLACE)
    for _ in range(6):
        run_once(office.ctx)
        office.later(minutes=4)
    assert len(office.inbox(ANA)) == 1
    assert slack.posts(ANA) == []


def test_what_strangers_wrote_is_no_markup(office, slack):
    office.meet(PLACE, title="<!channel> *now* <https://evil.example|Acme> & co\u202e" + "x" * 500)
    run_once(office.ctx)
    (question,) = slack.posts(ANA)
    assert "<" not in question["text"]
    assert "&lt;!channel&gt;" in question["text"]
    assert "<!channel> *now*" in texts(question)
    assert "\u202e" not in texts(question)


def test_what_could_not_be_stored_is_not_acknowledged_and_comes_again(office, heard, monkeypatch):
    office.meet(PLACE)
    run_once(office.ctx)
    socket = office.server.slack.socket_mode
    socket.ack_seconds = 0.1
    store, tries = chat.store_word, []

    def fail_at_first(*given: Any) -> bool:
        tries.append(given)
        if len(tries) == 1:
            raise OSError("the disk is full")
        socket.ack_seconds = PATIENCE
        return store(*given)

    monkeypatch.setattr(chat, "store_word", fail_at_first)
    heard.says(ANA, GOOD, heard.posts(ANA)[0])
    wait_for(lambda: socket.acknowledged)
    assert len(tries) >= 2
    assert len(rows(office, tables.chat_word)) == 1


def test_a_late_answer_counts_and_is_not_called_a_plan(office, heard):
    entry = office.meet(PLACE)
    run_once(office.ctx)
    office.at(entry.start)
    office.later(minutes=10)
    heard.says(ANA, GOOD, heard.posts(ANA)[0])
    settled(office)
    assert GOOD in office.description(PLACE)
    assert "Noted after the call had begun" in office.description(PLACE)


@pytest.mark.parametrize(
    "changed", [{"team_id": "T0OTHER"}, {"user_id": "U0OTHER"}, {"channel_id": "C0PUBLIC"}]
)
def test_only_their_own_user_of_their_own_workspace_in_their_own_channel(office, asked, changed):
    (post,) = rows(office, tables.chat_post)
    (person,) = rows(office, tables.chat_person)
    event = ChatEvent(
        "event:1", person.team_id, person.user_id, person.channel_id, post.ts, {"text": GOOD}
    )
    keep_said(office.ctx, replace(event, **changed))
    assert rows(office, tables.chat_word) == []
    keep_said(office.ctx, event)
    assert len(rows(office, tables.chat_word)) == 1


def test_a_form_about_another_reps_question_is_dropped(office, asked):
    with office.ctx.database.begin() as tx:
        ben = people.add_rep(tx, NewRep(BEN, Provider.GOOGLE, "Ben"), office.ctx.clock())
        chat.choose(tx, ben.id, office.ctx.clock())
        chat.bind(tx, ben.id, "T0SANDBOX", "U0BEN", "D0BEN")
    (post,) = rows(office, tables.chat_post)
    event = ChatEvent("form:1", "T0SANDBOX", "U0BEN", "", None, {"values": {}})
    keep_form(office.ctx, event, f"{post.mail_id}:1")
    keep_form(office.ctx, event, "no number")
    assert rows(office, tables.chat_word) == []


@pytest.mark.parametrize("act", ["milestone-99:1", "milestone-0:7", "outcome-maybe:1", "x", ""])
def test_a_button_that_we_do_not_know_does_nothing(office, asked, act):
    (post,) = rows(office, tables.chat_post)
    (person,) = rows(office, tables.chat_person)
    keep_click(
        office.ctx,
        ChatEvent("c", person.team_id, person.user_id, person.channel_id, post.ts, {"act": act}),
    )
    run_once(office.ctx)
    assert rows(office, tables.answer) == []
    assert [one.state for one in rows(office, tables.chat_word)] == ["dropped"]


def test_a_trigger_that_ran_out_shows_no_form_and_loses_nothing(office, asked):
    seconds = [0.0]
    asked.seconds = lambda: seconds[0]
    (post,) = rows(office, tables.chat_post)
    (person,) = rows(office, tables.chat_person)
    late = asked._new_trigger(person.user_id)
    event = ChatEvent(
        "c", person.team_id, person.user_id, person.channel_id, post.ts, {"act": "answer:1"}, late
    )
    seconds[0] = 3.5
    keep_click(office.ctx, event)
    assert asked.views == {}
    keep_click(office.ctx, replace(event, trigger=asked._new_trigger(person.user_id)))
    assert len(asked.views) == 1

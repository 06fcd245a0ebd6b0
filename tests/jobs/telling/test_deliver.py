"""What receivers are told, from the rep's answer to their socket: nothing lost, nothing doubled by
its id."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import jsonschema
import pytest
import sqlalchemy as sa
from standardwebhooks.webhooks import Webhook

from nudger.admin import controls, webhooks
from nudger.admin.explain import explain_event
from nudger.admin.forget import forget
from nudger.admin.overview import overview
from nudger.domain.health import Concern
from nudger.domain.notices import DeliveryState, NoticeKind
from nudger.jobs.telling.deliver import deliver, deliver_all
from nudger.jobs.telling.notices import note_unanswered
from nudger.jobs.telling.payload import payload_schema
from nudger.receivers.webhook import WebhookReceiver
from nudger.store import audit, tables
from nudger.store.leases import LASTING
from nudger.worker import Schedule, Worker
from tests.office import DANA, run_once
from tests.receivers.listeners import hangs_up, listening, says
from tests.waiting import PATIENCE, wait_for

GOOD = "Dana, the CFO, agrees to a pilot by Friday\n1"
AFTERWARDS = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def webhook(listener, name="crm", *more):
    url = f"http://127.0.0.1:{listener.port}/"
    lines = ["[[webhooks]]", f'name = "{name}"', f'url = "{url}"', "allow_private = true", *more]
    return "\n" + "\n".join(lines) + "\n"


@pytest.fixture
def listener():
    with listening() as found:
        yield found


@pytest.fixture
def told(office, listener):
    """The office, where a webhook is told of everything."""
    office.configure(webhook(listener))
    return office


@pytest.fixture
def asked(told):
    told.meet()
    run_once(told.ctx)
    return told


def say(office, text):
    office.reply(text)
    office.later(minutes=2)
    run_once(office.ctx)


@pytest.fixture
def answered(asked):
    say(asked, GOOD)
    return asked


def bodies(listener):
    return [json.loads(one.body) for one in listener.heard]


def states(office):
    with office.ctx.database.read() as tx:
        return [
            row.state
            for row in tx.execute(sa.select(tables.delivery).order_by(tables.delivery.c.id))
        ]


def as_of(office, heard):
    """Verify as a receiver would whose clock is the office's."""
    sent = datetime.fromtimestamp(int(heard.headers["webhook-timestamp"]), UTC)
    assert abs(office.ctx.clock() - sent) < timedelta(minutes=5)
    secret = webhooks.secret_of(office.ctx, "crm")
    signed = Webhook(secret).sign(heard.headers["webhook-id"], sent, heard.body.decode())
    assert heard.headers["webhook-signature"] == signed


def test_an_answer_is_told_as_the_export_tells_it(answered, listener):
    assert deliver_all(answered.ctx) == 1
    (told,) = bodies(listener)
    as_of(answered, listener.heard[0])
    assert (told["type"], told["version"]) == ("commitment.recorded", 1)
    assert (
        told["data"]["call"]["commitment_objective"] == "Dana, the CFO, agrees to a pilot by Friday"
    )
    assert told["data"]["call"]["customers"] == ["acme.example"]
    jsonschema.validate(told, payload_schema(), format_checker=jsonschema.FormatChecker())
    assert DANA not in listener.heard[0].body.decode()
    assert deliver_all(answered.ctx) == 0


def test_the_outcome_is_told(answered, listener):
    answered.at(AFTERWARDS)
    run_once(answered.ctx)
    say(answered, "yes, they start on Monday")
    deliver_all(answered.ctx)
    first, second = bodies(listener)
    assert [first["type"], second["type"]] == ["commitment.recorded", "outcome.recorded"]
    call = second["data"]["call"]
    assert (call["outcome"], call["outcome_words"]) == ("yes", "they start on Monday")


def test_what_the_rep_keeps_to_themself_is_told_nobody(asked, listener):
    say(asked, f"{GOOD}\nprivate")
    deliver_all(asked.ctx)
    (told,) = bodies(listener)
    assert told["data"]["call"]["kept_private"] is True
    assert "pilot by Friday" not in listener.heard[0].body.decode()


def test_nor_what_is_made_private_before_it_was_told(answered, listener):
    """The receiver was down meanwhile."""
    listener.speak = says(503)
    deliver_all(answered.ctx)
    listener.heard.clear()
    say(answered, "private")
    listener.speak = says(200)
    answered.later(hours=1)
    deliver_all(answered.ctx)
    assert [one["data"]["call"]["kept_private"] for one in bodies(listener)] == [True, True]
    assert all("pilot by Friday" not in one.body.decode() for one in listener.heard)


def test_what_is_taken_back_is_told(answered, listener):
    say(answered, "undo")
    deliver_all(answered.ctx)
    assert [one["data"]["call"]["commitment_objective"] for one in bodies(listener)] == [None, None]
    assert len(set(listener.ids)) == 2
    assert all(re.fullmatch("msg_[0-9a-f]{32}", one) for one in listener.ids)


class TestUnanswered:
    def test_a_call_that_began_without_an_answer_is_told_once(self, asked, listener):
        asked.at(datetime(2026, 11, 24, 12, 59, tzinfo=UTC))
        run_once(asked.ctx)
        assert deliver_all(asked.ctx) == 0
        asked.at(datetime(2026, 11, 24, 13, 1, tzinfo=UTC))
        run_once(asked.ctx)
        run_once(asked.ctx)
        assert deliver_all(asked.ctx) == 1
        (told,) = bodies(listener)
        assert (told["type"], told["data"]["call"]["state"]) == ("meeting.unanswered", "asked")
        assert told["data"]["call"]["asked_at"] is not None

    def test_one_that_was_answered_is_not(self, answered, listener):
        answered.at(datetime(2026, 11, 24, 13, 1, tzinfo=UTC))
        run_once(answered.ctx)
        deliver_all(answered.ctx)
        assert [one["type"] for one in bodies(listener)] == ["commitment.recorded"]

    def test_what_began_long_ago_is_no_news(self, asked):
        asked.at(datetime(2026, 11, 28, 13, 1, tzinfo=UTC))
        assert note_unanswered(asked.ctx) == 0


def test_nothing_is_told_that_the_receiver_does_not_want(office, listener):
    office.configure(webhook(listener, "crm", 'events = ["outcome.recorded"]'))
    office.meet()
    run_once(office.ctx)
    say(office, GOOD)
    assert deliver_all(office.ctx) == 0
    assert listener.heard == []


def test_a_notice_is_kept_with_the_answer_or_not_at_all(asked, monkeypatch):
    def fails(*_given, **_more):
        raise RuntimeError("the machine dies here")

    monkeypatch.setattr("nudger.jobs.incoming.kept_answers.advance", fails)
    say(asked, GOOD)
    with asked.ctx.database.read() as tx:
        for table in (tables.answer, tables.notice, tables.delivery):
            assert tx.execute(sa.select(table)).all() == []


class TestDown:
    def test_for_a_day_nothing_is_lost_nor_doubled(self, asked, listener):
        listener.speak = says(503)
        say(asked, GOOD)
        say(asked, "sorry, the milestone should be decision")
        tries = 0
        for _ in range(24 * 6):
            deliver_all(asked.ctx)
            asked.later(minutes=10)
        tries = len(listener.heard)
        assert 20 < tries < 60
        assert set(listener.ids) == {listener.ids[0]}
        listener.speak = says(200)
        listener.heard.clear()
        asked.later(hours=2)
        deliver_all(asked.ctx)
        assert len(listener.ids) == len(set(listener.ids)) == 2
        for heard in listener.heard:
            as_of(asked, heard)
        (standing,) = webhooks.list_receivers(asked.ctx)
        assert (standing.fare.failures, standing.counts) == (0, {"delivered": 2})

    def test_it_is_said_in_status(self, answered, listener):
        listener.speak = hangs_up
        deliver_all(answered.ctx)
        found = overview(answered.ctx)
        assert {
            "what": "telling crm",
            "error": "The receiver did not answer in time, or not at all.",
        } in found["failures"]
        assert found["exit_code"] == 0

    def test_after_seven_days_it_is_given_up_and_can_be_told_again(self, answered, listener):
        listener.speak = says(500)
        for _ in range(8):
            deliver_all(answered.ctx)
            answered.later(days=1)
        assert states(answered) == ["given_up"]
        assert Concern.UNTOLD.code in [one["code"] for one in overview(answered.ctx)["concerns"]]
        (explained,) = explain_event(answered.ctx, "ACME")
        assert "undelivered" in [one["reason"] for one in explained["meeting"]["steps"]]
        listener.speak = says(200)
        first = listener.ids[0]
        assert webhooks.replay(answered.ctx, "crm", answered.ctx.clock() - timedelta(days=30)) == 1
        webhooks.switch_on(answered.ctx, "crm")
        assert deliver_all(answered.ctx) == 1
        assert listener.ids[-1] == first

    def test_a_wait_that_it_asks_for_is_kept(self, answered, listener):
        listener.speak = says(429, "Retry-After: 7200")
        deliver_all(answered.ctx)
        answered.later(hours=1, minutes=59)
        deliver_all(answered.ctx)
        assert len(listener.heard) == 1
        answered.later(minutes=2)
        deliver_all(answered.ctx)
        assert len(listener.heard) == 2


def test_one_that_refuses_a_message_gets_the_others(answered, listener):
    answered.meet("call2", title="Another", start=datetime(2026, 11, 25, 13, 0, tzinfo=UTC))
    listener.speak = says(422)
    deliver_all(answered.ctx)
    answered.at(datetime(2026, 11, 24, 13, 30, tzinfo=UTC))
    run_once(answered.ctx)
    say(answered, GOOD)

    def refuses_the_first(wire, heard):
        is_first = json.loads(heard.body)["data"]["call"]["title"] != "Another"
        says(422 if is_first else 200)(wire, heard)

    listener.speak = refuses_the_first
    deliver_all(answered.ctx)
    assert states(answered) == ["due", "delivered"]


def test_of_a_call_nothing_overtakes(answered, listener):
    listener.speak = says(422)
    deliver_all(answered.ctx)
    say(answered, "sorry, the milestone should be decision")
    deliver_all(answered.ctx)
    assert len(set(listener.ids)) == 1
    listener.speak = says(200)
    answered.later(hours=1)
    deliver_all(answered.ctx)
    assert states(answered) == ["delivered", "delivered"]


def test_one_that_is_gone_is_switched_off_until_somebody_says_otherwise(answered, listener):
    listener.speak = says(410)
    deliver_all(answered.ctx)
    answered.later(days=3)
    deliver_all(answered.ctx)
    assert len(listener.heard) == 1
    found = overview(answered.ctx)
    assert Concern.UNTOLD.code in [one["code"] for one in found["concerns"]]
    assert states(answered) == ["due"]
    listener.speak = says(200)
    webhooks.switch_on(answered.ctx, "crm")
    assert deliver_all(answered.ctx) == 1
    assert Concern.UNTOLD.code not in [one["code"] for one in overview(answered.ctx)["concerns"]]


def told_steps(office):
    with office.ctx.database.read() as tx:
        return [
            (one.step.reason, one.step.meeting_id, one.step.detail)
            for one in audit.after(tx, 0)
            if one.step.step == "tell"
        ]


@pytest.mark.parametrize(
    ("answers", "days", "reason"),
    [(200, 0, "delivered"), (410, 0, "receiver_gone"), (422, 6, None), (422, 8, "undelivered")],
)
def test_how_telling_ended_stands_in_the_trail_once(answered, listener, answers, days, reason):
    listener.speak = says(answers)
    deliver_all(answered.ctx)
    if days:
        answered.later(days=days)
        deliver_all(answered.ctx)
    ended = [(reason, 1, {"receiver": "crm"})] if reason else []
    assert told_steps(answered) == ended
    answered.later(days=1)
    deliver_all(answered.ctx)
    assert told_steps(answered)[: len(ended)] == ended


def test_while_everything_is_locked_down_nobody_is_told(answered, listener):
    controls.lock_down(answered.ctx.database, answered.ctx.clock())
    deliver_all(answered.ctx)
    assert listener.heard == []


def test_who_is_forgotten_goes_nowhere(answered, listener):
    listener.speak = says(503)
    answered.at(AFTERWARDS)
    deliver_all(answered.ctx)
    forget(answered.ctx, DANA)
    listener.heard.clear()
    listener.speak = says(200)
    answered.later(hours=2)
    deliver_all(answered.ctx)
    assert listener.heard == []


def test_a_second_worker_does_not_tell_it_too(answered, listener):
    other = answered.another_worker()

    def meanwhile(wire, heard):
        deliver(other, "crm")
        says(200)(wire, heard)

    listener.speak = meanwhile
    deliver_all(answered.ctx)
    assert len(listener.heard) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from nudger.config import load_settings
from nudger.jobs.telling import deliver
from nudger.runtime.startup import open_context
from datetime import datetime
now = datetime.fromisoformat(sys.argv[2])
def dies(*_given):
    os.kill(os.getpid(), signal.SIGKILL)
deliver._keep = dies
with open_context(load_settings(Path(sys.argv[1])), lambda: now) as ctx:
    deliver.deliver(ctx, "crm")
"""


def test_who_dies_between_telling_and_noting_it_tells_it_again_with_the_same_id(answered, listener):
    now = answered.ctx.clock().isoformat()
    given = [sys.executable, "-c", KILLED, str(answered.file), now]
    assert subprocess.run(given, check=False, env=os.environ).returncode == -signal.SIGKILL
    assert len(listener.heard) == 1
    deliver_all(answered.ctx)
    assert len(listener.heard) == 1
    answered.later(seconds=2 * LASTING.total_seconds())
    assert deliver_all(answered.ctx) == 1
    assert len(listener.ids) == 2
    assert len(set(listener.ids)) == 1


def test_one_that_is_slow_delays_no_other(office, listener, monkeypatch):
    monkeypatch.setattr("nudger.worker.GRACE_SECONDS", PATIENCE)
    patient = partial(WebhookReceiver, seconds=PATIENCE)
    monkeypatch.setattr("nudger.receivers.webhook.WebhookReceiver", patient)
    may_end = threading.Event()
    with listening() as slow:
        slow.speak = lambda wire, heard: may_end.wait(PATIENCE) and says(200)(wire, heard)
        office.configure(webhook(slow, "slow") + webhook(listener, "quick"))
        office.meet()
        run_once(office.ctx)
        say(office, GOOD)
        worker = Worker(office.ctx, Schedule(lanes=0.05))
        worker.start()
        try:
            wait_for(lambda: slow.heard)
            wait_for(lambda: listener.heard)
            say(office, "sorry, the milestone should be decision")
            wait_for(lambda: len(listener.heard) == 2)
            assert len(slow.heard) == 1
        finally:
            may_end.set()
            assert worker.stop()


class TestReplay:
    def test_all_since_then_in_order_and_with_its_ids(self, answered, listener):
        answered.at(AFTERWARDS)
        run_once(answered.ctx)
        say(answered, "yes")
        deliver_all(answered.ctx)
        first = list(listener.ids)
        assert webhooks.replay(answered.ctx, "crm", answered.ctx.clock() - timedelta(days=7)) == 2
        deliver_all(answered.ctx)
        assert listener.ids == first * 2

    def test_a_receiver_that_came_later_is_told_what_was(self, asked, listener):
        say(asked, GOOD)
        with listening() as later:
            asked.configure(webhook(later, "later"))
            assert webhooks.replay(asked.ctx, "later", asked.ctx.clock() - timedelta(days=1)) == 1
            deliver(asked.ctx, "later")
            assert [one["type"] for one in bodies(later)] == ["commitment.recorded"]

    def test_a_name_that_is_none(self, told):
        with pytest.raises(webhooks.UnknownReceiver, match="There are crm"):
            webhooks.replay(told.ctx, "cmr", told.ctx.clock())


def test_what_is_shown_of_a_message(answered, listener):
    deliver_all(answered.ctx)
    (delivered,) = webhooks.recent_deliveries(answered.ctx, "crm", DeliveryState.DELIVERED)
    found = webhooks.show_notice(answered.ctx, delivered["id"])
    assert (found["event"], found["deliveries"]) == (NoticeKind.COMMITMENT_RECORDED, [delivered])
    assert found["body"] == listener.heard[0].body.decode()
    assert webhooks.show_notice(answered.ctx, "msg_x") is None


def test_a_secret_that_was_replaced_signs_for_another_day(answered, listener):
    old = webhooks.secret_of(answered.ctx, "crm")
    new = webhooks.new_secret_of(answered.ctx, "crm")
    webhooks.try_webhook(answered.ctx, "crm")
    answered.later(days=2)
    webhooks.try_webhook(answered.ctx, "crm")
    signed = [one.headers["webhook-signature"].split(" ") for one in listener.heard]
    assert [len(one) for one in signed] == [2, 1]
    assert old != new == webhooks.secret_of(answered.ctx, "crm")

"""What a question that was posted in Slack says once it is settled, in whatever way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nudger.admin.controls import pause_sending, resume_sending
from nudger.domain.event import Provider
from nudger.jobs.settle import settle
from nudger.sandbox.faults import Fault
from nudger.store import chat, people, tables
from nudger.store.people import NewRep
from tests.jobs.test_heed import clicks, rows, says
from tests.office import ANA, BEN, run_once

GOOD = "Dana, the CFO, agrees to a pilot by Friday\n1"


@pytest.fixture
def slack(office):
    office.configure(
        f'[slack]\nbot_token = "xoxb-sandbox"\napp_token = "xapp-sandbox"\nbeside_mail = true\n'
        f'api_root = "{office.server.url}/slack/api"\n'
    )
    with office.ctx.database.begin() as tx:
        chat.choose(tx, 1, office.ctx.clock())
        people.add_rep(tx, NewRep(BEN, Provider.GOOGLE, "Ben Okafor"), office.ctx.clock())
    return office.server.slack.workspace


@pytest.fixture
def asked(office, slack):
    office.meet()
    run_once(office.ctx)
    return slack


def says_of_itself(slack, post=0):
    """What a post says of its calls, and whether there is something to click."""
    blocks = slack.posts(ANA)[post]["blocks"]
    texts = [t["text"] for one in blocks if one["type"] == "context" for t in one["elements"]]
    settled = [one.removeprefix("✓ ") for one in texts if one.startswith("✓ ")]
    return settled, any(one["type"] == "actions" for one in blocks)


def by_mail(office, text):
    office.reply(text)
    go_on(office)


def says_in_the_thread(office):
    says(office, GOOD)


def go_on(office, minutes=2):
    office.later(minutes=minutes)
    run_once(office.ctx)


def cancel(office, entry_id="call1"):
    with office.world.lock:
        office.world.calendars.cancel(office.world.calendars.find(ANA, entry_id), ANA)
    go_on(office, 5)


def test_while_it_is_open_it_can_be_answered(office, asked):
    go_on(office)
    assert says_of_itself(asked) == ([], True)


@pytest.mark.parametrize(
    ("settles", "says"),
    [
        (lambda office: by_mail(office, GOOD), "Settled: answered by mail."),
        (says_in_the_thread, "Settled: answered here."),
        (lambda office: by_mail(office, "skip"), "Settled: no question about this call."),
        (lambda office: clicks(office, "skip:1"), "Settled: no question about this call."),
        (cancel, "Withdrawn: the meeting is no longer in your calendar."),
        (lambda office: by_mail(office, f"not me, ask {BEN}"),
         "Withdrawn: somebody else is asked about this call."),
    ],
    ids=["answered", "answered here", "skipped", "clicked", "called off", "handed over"],
)  # fmt: skip
def test_it_says_what_became_of_it(office, asked, settles, says):
    settles(office)
    assert says_of_itself(asked) == ([says], False)


def test_the_latest_word_counts(office, asked):
    says(office, GOOD)
    by_mail(office, "Dana, the CFO, signs the order by Friday\n2")
    assert says_of_itself(asked)[0] == ["Settled: answered by mail."]


def test_what_is_taken_back_can_be_answered_again(office, asked):
    by_mail(office, GOOD)
    by_mail(office, "undo")
    assert says_of_itself(asked) == ([], True)


def test_of_two_calls_each_is_settled_by_itself(office, slack):
    office.meet()
    office.meet("call2", title="ACME: legal", start=datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    run_once(office.ctx)
    by_mail(office, "A: skip")
    assert says_of_itself(slack) == (["Settled: no question about this call."], True)
    cancel(office, "call2")
    settled, can_be_clicked = says_of_itself(slack)
    assert (len(settled), can_be_clicked) == (2, False)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([by_mail], "Settled: answered by mail."),
        ([says], "Settled: answered here."),
        ([says, by_mail], "Settled: answered by mail."),
        ([by_mail, says], "Settled: answered here."),
    ],
)
def test_after_the_call_what_came_of_it_settles_it(office, asked, words, text):
    says_in_the_thread(office)
    office.at(datetime(2026, 11, 24, 14, 0, tzinfo=UTC))
    run_once(office.ctx)
    post = len(asked.posts(ANA)) - 1
    thread = [one.ts for one in rows(office, tables.chat_post)].index(asked.posts(ANA)[post]["ts"])
    assert says_of_itself(asked, post) == ([], True)
    for number, says_so in enumerate(words):
        here = {"thread": thread, "key": "2"} if says_so is says else {}
        says_so(office, ("yes", "no")[number], **here)
    assert says_of_itself(asked, post) == ([text], False)


def test_it_is_edited_once_for_each_thing_that_is_new(office, asked):
    with office.ctx.database.begin() as tx:
        chat.look_again(tx, [1], office.ctx.clock())
    assert settle(office.ctx) == 0, "nothing is new"
    by_mail(office, "skip")
    edits = office.world.ledger.calls["slack.chat.update"]
    assert edits == 1
    go_on(office)
    assert office.world.ledger.calls["slack.chat.update"] == 1


def test_while_sending_is_paused_nothing_is_edited(office, asked):
    pause_sending(office.ctx.database, None, office.ctx.clock())
    by_mail(office, "skip")
    assert says_of_itself(asked) == ([], True)
    resume_sending(office.ctx.database, None, office.ctx.clock())
    go_on(office)
    assert says_of_itself(asked)[0] == ["Settled: no question about this call."]


def test_a_post_that_is_gone_is_left_alone(office, asked):
    office.world.faults.add(Fault("slack.chat.update", status=200, reason="message_not_found"))
    by_mail(office, "skip")
    edits = office.world.ledger.calls["slack.chat.update"]
    office.later(hours=2)
    run_once(office.ctx)
    assert office.world.ledger.calls["slack.chat.update"] == edits
